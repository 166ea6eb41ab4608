"""The rows behind what the platform counted: each as a day, words and an address, as far as the reader may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.urls import reverse

from anlan.campaigns import counters
from anlan.campaigns.principals import found
from anlan.campaigns.returns.counting import Asked
from anlan.kernel import clock

MOST = 500
"""Rows that are shown; a count beyond it says how many there are."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One record that was counted."""

    day: date | None
    title: str
    note: str
    url: str


Finder = Callable[[Asked], list[Piece]]
F = TypeVar("F", bound=Finder)
finders: dict[str, Finder] = {}


def behind(name: str) -> Callable[[F], F]:
    """Register what finds the rows that the counter or fact of this name counts; asked in the reader's own scope."""

    def register(find: F) -> F:
        finders[name] = find
        return find

    return register


def has_rows(name: str) -> bool:
    return name in finders


@behind("inspections")
def inspections(asked: Asked) -> list[Piece]:
    rows = counters.visits(asked).select_related("enterprise").order_by("arrived_at", "id")[:MOST]
    return [
        Piece(
            day=clock.day_of(row.arrived_at) if row.arrived_at else None,
            title=row.number,
            note=row.enterprise.name,
            url=reverse("inspections:visit", args=[row.pk]),
        )
        for row in rows
    ]


@behind("inspected_enterprises")
def inspected_enterprises(asked: Asked) -> list[Piece]:
    """Each enterprise once, at its first visit of the month."""
    seen: dict[str, Piece] = {}
    for one in inspections(asked):
        seen.setdefault(one.note, one)
    return list(seen.values())


def _hazards(rows: object, day: str) -> list[Piece]:
    return [
        Piece(
            day=clock.day_of(getattr(row, day)),
            title=row.number,
            note=f"{row.place} {row.description[:60]}",
            url=reverse("hazards:record", args=[row.pk]),
        )
        for row in rows.order_by(day, "id")[:MOST]  # type: ignore[attr-defined]
    ]


@behind("major_found")
def major_found(asked: Asked) -> list[Piece]:
    return _hazards(counters.found(asked), "found_at")


@behind("major_fixed")
def major_fixed(asked: Asked) -> list[Piece]:
    return _hazards(counters.fixed(asked), "closed_at")


@behind("principals")
def principals(asked: Asked) -> list[Piece]:
    return [
        Piece(day=None, title=one.name, note=one.firm, url=reverse("registry:enterprise", args=[one.enterprise]))
        for one in found(asked, MOST)
    ]


@behind("leader_visits")
def leader_visits(asked: Asked) -> list[Piece]:
    rows = counters.leaders(asked).select_related("visit__enterprise").order_by("visit__arrived_at", "id")[:MOST]
    noted = [
        Piece(
            day=row.on,
            title=row.topic,
            note=f"{'、'.join(one['name'] for one in row.people)} {row.place}",
            url=reverse("campaigns:leader-act", args=[row.pk]),
        )
        for row in counters.by_hand(asked)
    ]
    return noted + [
        Piece(
            day=clock.day_of(row.visit.arrived_at),
            title=row.visit.number,
            note=f"{row.name} {row.visit.enterprise.name}",
            url=reverse("inspections:visit", args=[row.visit_id]),
        )
        for row in rows
    ]
