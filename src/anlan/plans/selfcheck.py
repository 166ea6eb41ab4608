"""What is wrong with a plan's tree: pure functions over its lines, for what is stored and for what a file would make of it alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.plans.ordinals import level_of, order_of, parent_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of any level. `ref` is whatever the asker knows it by: a record's id, a row of a sheet."""

    ref: Any
    code: str
    name: str
    sub_plan: str = ""
    year: int | None = None
    unit_name: str = ""
    unit_known: bool = False
    target: Decimal | None = None
    target_unit: str = ""
    unit_gone: bool = False
    """Its unit was dissolved while something is still to be done."""
    starts_on: date | None = None
    due: date | None = None

    @property
    def is_item(self) -> bool:
        return level_of(self.code) == "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sub:
    """A sub-plan of a year. A campaign's own items need none that is approved."""

    ref: Any
    code: str
    name: str
    year: int
    kind: str = "district"
    unit_known: bool = True
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    lines: Sequence[Line]
    subs: Sequence[Sub]
    from_day: date
    to_day: date | None
    year: int
    """The year that is looked at for what is not covered."""
    nodes: Mapping[str, Line] = field(default_factory=dict)

    @classmethod
    def of(
        cls, lines: Iterable[Line], subs: Iterable[Sub], *, from_day: date, to_day: date | None, year: int
    ) -> "Tree":
        found = sorted(lines, key=lambda one: order_of(one.code))
        nodes: dict[str, Line] = {}
        for one in found:
            if not one.is_item:
                nodes.setdefault(one.code, one)
        return cls(lines=found, subs=list(subs), from_day=from_day, to_day=to_day, year=year, nodes=nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`column` is the field that must be mended; `ref` the line's or the sub-plan's, with its `code` and `name`."""

    rule: str
    ref: Any
    code: str
    name: str
    column: str
    params: dict[str, Any] = field(default_factory=dict)
    of_sub_plan: bool = False

    @property
    def is_error(self) -> bool:
        return RULES[self.rule].error

    @property
    def words(self) -> str:
        text = str(RULES[self.rule].message)
        return text % self.params if self.params else text


Found = Iterator[Trouble]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`error`: a plan with it is not published; else it is a warning."""

    find: Callable[[Tree], Found]
    message: Any
    error: bool = True


def _at(rule: str, line: Line, column: str, **params: Any) -> Trouble:
    return Trouble(rule=rule, ref=line.ref, code=line.code, name=line.name, column=column, params=params)


def _sub(rule: str, sub: Sub, column: str, **params: Any) -> Trouble:
    return Trouble(rule=rule, ref=sub.ref, code=sub.code, name=sub.name, column=column, params=params, of_sub_plan=True)


def no_unit(tree: Tree) -> Found:
    return (_at("no_unit", one, "unit") for one in tree.lines if one.is_item and not one.unit_name)


def unit_unknown(tree: Tree) -> Found:
    found = (one for one in tree.lines if one.is_item and one.unit_name and not one.unit_known)
    return (_at("unit_unknown", one, "unit", unit=one.unit_name) for one in found)


def upper_unit_unknown(tree: Tree) -> Found:
    found = (one for one in tree.nodes.values() if one.unit_name and not one.unit_known)
    return (_at("upper_unit_unknown", one, "unit", unit=one.unit_name) for one in found)


def no_parent(tree: Tree) -> Found:
    for one in tree.lines:
        above = parent_of(one.code)
        if above and above not in tree.nodes:
            yield _at("no_parent", one, "code", parent=above)


def twice(tree: Tree) -> Found:
    seen: dict[tuple[str, str, int | None], Line] = {}
    for one in tree.lines:
        key = (one.code, one.sub_plan, one.year) if one.is_item else (one.code, "", None)
        if key in seen:
            yield _at("twice", one, "code", other=seen[key].name)
        seen.setdefault(key, one)


def year_outside(tree: Tree) -> Found:
    last = tree.to_day.year if tree.to_day else 9999
    for one in tree.lines:
        if one.is_item and one.year is not None and not tree.from_day.year <= one.year <= last:
            yield _at("year_outside", one, "year", year=one.year, first=tree.from_day.year, last=last)


def due_after_parent(tree: Tree) -> Found:
    for one in tree.lines:
        above = tree.nodes.get(parent_of(one.code))
        if above and one.due and above.due and one.due > above.due:
            yield _at("due_after_parent", one, "due", due=one.due, parent=above.code, limit=above.due)


def unit_gone(tree: Tree) -> Found:
    return (_at("unit_gone", one, "unit", unit=one.unit_name) for one in tree.lines if one.is_item and one.unit_gone)


def begins_after_due(tree: Tree) -> Found:
    for one in tree.lines:
        if one.starts_on and one.due and one.starts_on > one.due:
            yield _at("begins_after_due", one, "starts_on", first=one.starts_on, due=one.due)


def due_outside(tree: Tree) -> Found:
    for one in tree.lines:
        if one.due and (one.due < tree.from_day or (tree.to_day and one.due > tree.to_day)):
            yield _at("due_outside", one, "due", due=one.due)


def no_due(tree: Tree) -> Found:
    return (_at("no_due", one, "due") for one in tree.lines if one.is_item and one.due is None)


def sums(tree: Tree) -> Found:
    """Where a line and all that hangs on it count in one unit, the parts make the whole."""
    below: dict[str, list[Line]] = defaultdict(list)
    for one in tree.lines:
        below[parent_of(one.code)].append(one)
    for one in tree.nodes.values():
        parts = [part for part in below[one.code] if part.target is not None]
        if one.target is None or not parts or {part.target_unit for part in parts} != {one.target_unit}:
            continue
        total = sum((part.target for part in parts if part.target is not None), Decimal())
        if total != one.target:
            yield _at("sums", one, "target", target=_plain(one.target), total=_plain(total), unit=one.target_unit)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def no_sub_plan(tree: Tree) -> Found:
    known = {(sub.code, sub.year) for sub in tree.subs}
    for one in tree.lines:
        if one.is_item and one.sub_plan and (one.sub_plan, one.year) not in known:
            yield _at("no_sub_plan", one, "sub_plan", sub_plan=one.sub_plan, year=one.year)


def empty_sub_plan(tree: Tree) -> Found:
    used = {(one.sub_plan, one.year) for one in tree.lines if one.is_item and parent_of(one.code) in tree.nodes}
    return (
        _sub("empty_sub_plan", sub, "code")
        for sub in tree.subs
        if sub.kind != "own" and (sub.code, sub.year) not in used
    )


def not_approved(tree: Tree) -> Found:
    return (_sub("not_approved", sub, "document") for sub in tree.subs if sub.kind != "own" and not sub.document)


def uncovered(tree: Tree) -> Found:
    covered = {parent_of(one.code) for one in tree.lines if one.is_item and one.year == tree.year}
    for one in tree.nodes.values():
        if level_of(one.code) == "work" and one.code not in covered:
            yield _at("uncovered", one, "code", year=tree.year)


RULES: dict[str, Rule] = {
    "no_unit": Rule(find=no_unit, message=_("The item has no responsible unit.")),
    "unit_unknown": Rule(
        find=unit_unknown,
        message=_("“%(unit)s” is no unit that the platform knows, so nobody could sign for the item."),
    ),
    "unit_gone": Rule(
        find=unit_gone, message=_("“%(unit)s” is dissolved, so nobody reports on the item. Give it to another unit.")
    ),
    "no_parent": Rule(find=no_parent, message=_("There is no line %(parent)s above it.")),
    "twice": Rule(find=twice, message=_("Another line has the same number: %(other)s")),
    "year_outside": Rule(
        find=year_outside, message=_("The year %(year)s lies outside the campaign (%(first)s to %(last)s).")
    ),
    "due_after_parent": Rule(
        find=due_after_parent, message=_("Its day %(due)s lies after that of line %(parent)s, %(limit)s.")
    ),
    "begins_after_due": Rule(find=begins_after_due, message=_("It begins on %(first)s, after its own day %(due)s.")),
    "no_sub_plan": Rule(find=no_sub_plan, message=_("There is no sub-plan %(sub_plan)s for the year %(year)s.")),
    "due_outside": Rule(find=due_outside, message=_("Its day %(due)s lies outside the campaign."), error=False),
    "no_due": Rule(find=no_due, message=_("The item has no day, so nothing is ever late."), error=False),
    "sums": Rule(
        find=sums,
        message=_("Its target is %(target)s %(unit)s, the lines below it make %(total)s %(unit)s."),
        error=False,
    ),
    "empty_sub_plan": Rule(
        find=empty_sub_plan, message=_("The sub-plan covers no work of the plan: it has no item."), error=False
    ),
    "not_approved": Rule(find=not_approved, message=_("The sub-plan names no approved document."), error=False),
    "uncovered": Rule(find=uncovered, message=_("No sub-plan has an item of %(year)s under this work."), error=False),
    "upper_unit_unknown": Rule(
        find=upper_unit_unknown, message=_("“%(unit)s” is no unit that the platform knows."), error=False
    ),
}


def troubles(tree: Tree) -> list[Trouble]:
    """Everything that is wrong: errors first, then warnings, each by the rules' order and the lines' numbers."""
    return [one for rule in sorted(RULES.values(), key=lambda rule: not rule.error) for one in rule.find(tree)]
