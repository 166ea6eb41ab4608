"""
Overlaps, omissions and blind spots, with the rows that cause them: a handful of set-based questions for a whole city.

What is expected of a place is a slot: (kind, part, region, industry). The rules are the city's settings and
`data/checks.toml`. A fault is told once: a slot that ended without a successor is not told as an omission as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from anlan.chain import rulings
from anlan.chain.queries.sql import DOUBLES, ENTERPRISES, GAPS, HOLDERS, MISSING, PART_DOUBLES, UNCOVERED
from anlan.chain.wording import CheckKind, checks
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound

ENTERPRISE_KINDS = ("no_principal", "no_safety_manager", "no_principal_card", "card_unsigned", "risk_without_holder")
_MISSING = {
    ("sector", "lead"): "no_lead",
    ("sector", "leader"): "no_leader",
    ("territorial", "lead"): "no_territorial",
    ("committee", "director_party"): "one_director_missing",
    ("committee", "director_government"): "one_director_missing",
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong, where, and the rows that cause it."""

    name: str
    region: int
    industry_bit: int | None = None
    slot: str = ""
    part: str = ""
    matter: str = ""
    duties: tuple[UUID, ...] = ()
    enterprises: int = 0

    @property
    def check(self) -> CheckKind:
        return checks()[self.name]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Of whom the checker speaks: a region with all below it, and fields."""

    root: int
    low: int
    high: int
    industries: int

    @classmethod
    def of(cls, actor: Actor, region: int | None = None) -> "Bounds":
        root = region or actor.region
        if root is None or not actor.covers(root):
            raise NotFound
        low, high = subtree(root)
        return cls(root=root, low=low, high=high, industries=actor.industries)

    def parameters(self, day: date) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "mask": self.industries,
            "day": day,
            "sector": citysettings.value(rulings.SECTOR.key, self.root),
            "territorial": citysettings.value(rulings.TERRITORIAL.key, self.root),
            "directors": citysettings.value(rulings.DIRECTORS.key, self.root),
            "city_led": citysettings.value(rulings.CITY_LED.key, self.root),
        }


def check(actor: Actor, *, region: int | None = None, day: date | None = None, enterprises: bool = True) -> list[Fault]:
    """Every fault of a territory, gravest first; `enterprises` off leaves out what lies inside enterprises."""
    bounds = Bounds.of(actor, region)
    asked = bounds.parameters(day or clock.today())
    with scope.elevated("a territory is judged by what is given above it too; the bounds are the actor's own"):
        found = [*_slots(asked), *_holders(asked)]
        if enterprises:
            found += [*_uncovered(asked), *_inside(asked)]
    return sorted(found, key=lambda one: (one.check.severity, one.region, one.industry_bit or 0, one.name, one.part))


def _ask(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def _slots(asked: dict[str, Any]) -> Iterable[Fault]:
    for kind, part, region, bit, ended, helpers in _ask(MISSING, asked):
        name = "ended_without_successor" if ended else _MISSING[kind, part]
        causes = ((ended,) if ended else ()) + tuple(helpers or ())
        yield Fault(name=name, region=region, industry_bit=bit, slot=kind, part=part, duties=causes)
    for kind, part, region, bit, duties in _ask(DOUBLES, asked):
        name = "two_leads" if (kind, part) == ("sector", "lead") else "two_holders"
        yield Fault(name=name, region=region, industry_bit=bit, slot=kind, part=part, duties=tuple(duties))
    for region, bit, matter, duties in _ask(PART_DOUBLES, asked):
        yield Fault(
            name="part_overlap",
            region=region,
            industry_bit=bit,
            slot="sector",
            part="lead",
            matter=matter,
            duties=tuple(duties),
        )
    for region, bit, duties in _ask(GAPS, asked):
        yield Fault(name="part_gap", region=region, industry_bit=bit, slot="sector", part="lead", duties=tuple(duties))


def _holders(asked: dict[str, Any]) -> Iterable[Fault]:
    for duty, kind, part, region, bit, gone, left in _ask(HOLDERS, asked):
        for name, wrong in (("body_gone", gone), ("holder_left", left)):
            if wrong:
                yield Fault(name=name, region=region, industry_bit=bit, slot=kind, part=part, duties=(duty,))


def _uncovered(asked: dict[str, Any]) -> Iterable[Fault]:
    for region, bit, count in _ask(UNCOVERED, asked):
        yield Fault(name="uncovered", region=region, industry_bit=bit, slot="sector", part="lead", enterprises=count)


def _inside(asked: dict[str, Any]) -> Iterable[Fault]:
    for region, *counts in _ask(ENTERPRISES, asked):
        for name, count in zip(ENTERPRISE_KINDS, counts, strict=True):
            if count:
                yield Fault(name=name, region=region, enterprises=count)


def tallied(faults: Iterable[Fault]) -> dict[str, int]:
    """How many of each kind; faults inside enterprises count the enterprises."""
    found: dict[str, int] = {}
    for one in faults:
        found[one.name] = found.get(one.name, 0) + (one.enterprises if one.name in ENTERPRISE_KINDS else 1)
    return found
