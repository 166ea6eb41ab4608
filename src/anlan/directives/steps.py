"""What each step does to a task; the table in `flow.py` says who, when and whether."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.directives.models import DirectiveTask
from anlan.directives.rules import units_of
from anlan.files.actions import link_files
from anlan.kernel import clock
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.flow.given import Reassign, Report


def assign(taking: Taking) -> None:
    """The record comes filled by its verb; nothing is left to do."""


def heard(taking: Taking) -> None:
    """The unit said something: it is silent no more."""
    taking.record.heard_at = taking.at


def count(taking: Taking) -> None:
    task: DirectiveTask = taking.record
    _link(taking, taking.data.files)
    task.counted = task.counted + 1
    heard(taking)


def comb(taking: Taking) -> None:
    task: DirectiveTask = taking.record
    task.combed_on, task.comb_note = clock.today(), taking.data.words


def reassign(taking: Taking) -> None:
    task: DirectiveTask = taking.record
    data: Reassign = taking.data
    unit = units_of(task.issued_region).filter(pk=data.unit).first()
    if unit is None:
        raise Invalid(fields={"unit": [_("Choose a unit of your territory.")]})
    theirs = DirectiveTask.objects.filter(proposal=task.proposal_id, recurrence=task.recurrence_id, unit=unit)
    if task.proposal_id and theirs.exclude(pk=task.pk).exists():
        raise Invalid(fields={"unit": [_("This unit has the same task already.")]})
    task.unit, task.region, task.remark = unit, unit.region, ""
    task.due, task.heard_at = data.due or task.due, None


def report(taking: Taking) -> None:
    task: DirectiveTask = taking.record
    data: Report = taking.data
    _link(taking, data.files)
    heard(taking)
    task.report, task.finished_on = data.words, data.finished_on
    task.reported_by, task.remark = taking.actor.person, ""


def _link(taking: Taking, ids: list[UUID]) -> None:
    linked = link_files(
        actor=taking.actor,
        ids=ids,
        subject_type="directive_task",
        subject_id=taking.record.pk,
        field="files",
        documents=True,
    )
    taking.files = [one.sha256 for one in linked]
