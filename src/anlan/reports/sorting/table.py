"""Keeping the routing table: add, change, move, switch off. A line is never deleted, because past sendings name it."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors, is_region
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.inputs import Input, Line, RegionCode, asks
from anlan.kernel.ledger.write import changed, encode, write_note
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.registry.models import Industry
from anlan.reports.models import Category, Rule
from anlan.reports.sorting.routing import line_of, order

STEP = 10
FACTS = ("region", "category_id", "industry_id", "unit_id", "place", "remark", "active")
LAST_PLACE = 1_000_000


class RuleInput(Input):
    """One line of the table. What is left open fits everything."""

    category: Annotated[str | None, asks(_("Category"), max_length=30)] = None
    region: Annotated[RegionCode, asks(_("Territory"), help=_("With all below it."))]
    industry: Annotated[str | None, asks(_("Supervision field"), max_length=30)] = None
    unit: Annotated[UUID, asks(_("Receiving unit"))]
    remark: Annotated[Line, asks(_("Remark"), max_length=200)] = ""


def may_keep(actor: Actor, region: int | None = None) -> bool:
    """The desk and the committee office keep the lines of their own territory."""
    if actor.is_system:
        return True
    return actor.role in (roles.DISPATCHER, roles.OFFICE) and (region is None or actor.covers(region))


def units_for(actor: Actor) -> list[Organisation]:
    """The bodies a line may name: those of the territory and of the territories above it, never an enterprise."""
    reach = Q(pk__in=[])
    for low, high in actor.regions:
        reach |= Q(region__gte=low, region__lt=high)
        reach |= Q(region__in=ancestors(low) if is_region(low) else [])
    with scope.elevated("a line may name a body of the city above"):
        rows = Organisation.objects.filter(reach, active=True, kind__in=("department", "government", "committee"))
        return list(rows.order_by("-region", "name"))


def rules_of(actor: Actor) -> tuple[list[Rule], list[Rule]]:
    """The lines of the actor's territory in order, those switched off too; and the active ones above it, which hold here too."""
    mine = list(Rule.objects.filter(scope.within(actor, industry=None)).select_related("category", "industry"))
    above = {code for low, _high in actor.regions if is_region(low) for code in ancestors(low)}
    with scope.elevated("the lines of the territories above hold here too, and units above may be named"):
        higher = list(Rule.objects.filter(region__in=above, active=True).select_related("unit", "category", "industry"))
    _name_units(mine)
    return sorted(mine, key=_order), sorted(higher, key=_order)


def _name_units(rows: list[Rule]) -> None:
    with scope.elevated("a unit above the territory may be named"):
        units = {one.pk: one for one in Organisation.objects.filter(pk__in={row.unit_id for row in rows})}
    for row in rows:
        row.unit = units[row.unit_id]


def _order(rule: Rule) -> tuple[int, int, str]:
    return order(line_of(rule))


def add_rule(*, actor: Actor, data: BaseModel | dict[str, Any]) -> Rule:
    """At the end of the territory's lines."""
    checked = parsed(RuleInput, data)
    _require(actor, checked.region)
    _check(actor, checked)
    own = _own_locked(actor)
    last = max((one.place for one in own), default=0)
    rule = Rule(
        id=new_id(),
        region=checked.region,
        category_id=checked.category or None,
        industry_id=checked.industry or None,
        unit_id=checked.unit,
        place=min(last + STEP, LAST_PLACE),
        remark=checked.remark,
        changed_at=clock.now(),
    )
    rule.save(force_insert=True)
    _note(actor, rule, "add_rule", {}, data=_facts(rule))
    return rule


def change_rule(*, actor: Actor, rule: UUID, data: BaseModel | dict[str, Any], version: int | None = None) -> Rule:
    checked = parsed(RuleInput, data)
    row = _locked(actor, rule, version)
    _require(actor, checked.region)
    _check(actor, checked)
    before = _facts(row)
    row.region, row.unit_id, row.remark = checked.region, checked.unit, checked.remark
    row.category_id, row.industry_id = checked.category or None, checked.industry or None
    return _kept(actor, row, "change_rule", before)


def set_active(*, actor: Actor, rule: UUID, active: bool, version: int | None = None) -> Rule:
    """Switched off, a line takes nothing; it stays in the trail of what it sent."""
    row = _locked(actor, rule, version)
    if row.active == active:
        return row
    before = _facts(row)
    row.active = active
    return _kept(actor, row, "switch_rule", before)


def move_rule(*, actor: Actor, rule: UUID, by: int, version: int | None = None) -> Rule:
    """Before or behind its neighbour. Places stay those of the territory's lines, made different from each other."""
    _locked(actor, rule, version)
    rows = sorted(_own_locked(actor), key=_order)
    at = next(place for place, one in enumerate(rows) if one.pk == rule)
    to = at + (1 if by > 0 else -1)
    if not 0 <= to < len(rows):
        return rows[at]
    places: list[int] = []
    for one in rows:
        places.append(max(one.place, places[-1] + 1 if places else one.place))
    rows[at], rows[to] = rows[to], rows[at]
    for one, place in zip(rows, places, strict=True):
        if one.place != place:
            before = _facts(one)
            one.place = place
            _kept(actor, one, "move_rule" if one.pk == rule else "make_room", before)
    return rows[to]


def _own_locked(actor: Actor) -> list[Rule]:
    """The territory's lines under lock: two who move at once do not undo each other."""
    one_at_a_time("routing table")
    rows = Rule.objects.filter(scope.within(actor, industry=None)).order_by("id")
    found = list(rows.select_for_update())
    _name_units(found)
    return found


def _locked(actor: Actor, rule: UUID, version: int | None) -> Rule:
    one_at_a_time("routing table")
    row = Rule.objects.select_for_update().filter(pk=rule).first()
    if row is None:
        raise NotFound
    _require(actor, row.region)
    if version is not None and row.version != version:
        raise Conflict(
            _("Somebody else changed this line in the meantime. Look at the table as it is now."), code="rule.changed"
        )
    return row


def _require(actor: Actor, region: int) -> None:
    if not may_keep(actor, region):
        raise Forbidden(_("Only the dispatchers and the committee office of a territory keep its routing table."))


def _check(actor: Actor, data: RuleInput) -> None:
    wrong: dict[str, list[Any]] = {}
    if data.category and not Category.objects.filter(pk=data.category, active=True).exists():
        wrong["category"] = [_("There is no such category.")]
    if data.industry and not Industry.objects.filter(pk=data.industry, active=True).exists():
        wrong["industry"] = [_("There is no such supervision field.")]
    if data.unit not in {one.pk for one in units_for(actor)} and not actor.is_system:
        wrong["unit"] = [_("Choose an active body of this territory or of one above it.")]
    if wrong:
        raise Invalid(fields=wrong)


def _facts(rule: Rule) -> dict[str, Any]:
    return {name: encode(getattr(rule, name)) for name in FACTS}


def _kept(actor: Actor, row: Rule, step: str, before: dict[str, Any]) -> Rule:
    changes = changed(before, _facts(row))
    if changes:
        row.version, row.changed_at = row.version + 1, clock.now()
        row.save(force_update=True)
        _note(actor, row, step, changes)
    return row


def _note(actor: Actor, row: Rule, step: str, changes: dict[str, Any], data: dict[str, Any] | None = None) -> None:
    write_note(
        actor=actor,
        subject_type="report_rule",
        subject_id=row.pk,
        step=step,
        changes=changes,
        data=data,
        region=row.region,
    )
