"""Writing the plan: its lines and its sub-plans, by ordinal. What is written again is changed, never doubled."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.campaigns.models import Campaign
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.numbering import next_number
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.plans import needs, rules
from anlan.plans.filling import SETTLED, facts_of, fill
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import Plan, PlanItem, PlanNode, SubPlan
from anlan.plans.ordinals import level_of, order_of, parent_of
from anlan.plans.units import Units

PREFIX, COUNTER = "JH", "plan_item"
ONLY_OFFICE = _("Only the committee office of the campaign's territory does this.")
OWN = "own"


def open_plan(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Plan:  # noqa: A002
    checked = parsed(needs.OpenPlan, data)
    campaign = Campaign.objects.filter(pk=checked.campaign).first()
    if campaign is None:
        raise NotFound
    if not rules.keeps(actor, campaign.region):
        raise Forbidden(ONLY_OFFICE)
    one_at_a_time(f"plan of {campaign.pk}")
    if Plan.objects.filter(campaign=campaign).exists():
        raise Conflict(_("The campaign has a plan already."), code="plans.exists")
    row = Plan(id=id or new_id(), campaign=campaign, region=campaign.region, created_at=clock.now())
    row.save(force_insert=True)
    note(actor, row, "open_plan", {"campaign": campaign.code})
    return row


def put_sub_plan(*, actor: Actor, plan: UUID, data: BaseModel | dict[str, Any]) -> SubPlan:
    """A sub-plan of a year, new or changed, by its number."""
    found = keeper_of(actor, plan)
    checked = parsed(needs.PutSubPlan, data)
    row, _made = store_sub_plan(found, checked, Units(found.region))
    note(actor, found, "put_sub_plan", {"code": row.code, "year": row.year, "document": row.document})
    return row


def store_sub_plan(plan: Plan, data: needs.PutSubPlan, units: Units) -> tuple[SubPlan, bool]:
    _year_within(plan.campaign, data.year)
    unit = units.find(data.unit_name)
    region = data.region or (unit.region if unit and data.kind == "district" else plan.region)
    low, high = subtree(plan.region)
    if not low <= region < high:
        raise Invalid(fields={"region": [_("This region lies outside your territory.")]})
    row = SubPlan.objects.filter(plan=plan, year=data.year, code=data.code).first()
    made = row is None
    row = row or SubPlan(id=new_id(), plan=plan, year=data.year, code=data.code)
    row.kind, row.name, row.region = data.kind, data.name, region
    row.unit, row.unit_name = unit, unit.name if unit else data.unit_name
    row.document, row.approved_on = data.document, data.approved_on
    row.save()
    return row, made


def put_line(*, actor: Actor, plan: UUID, data: BaseModel | dict[str, Any]) -> PlanNode | PlanItem:
    """A line of any level, new or changed, by its ordinal."""
    found = keeper_of(actor, plan)
    checked = parsed(needs.PutLine, data)
    one_at_a_time(f"lines of {found.pk}")
    writer = Writer(actor, found)
    row, made = writer.put(checked)
    if made is not None:
        note(actor, found, "put_line", {"code": row.code, "name": row.name, "new": made})
    return row


class Writer:
    """Writes many lines of one plan without asking for each what is there already."""

    def __init__(self, actor: Actor, plan: Plan) -> None:
        self.actor, self.plan, self.units = actor, plan, Units(plan.region)
        self.nodes = {one.code: one for one in PlanNode.objects.filter(plan=plan)}
        self.subs = {(one.code, one.year): one for one in SubPlan.objects.filter(plan=plan)}
        self.items = {(one.sub_plan_id, one.code): one for one in PlanItem.objects.filter(plan=plan)}

    def put(self, data: needs.PutLine) -> tuple[PlanNode | PlanItem, bool | None]:
        """The row, and whether it is new; None when nothing changed."""
        return self._item(data) if level_of(data.code) == "item" else self._node(data)

    def _above(self, code: str) -> PlanNode | None:
        above = self.nodes.get(parent_of(code))
        if above is None and parent_of(code):
            raise Invalid(fields={"code": [_("There is no line %(parent)s above it.") % {"parent": parent_of(code)}]})
        return above

    def _node(self, data: needs.PutLine) -> tuple[PlanNode, bool | None]:
        row = self.nodes.get(data.code)
        made = row is None
        row = row or PlanNode(
            id=new_id(), plan=self.plan, code=data.code, order=order_of(data.code), level=level_of(data.code)
        )
        row.parent = self._above(data.code)
        changed = fill(row, data, self.units.find(data.unit_name))
        if made or changed:
            row.save(force_insert=made)
        self.nodes[row.code] = row
        return row, made if made or changed else None

    def _item(self, data: needs.PutLine) -> tuple[PlanItem, bool | None]:
        work = self._above(data.code)
        if work is None:
            raise NotFound
        sub = self._sub_plan(data)
        row = self.items.get((sub.pk, data.code))
        if row is not None:
            return self._again(row, data)
        row = PlanItem(
            id=new_id(), plan=self.plan, sub_plan=sub, work=work, year=sub.year, code=data.code, state="",
            order=order_of(data.code, sub.code), state_since=clock.now(), created_at=clock.now(),
            region=sub.region, issued_region=sub.region,
        )  # fmt: skip
        fill(row, data, self.units.find(data.unit_name))
        row.number = next_number(PREFIX, COUNTER, region=row.region, year=sub.year)
        self.items[sub.pk, row.code] = row = begin(PLAN_ITEM, "plan", row, actor=self.actor, data={})
        return row, True

    def _again(self, row: PlanItem, data: needs.PutLine) -> tuple[PlanItem, bool | None]:
        """An item that was given out keeps its unit, its target and its day: those change on its page, with a reason."""
        if row.state != "planned" and (wrong := settled_otherwise(row, data, self.units)):
            raise Invalid(fields={name: [GIVEN_OUT] for name in wrong})
        unit = self.units.find(data.unit_name)
        wanted = facts_of(data, unit)
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return row, None
        said = needs.Rewrite.model_construct(**data.model_dump(), unit=unit.pk if unit else None)
        row = take(PLAN_ITEM, row.pk, "rewrite", actor=self.actor, data=said)
        self.items[row.sub_plan_id, row.code] = row
        return row, False

    def _sub_plan(self, data: needs.PutLine) -> SubPlan:
        code, year = data.sub_plan or OWN, data.year or default_year(self.plan.campaign)
        _year_within(self.plan.campaign, year)
        if found := self.subs.get((code, year)):
            return found
        if data.sub_plan:
            words = _("There is no sub-plan %(sub_plan)s for the year %(year)s.")
            raise Invalid(fields={"sub_plan": [words % {"sub_plan": code, "year": year}]})
        self.subs[code, year] = SubPlan.objects.create(
            id=new_id(), plan=self.plan, code=OWN, kind=OWN, year=year, region=self.plan.region,
            name=self.plan.campaign.zh,
        )  # fmt: skip
        return self.subs[code, year]


GIVEN_OUT = _("The item was given out already: change this on its page, with a reason.")


def settled_otherwise(row: PlanItem, data: needs.PutLine, units: Units) -> list[str]:
    """What a line says otherwise than an item that was given out."""
    unit = units.find(data.unit_name)
    wrong = [name for name in SETTLED if name != "unit_name" and getattr(row, name) != _said(data, name)]
    other = (unit.pk if unit else None) != row.unit_id
    return ["unit_name", *wrong] if other else wrong


def _said(data: needs.PutLine, name: str) -> Any:
    if name == "target_unit" and data.target is None:
        return ""
    return getattr(data, name)


def _year_within(campaign: Campaign, year: int) -> None:
    last = campaign.to_day.year if campaign.to_day else 9999
    if not campaign.from_day.year <= year <= last:
        words = _("The year %(year)s lies outside the campaign (%(first)s to %(last)s).")
        raise Invalid(fields={"year": [words % {"year": year, "first": campaign.from_day.year, "last": last}]})


def default_year(campaign: Campaign) -> int:
    """The present year, or the nearest one of the campaign."""
    today: date = clock.today()
    last = campaign.to_day.year if campaign.to_day else today.year
    return min(max(today.year, campaign.from_day.year), last)


def keeper_of(actor: Actor, plan: UUID) -> Plan:
    """The plan, for those who write it. Raises NotFound or Forbidden."""
    found = Plan.objects.select_related("campaign").filter(pk=plan).first()
    if found is None:
        raise NotFound
    if not rules.keeps(actor, found.region):
        raise Forbidden(ONLY_OFFICE)
    return found


def note(actor: Actor, plan: Plan, step: str, data: dict[str, Any]) -> None:
    write_note(actor=actor, subject_type="plan", subject_id=plan.pk, step=step, data=data, region=plan.region)
