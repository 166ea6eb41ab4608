"""Setting up: a campaign, what it asks, of whom, and the months as they begin."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.campaigns import needs, rules, rulings
from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Campaign, Participant, Return, ReturnTemplate
from anlan.campaigns.queries.setup import proposals
from anlan.campaigns.returns.checking import CheckError
from anlan.campaigns.returns.shipped import checker_of
from anlan.campaigns.returns.template import TemplateError
from anlan.campaigns.returns.trying import disproved
from anlan.campaigns.versions import checker_for
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.flow.take import begin
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed

ONLY_OFFICE = _("Only the committee office of the campaign's territory does this.")


def open_campaign(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Campaign:  # noqa: A002
    """Open a campaign for the actor's own territory."""
    checked = parsed(needs.OpenCampaign, data)
    if actor.region is None or not rules.runs(actor, actor.region):
        raise Forbidden(ONLY_OFFICE)
    if checked.to_day and checked.to_day < checked.from_day:
        raise Invalid(fields={"to_day": [_("It ends before it begins.")]})
    one_at_a_time(f"campaign {actor.region} {checked.code}")
    if Campaign.objects.filter(region=actor.region, code=checked.code).exists():
        raise Conflict(_("There is a campaign of this code already."), code="campaign.exists")
    row = Campaign(id=id or new_id(), region=actor.region, created_at=clock.now(), **checked.model_dump())
    row.save(force_insert=True)
    _note(actor, row, "open_campaign", {"code": row.code, "zh": row.zh, "basis": row.basis})
    return row


def publish_template(*, actor: Actor, campaign: UUID, data: BaseModel | dict[str, Any]) -> ReturnTemplate:
    """
    Publish a version of what is asked. It must load whole, be newer than what there is, and every check's examples must come true;
    otherwise Invalid says where. Months that were opened keep their version.
    """
    checked = parsed(needs.Publish, data)
    found = _mine(actor, campaign)
    try:
        checker = checker_of(checked.template, checked.checks)
    except TemplateError as error:
        raise Invalid(fields={"template": [str(error)]}) from None
    except CheckError as error:
        raise Invalid(fields={"checks": [str(error)]}) from None
    if wrong := disproved(checker):
        raise Invalid(fields={"checks": wrong})
    template = checker.template
    first = date.fromisoformat(f"{template.from_month}-01")
    one_at_a_time(f"templates of {found.pk}")
    newest = ReturnTemplate.objects.filter(campaign=found, code=template.code).order_by("-version").first()
    if newest and (newest.version >= template.version or newest.from_month >= first):
        newer = _("Version %(n)s holds from %(month)s: a new one needs a higher number and a later month.")
        raise Invalid(fields={"template": [newer % {"n": newest.version, "month": f"{newest.from_month:%Y-%m}"}]})
    row = ReturnTemplate(
        id=new_id(),
        campaign=found,
        code=template.code,
        version=template.version,
        from_month=first,
        template=checked.template,
        checks=checked.checks,
        published_at=clock.now(),
    )
    row.save(force_insert=True)
    _note(actor, found, "publish_template", {"code": row.code, "version": row.version, "from_month": first})
    return row


def enrol(*, actor: Actor, campaign: UUID, data: BaseModel | dict[str, Any]) -> Participant:
    """Say that a unit hands in, as what, and who looks at it first; said again, it is changed from then on."""
    checked = parsed(needs.Enrol, data)
    found = _mine(actor, campaign)
    one_at_a_time(f"participants of {found.pk}")
    units = {one.pk: one for one in Organisation.objects.filter(pk__in=[checked.unit, checked.reviewer], active=True)}
    if wrong := _unfit(found, checked, units):
        raise Invalid(fields=wrong)
    row = Participant.objects.filter(campaign=found, unit_id=checked.unit).first()
    row = row or Participant(id=new_id(), campaign=found, unit_id=checked.unit)
    row.region, row.filler, row.reviewer_id = units[checked.unit].region, checked.filler, checked.reviewer
    row.from_month, row.to_month = checked.from_month, checked.to_month
    row.save()
    facts = {"unit": checked.unit, "filler": checked.filler, "reviewer": checked.reviewer}
    _note(actor, found, "enrol", {name: one for name, one in facts.items() if one})
    return row


def enrol_many(*, actor: Actor, campaign: UUID, data: BaseModel | dict[str, Any]) -> int:
    """
    Enrol units as they are proposed; how many came in new. Those that take part already are left as they are.

    Raises Invalid for a unit that nothing proposes: enrol it by itself.
    """
    checked = parsed(needs.EnrolMany, data)
    found = _mine(actor, campaign)
    proposed = {one.unit.pk: one for several in proposals(found).values() for one in several}
    if set(checked.units) - proposed.keys():
        raise Invalid(fields={"units": [_("Not one of the units proposed: enrol it by itself.")]})
    new = [proposed[one] for one in dict.fromkeys(checked.units) if not proposed[one].enrolled]
    # Reviewers come first: a unit's return goes to somebody who takes part.
    for one in sorted(new, key=lambda one: one.reviewer is not None):
        given = {"unit": one.unit.pk, "filler": one.filler, "from_month": checked.from_month}
        enrol(actor=actor, campaign=found.pk, data=given | {"reviewer": one.reviewer.pk if one.reviewer else None})
    return len(new)


