"""Lists of hazards in the actor's scope: pages by keyset, bounded counts, and a bounded walk for exports."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from anlan.hazards import search
from anlan.hazards.models import Hazard
from anlan.hazards.queries.filters import HazardFilters, seen
from anlan.hazards.queries.waiting import branches
from anlan.hazards.states import OPEN
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.keyset import Page, behind, cut
from anlan.registry.models import Enterprise

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
Order = Literal["newest", "due"]
Place = tuple[datetime, UUID]


def hazards(
    actor: Actor,
    filters: HazardFilters | None = None,
    *,
    order: Order = "newest",
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Page[Hazard, Place]:
    """One page: newest first, or (`due`) what is due soonest first, which shows only what waits for something."""
    filters = filters or HazardFilters()
    rows = _slice(actor, filters, order=order, at=before or after, back=before is not None, cap=limit + 1)
    return cut(rows, lambda row: place_of(row, order), after=after, before=before, limit=limit)


def place_of(hazard: Hazard, order: Order) -> Place:
    moment = hazard.found_at if order == "newest" else hazard.due_at
    assert moment is not None  # noqa: S101 -- the due order holds only rows with a due date
    return moment, hazard.pk


def count_hazards(actor: Actor, filters: HazardFilters, *, order: Order = "newest", most: int = COUNTED) -> int:
    """How many there are, up to `most` + 1."""
    if filters.words and not filters.mine:
        return len(
            search.find(filters.words, filters.narrowed(actor), waiting=order == "due", cap=most + 1, ordered=False)
        )
    pieces = _matching(actor, filters, order)
    if len(pieces) == 1:
        return pieces[0].values("pk").order_by()[: most + 1].count()
    found = {pk for piece in pieces for pk in piece.values_list("pk", flat=True).order_by()[: most + 1]}
    return min(len(found), most + 1)


def walk(actor: Actor, filters: HazardFilters, *, order: Order = "newest", step: int = 1000) -> Iterator[list[Hazard]]:
    """All of a filter in order, in bounded portions."""
    at: Place | None = None
    while rows := _slice(actor, filters, order=order, at=at, back=False, cap=step):
        yield rows
        if len(rows) < step:
            return
        at = place_of(rows[-1], order)


def _slice(
    actor: Actor, filters: HazardFilters, *, order: Order, at: Place | None, back: bool, cap: int
) -> list[Hazard]:
    waiting = order == "due"
    column = "due_at" if waiting else "found_at"
    columns = (column, "id") if waiting else (f"-{column}", "-id")
    if filters.words and not filters.mine:
        ids = search.find(filters.words, filters.narrowed(actor), waiting=waiting, at=at, back=back, cap=cap)
        return list(behind(Hazard.objects.filter(pk__in=ids), columns, None, back=back)) if ids else []
    pieces = _matching(actor, filters, order)
    found = {row.pk: row for piece in pieces for row in behind(piece, columns, at, back=back)[:cap]}
    return sorted(found.values(), key=lambda row: place_of(row, order), reverse=back == waiting)[:cap]


def _matching(actor: Actor, filters: HazardFilters, order: Order) -> list[QuerySet[Hazard]]:
    """The rows of a filter, in pieces that each have an index and that may overlap."""
    rows = Hazard.objects.filter(seen(actor), filters.q())
    if order == "due":
        rows = rows.filter(due_at__isnull=False, state__in=OPEN)
    if not filters.mine:
        return [rows]
    if filters.words:
        rows = rows.filter(pk__in=search.find(filters.words, filters.narrowed(actor), cap=search.MOST, ordered=False))
    return [rows.filter(one) for one in branches(actor)]


def enterprise_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names for hazards the actor sees; the enterprise itself may be registered under another field."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    with scope.elevated("a hazard names its enterprise to whoever sees the hazard"):
        return dict(Enterprise.objects.filter(pk__in=wanted).values_list("id", "name"))
