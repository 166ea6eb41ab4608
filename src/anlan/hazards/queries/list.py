"""Lists of hazards in the actor's scope: pages by keyset, bounded counts, and a bounded walk for exports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.hazards import search
from anlan.hazards.models import Hazard
from anlan.hazards.queries.filters import HazardFilters, seen
from anlan.hazards.queries.waiting import waits_for
from anlan.hazards.states import OPEN
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.registry.models import Enterprise

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
Order = Literal["newest", "due"]
Place = tuple[datetime, UUID]


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: list[Hazard]
    after: Place | None
    before: Place | None


def hazards(
    actor: Actor,
    filters: HazardFilters | None = None,
    *,
    order: Order = "newest",
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Page:
    """One page: newest first, or (`due`) what is due soonest first, which shows only what waits for something."""
    filters = filters or HazardFilters()
    back = before is not None
    rows = _slice(actor, filters, order=order, at=before or after, back=back, cap=limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    if back:
        rows.reverse()
    return Page(
        rows=rows,
        after=place_of(rows[-1], order) if rows and (more or back) else None,
        before=place_of(rows[0], order) if rows and (more if back else after is not None) else None,
    )


def place_of(hazard: Hazard, order: Order) -> Place:
    moment = hazard.found_at if order == "newest" else hazard.due_at
    assert moment is not None  # noqa: S101 -- the due order holds only rows with a due date
    return moment, hazard.pk


def count_hazards(actor: Actor, filters: HazardFilters, *, order: Order = "newest", most: int = COUNTED) -> int:
    """How many there are, up to `most` + 1."""
    if filters.words and not filters.mine:
        return len(search.find(filters.words, filters.narrowed(), waiting=order == "due", cap=most + 1))
    rows = _matching(actor, filters, order)
    return rows.values("pk").order_by()[: most + 1].count()


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
    falling = back == waiting
    ordered = (f"-{column}", "-id") if falling else (column, "id")
    if filters.words and not filters.mine:
        ids = search.find(filters.words, filters.narrowed(), waiting=waiting, at=at, back=back, cap=cap)
        return list(Hazard.objects.filter(pk__in=ids).order_by(*ordered)) if ids else []
    rows = _matching(actor, filters, order)
    if at:
        moment, record = at
        # The first comparison chooses the index, the second settles rows of one moment.
        if falling:
            rows = rows.filter(Q(**{f"{column}__lt": moment}) | Q(id__lt=record), **{f"{column}__lte": moment})
        else:
            rows = rows.filter(Q(**{f"{column}__gt": moment}) | Q(id__gt=record), **{f"{column}__gte": moment})
    return list(rows.order_by(*ordered)[:cap])


def _matching(actor: Actor, filters: HazardFilters, order: Order) -> QuerySet[Hazard]:
    rows = Hazard.objects.filter(seen(actor), filters.q())
    if filters.mine:
        rows = rows.filter(waits_for(actor))
        if filters.words:
            rows = rows.filter(pk__in=search.find(filters.words, filters.narrowed(), cap=search.MOST))
    if order == "due":
        rows = rows.filter(due_at__isnull=False, state__in=OPEN)
    return rows


def enterprise_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names for hazards the actor sees; the enterprise itself may be registered under another field."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    with scope.elevated("a hazard names its enterprise to whoever sees the hazard"):
        return dict(Enterprise.objects.filter(pk__in=wanted).values_list("id", "name"))
