"""Writing the plan: its lines and its sub-plans, by ordinal. What is written again is changed, never doubled."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.campaigns.models import Campaign
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import encode, write_note
from anlan.kernel.numbering import next_number
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.plans import needs, rules
from anlan.plans.filling import SETTLED, facts_of, fill, giver, wanted
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import Plan, PlanItem, PlanNode, SubPlan
from anlan.plans.ordinals import level_of, order_of, parent_of
from anlan.plans.units import Units

PREFIX, COUNTER = "JH", "plan_item"
Changes = dict[str, list[Any]]
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
    one_at_a_time(f"lines of {found.pk}")
    row, made, changes = store_sub_plan(found, checked, Units(found.region))
    if made or changes:
        note(actor, found, "put_sub_plan", {"code": row.code, "year": row.year, "new": made}, changes)
    return row


def store_sub_plan(plan: Plan, data: needs.PutSubPlan, units: Units) -> tuple[SubPlan, bool, Changes]:
    """The row, whether it is new, and what it said before."""
    _year_within(plan.campaign, data.year)
    code = sub_code(data.code)
    if (code == OWN) != (data.kind == OWN):
        raise Invalid(fields={"code": [_("The number “own” is that of the territory's own items.")]})
    unit = units.find(data.unit_name)
    region = data.region or (unit.region if unit and data.kind == "district" else plan.region)
    low, high = subtree(plan.region)
    if not low <= region < high:
        raise Invalid(fields={"region": [_("This region lies outside your territory.")]})
    row = SubPlan.objects.filter(plan=plan, year=data.year, code=code).first()
    made = row is None
    row = row or SubPlan(id=new_id(), plan=plan, year=data.year, code=code, kind=data.kind, region=region)
    if (row.kind, row.region) != (data.kind, region) and PlanItem.objects.filter(sub_plan=row).exists():
        # Who gives and verifies its items follows from where it lies.
        raise Invalid(fields={"region": [_("The sub-plan has items: its kind and its region stay.")]})
    facts = {
        "kind": data.kind, "name": data.name, "region": region, "unit_id": unit.pk if unit else None,
        "unit_name": unit.name if unit else data.unit_name, "document": data.document, "approved_on": data.approved_on,
    }  # fmt: skip
    changes = {} if made else _changes(row, facts)
    for name, value in facts.items():
        setattr(row, name, value)
    if made or changes:
        row.save()
    return row, made, changes


def sub_code(text: str) -> str:
    """As sheets read it: in capitals."""
    return text if text == OWN else text.upper()


def _changes(row: Any, facts: dict[str, Any]) -> Changes:
    """What the ledger keeps of a line without a flow: field → what it said and what it says."""
    found = {name: (getattr(row, name), value) for name, value in facts.items()}
    return {name: [encode(before), encode(after)] for name, (before, after) in found.items() if before != after}


def put_line(*, actor: Actor, plan: UUID, data: BaseModel | dict[str, Any]) -> PlanNode | PlanItem:
    """A line of any level, new or changed, by its ordinal."""
    found = keeper_of(actor, plan)
    checked = parsed(needs.PutLine, data)
    one_at_a_time(f"lines of {found.pk}")
    writer = Writer(actor, found)
    row, made = writer.put(checked)
    if made is not None:
        note(actor, found, "put_line", {"code": row.code, "name": row.name, "new": made}, writer.changes.get(row.code))
    return row


class Writer:
    """Writes many lines of one plan without asking for each what is there already."""

    def __init__(self, actor: Actor, plan: Plan) -> None:
        self.actor, self.plan, self.units = actor, plan, Units(plan.region)
        self.nodes = {one.code: one for one in PlanNode.objects.filter(plan=plan)}
        self.subs = {(one.code, one.year): one for one in SubPlan.objects.filter(plan=plan)}
        rows = PlanItem.objects.filter(plan=plan).select_related("plan__campaign", "sub_plan")
        self.items = {(one.sub_plan_id, one.code): one for one in rows}
        self.changes: dict[str, Changes] = {}
        """Of upper lines, which have no entries of their own: by ordinal."""

    def unit_of(self, data: needs.PutLine, sub: SubPlan | None = None) -> Organisation | None:
        return self.units.find(data.unit_name, sub.region if sub and sub.kind == "district" else None)

    def sub_of(self, data: needs.PutLine) -> SubPlan | None:
        """The sub-plan that an item names, if it is there."""
        year = data.year or default_year(self.plan.campaign)
        return self.subs.get((sub_code(data.sub_plan) if data.sub_plan else OWN, year))

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
        unit = self.units.find(data.unit_name)
        if not made and (changes := _changes(row, facts_of(data, unit))):
            self.changes[row.code] = changes
        changed = fill(row, data, unit)
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
            return self._again(row, data, sub)
        row = PlanItem(
            id=new_id(), plan=self.plan, sub_plan=sub, work=work, year=sub.year, code=data.code, state="",
            order=order_of(data.code, sub.code), state_since=clock.now(), created_at=clock.now(),
            region=sub.region, issued_region=sub.region,
        )  # fmt: skip
        unit = self.unit_of(data, sub)
        fill(row, data, unit)
        row.issued_region = giver(row, unit)
        row.number = next_number(PREFIX, COUNTER, region=row.region, year=sub.year)
        self.items[sub.pk, row.code] = row = begin(PLAN_ITEM, "plan", row, actor=self.actor, data={})
        return row, True

    def _again(self, row: PlanItem, data: needs.PutLine, sub: SubPlan) -> tuple[PlanItem, bool | None]:
        """An item that was given out keeps its unit, its target and its day: those change on its page, with a reason."""
        unit = self.unit_of(data, sub)
        if wrong := kept(row, data, unit):
            raise Invalid(fields={name: [wrong.words] for name in wrong.fields})
        if same(row, data, unit):
            return row, None
        said = needs.Rewrite.model_construct(**data.model_dump(), unit=unit.pk if unit else None)
        row = take(PLAN_ITEM, row.pk, "rewrite", actor=self.actor, data=said)
        self.items[row.sub_plan_id, row.code] = row
        return row, False

    def _sub_plan(self, data: needs.PutLine) -> SubPlan:
        code = sub_code(data.sub_plan) if data.sub_plan else OWN
        year = data.year or default_year(self.plan.campaign)
        _year_within(self.plan.campaign, year)
        if found := self.sub_of(data):
            return found
        if code != OWN:
            words = _("There is no sub-plan %(sub_plan)s for the year %(year)s.")
            raise Invalid(fields={"sub_plan": [words % {"sub_plan": code, "year": year}]})
        self.subs[code, year] = SubPlan.objects.create(
            id=new_id(), plan=self.plan, code=OWN, kind=OWN, year=year, region=self.plan.region,
            name=self.plan.campaign.zh,
        )  # fmt: skip
        return self.subs[code, year]


GIVEN_OUT = _("The item was given out already: change this on its page, with a reason.")


FINISHED = _("The item is closed or called off: it stays as it is.")


@dataclass(frozen=True)
class Kept:
    """Which fields of an item a line may not say otherwise, and why."""

    code: str
    words: Any
    fields: list[str]


def same(row: PlanItem, data: needs.PutLine, unit: Organisation | None) -> bool:
    return not _changes(row, wanted(row, data, unit))


def kept(row: PlanItem, data: needs.PutLine, unit: Organisation | None) -> Kept | None:
    """What of a line cannot be written into the item that is there."""
    if row.state == "planned":
        return None
    if PLAN_ITEM.state(row.state).final:
        return None if same(row, data, unit) else Kept("plans.finished", FINISHED, ["code"])
    wrong = [name for name in SETTLED if name != "unit_name" and getattr(row, name) != _said(data, name)]
    if (
        unit.pk if unit else None
    ) != row.unit_id and data.unit_name != row.unit_name:  # a dissolved unit keeps its name
        wrong.insert(0, "unit_name")
    return Kept("plans.given_out", GIVEN_OUT, wrong) if wrong else None


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


def note(actor: Actor, plan: Plan, step: str, data: dict[str, Any], changes: Changes | None = None) -> None:
    write_note(
        actor=actor,
        subject_type="plan",
        subject_id=plan.pk,
        step=step,
        data=data,
        changes=changes or None,
        region=plan.region,
    )
