"""What each step does to an item; the table in `flow.py` says who, when and whether."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files
from anlan.identity.models import Organisation
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.plans import needs
from anlan.plans.filling import fill
from anlan.plans.models import PlanItem, Progress

WHOLE = 1000
"""Permille of an item that is done."""


def share_of(achieved: Decimal | None, target: Decimal | None) -> int:
    """How much of a target is reached, in permille, never more than all of it. A target of nought asks for nothing."""
    if target is None or achieved is None:
        return 0
    return WHOLE if target <= 0 else min(WHOLE, int(achieved * WHOLE / target))


def reassign(taking: Taking) -> None:
    item: PlanItem = taking.record
    data: needs.Reassign = taking.data
    place(item, data.unit)
    item.remark, item.due = "", data.due or item.due


def place(item: PlanItem, unit_id: UUID) -> None:
    """Give the item to a unit; where the unit lies, the item lies."""
    unit = Organisation.objects.filter(pk=unit_id, active=True).exclude(kind="enterprise").first()
    if unit is None:
        raise Invalid(fields={"unit": [_("Choose a unit of your territory.")]})
    item.unit, item.unit_name, item.region = unit, unit.name, unit.region


def match(taking: Taking) -> None:
    place(taking.record, taking.data.unit)


def rewrite(taking: Taking) -> None:
    """The line was written anew; whether it may change what is settled, the writer has asked."""
    item: PlanItem = taking.record
    unit = Organisation.objects.filter(pk=taking.data.unit).first() if taking.data.unit else None
    fill(item, taking.data, unit)
    item.share = share_of(item.achieved, item.target) if item.measure == "number" and item.achieved else item.share


def progress(taking: Taking) -> None:
    item: PlanItem = taking.record
    data: needs.Progress = taking.data
    if item.measure == "number":
        if data.achieved is None:
            raise Invalid(fields={"achieved": [_("Say how many %(unit)s so far.") % {"unit": item.target_unit}]})
        item.achieved, item.share = data.achieved, share_of(data.achieved, item.target)
    elif data.percent is None:
        raise Invalid(fields={"percent": [_("Say how much of it is done.")]})
    else:
        item.share = data.percent * 10


def report(taking: Taking) -> None:
    item: PlanItem = taking.record
    data: needs.ReportDone = taking.data
    if item.measure == "number":
        if data.achieved is None:
            raise Invalid(fields={"achieved": [_("Say how many %(unit)s were reached.") % {"unit": item.target_unit}]})
        item.achieved = data.achieved
        item.share = share_of(data.achieved, item.target)
    else:
        item.share = WHOLE
    linked = link_files(
        actor=taking.actor,
        ids=data.files,
        subject_type="plan_item",
        subject_id=item.pk,
        field="files",
        documents=True,
    )
    taking.files = [one.sha256 for one in linked]
    item.report, item.finished_on = data.words, data.finished_on
    item.reported_by, item.remark = taking.actor.person, ""


def record_progress(taking: Taking) -> None:
    """Every move leaves a row, from which the figures of any moment follow."""
    item: PlanItem = taking.record
    data = taking.data
    words = str(getattr(data, "words", "") or getattr(data, "reason", "") or getattr(data, "remark", "") or "")
    Progress.objects.create(
        id=new_id(),
        item=item,
        state=item.state,
        share=item.share,
        achieved=item.achieved,
        due=item.due,
        words=words,
        person_id=taking.actor.person,
        name=taking.actor.name,
        at=taking.at,
    )
