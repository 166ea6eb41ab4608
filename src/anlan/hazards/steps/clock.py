"""The clock's own steps: a reminder, the fall of the due date, escalation."""

from anlan.hazards.models import Hazard
from anlan.kernel.flow import Taking


def remind(taking: Taking) -> None:
    taking.record.level = taking.data.level


def fall_due(taking: Taking) -> None:
    hazard: Hazard = taking.record
    hazard.late, hazard.level = True, taking.data.level


def escalate(taking: Taking) -> None:
    hazard: Hazard = taking.record
    hazard.late, hazard.level = True, taking.data.level


def press(taking: Taking) -> None:
    """A decision owed beside the state's own limit: the hazard itself is no later for it."""
