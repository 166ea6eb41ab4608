"""What each step does to an item; the table in `flow.py` says who, when and whether."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files
from anlan.identity.models import Organisation
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.flow.given import Reassign, settle_day
from anlan.kernel.ids import new_id
from anlan.plans import needs
from anlan.plans.filling import fill, giver
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
    data: Reassign = taking.data
    place(taking, data.unit)
    if data.due is not None:
        _settle(item, data.due)
    item.remark = ""


def transfer(taking: Taking) -> None:
    """To another unit, with what has been reached; it signs for it anew."""
    if taking.data.unit == taking.record.unit_id:
        raise Invalid(fields={"unit": [_("It is this unit's already.")]})
    reassign(taking)
    taking.record.remark = taking.data.reason


def change_due(taking: Taking) -> None:
    _settle(taking.record, taking.data.due)


def _settle(item: PlanItem, day: date) -> None:
    """A district moves its own day only as far as the line above allows; else the whole plan could not be published again."""
    settle_day(item, day)
    limit = item.work.due
    if limit is not None and day > limit:
        words = _("Line %(code)s above is due by %(limit)s: no item of it later.")
        raise Invalid(fields={"due": [words % {"code": item.work.code, "limit": limit}]})
    if item.starts_on is not None and day < item.starts_on:
        raise Invalid(fields={"due": [_("It begins only on %(day)s.") % {"day": item.starts_on}]})


def place(taking: Taking, unit_id: UUID) -> None:
    """Give the item to a unit of the giver's own territory; where the unit lies, the item lies."""
    item: PlanItem = taking.record
    unit = Organisation.objects.filter(pk=unit_id, active=True).exclude(kind="enterprise").first()
    if unit is None or not (taking.actor.is_system or taking.actor.covers(unit.region)):
        raise Invalid(fields={"unit": [_("Choose a unit of your territory.")]})
    item.unit, item.unit_name, item.region = unit, unit.name, unit.region
    item.issued_region = giver(item, unit)


def match(taking: Taking) -> None:
    place(taking, taking.data.unit)


def rewrite(taking: Taking) -> None:
    """The line was written anew; whether it may change what is settled, the writer has asked."""
    item: PlanItem = taking.record
    unit = Organisation.objects.filter(pk=taking.data.unit).first() if taking.data.unit else None
    fill(item, taking.data, unit)
    item.issued_region = giver(item, unit) if item.state == "planned" else item.issued_region
    item.share = share_of(item.achieved, item.target) if item.measure == "number" and item.achieved else item.share


def progress(taking: Taking) -> None:
    item: PlanItem = taking.record
    data: needs.Progress = taking.data
    if item.measure == "number":
        if data.achieved is None:
            raise Invalid(fields={"achieved": [_("Say how many %(unit)s so far.") % {"unit": item.target_unit}]})
        _reach(item, data.achieved, corrects=data.corrects)
    elif data.percent is None:
        raise Invalid(fields={"percent": [_("Say how much of it is done.")]})
    else:
        if data.percent * 10 < item.share and not data.corrects:
            raise Invalid(fields={"percent": [LOWER % {"before": f"{item.share // 10}%"}]})
        item.share = data.percent * 10


LOWER = _("It was %(before)s before. If that was wrong, tick that this corrects it.")


def _reach(item: PlanItem, achieved: Decimal, *, corrects: bool) -> None:
    """What is counted since the beginning never falls, unless it was counted wrong."""
    if item.achieved is not None and achieved < item.achieved and not corrects:
        before = f"{item.achieved.normalize():f} {item.target_unit}".strip()
        raise Invalid(fields={"achieved": [LOWER % {"before": before}]})
    item.achieved, item.share = achieved, share_of(achieved, item.target)


def report(taking: Taking) -> None:
    item: PlanItem = taking.record
    data: needs.ReportDone = taking.data
    if item.measure == "number":
        if data.achieved is None:
            raise Invalid(fields={"achieved": [_("Say how many %(unit)s were reached.") % {"unit": item.target_unit}]})
        _reach(item, data.achieved, corrects=data.corrects)
    else:
        item.share = WHOLE
    begun = item.plan.campaign.from_day
    if data.finished_on < begun:
        raise Invalid(fields={"finished_on": [_("The campaign began on %(day)s.") % {"day": begun}]})
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