def _unfit(campaign: Campaign, data: needs.Enrol, units: dict[UUID, Organisation]) -> dict[str, list[Any]]:
    """Why a unit cannot take part like that. A reviewer must see the unit's returns, and none may wait for itself."""
    wrong: dict[str, list[Any]] = {}
    low, high = subtree(campaign.region)
    for name, key in (("unit", data.unit), ("reviewer", data.reviewer)):
        unit = units.get(key) if key else None
        if key and (unit is None or unit.kind == "enterprise" or not low <= unit.region < high):
            wrong[name] = [_("There is no such unit in the campaign's territory.")]
    if not wrong and data.reviewer:
        low, high = subtree(units[data.reviewer].region)
        if not low <= units[data.unit].region < high:
            wrong["reviewer"] = [_("The unit lies outside the reviewer's territory.")]
        elif data.unit in _reviewers(campaign, data.reviewer):
            wrong["reviewer"] = [_("They would review each other.")]
    if data.to_month and data.to_month < data.from_month:
        wrong["to_month"] = [_("It ends before it begins.")]
    return wrong


def _reviewers(campaign: Campaign, unit: UUID) -> list[UUID]:
    """A unit, who reviews it, who reviews that one, and so on."""
    above = dict(Participant.objects.filter(campaign=campaign).values_list("unit_id", "reviewer_id"))
    found, last = [unit], above.get(unit)
    while last and last not in found:
        found.append(last)
        last = above.get(last)
    return found


def open_month(*, actor: Actor, campaign: UUID, month: date) -> int:
    """
    Expect a return from every unit that takes part; how many were opened. Asked again, it opens those that came since.

    Raises NotNow before the month began, outside the campaign or without a template, CalendarEnds when the calendar does not reach the day due.
    """
    found = _mine(actor, campaign)
    first = rulings.first_of(month)
    if first > clock.today():
        raise NotNow(_("The month has not begun."), code="returns.month_ahead")
    if (found.to_day and first > found.to_day) or first < rulings.first_of(found.from_day):
        raise NotNow(_("The campaign does not run in this month."), code="returns.outside_campaign")
    one_at_a_time(f"month of {found.pk}")
    versions = ReturnTemplate.objects.filter(campaign=found, from_month__lte=first).order_by("-from_month")
    version = versions.first()
    if version is None:
        raise NotNow(_("Nothing is asked for this month: publish a template first."), code="returns.no_template")
    by = rulings.hand_in_by(first, checker_for(version.pk).template.due)
    rows = Participant.objects.filter(campaign=found, from_month__lte=first).exclude(to_month__lt=first)
    with scope.elevated("a body that was dissolved or merged into another hands in nothing more"):
        rows = rows.exclude(unit_id__in=list(rows.filter(unit__active=False).values_list("unit_id", flat=True)))
    have = set(Return.objects.filter(campaign=found, month=first).values_list("unit_id", flat=True))
    new = [row for row in rows.order_by("region", "id") if row.unit_id not in have]
    for row in new:
        record = Return(
            id=new_id(),
            state="",
            state_since=clock.now(),
            campaign=found,
            template=version,
            unit_id=row.unit_id,
            filler=row.filler,
            reviewer_id=row.reviewer_id,
            region=row.region,
            territory=found.region,
            month=first,
            hand_in_by=by,
            created_at=clock.now(),
        )
        begin(RETURN, "expect", record, actor=actor, data={})
    return len(new)


def open_due_months() -> int:
    """The platform's duty: the present month of every campaign that runs, once it began; how many returns were opened."""
    opened = 0
    today = clock.today()
    with scope.acting(SYSTEM):
        for found in Campaign.objects.filter(from_day__lte=today).exclude(to_day__lt=today):
            if ReturnTemplate.objects.filter(campaign=found, from_month__lte=rulings.first_of(today)).exists():
                opened += open_month(actor=SYSTEM, campaign=found.pk, month=today)
    return opened


def _mine(actor: Actor, campaign: UUID) -> Campaign:
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None:
        raise NotFound
    if not (actor.is_system or rules.runs(actor, found.region)):
        raise Forbidden(ONLY_OFFICE)
    return found


def _note(actor: Actor, row: Campaign, step: str, data: dict[str, Any]) -> None:
    write_note(actor=actor, subject_type="campaign", subject_id=row.pk, step=step, data=data, region=row.region)
