"""The clock's own steps: a reminder, the fall of the due moment, escalation, filing."""

from anlan.inspections.models import Visit
from anlan.kernel.flow import Taking


def remind(taking: Taking) -> None:
    taking.record.level = taking.data.level


def fall_due(taking: Taking) -> None:
    visit: Visit = taking.record
    visit.late, visit.level = True, taking.data.level


def escalate(taking: Taking) -> None:
    visit: Visit = taking.record
    visit.late, visit.level = True, taking.data.level


def file(taking: Taking) -> None:
    taking.record.filed_at = taking.at
