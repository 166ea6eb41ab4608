"""Lists of rewards in the actor's scope: pages by keyset, bounded counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.reading import reach_of, read_code, read_id
from anlan.rewards.models import Reward
from anlan.rewards.queries.detail import with_reports
from anlan.rewards.states import OPEN, STATES

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
Place = tuple[datetime, UUID]
CODES = frozenset(state.code for state in STATES)


@dataclass(frozen=True, kw_only=True)
class Filters:
    states: tuple[str, ...] = ()
    """Codes, or "open" for all that wait for something."""
    way: str = ""
    year: int | None = None
    region: int | None = None
    late: bool = False
    budget: UUID | None = None
    """Taken from this budget."""
    disputed: bool = False
    words: str = ""
    """The beginning of a reward's or a report's number."""

    def q(self) -> Q:
        found = Q()
        if self.states:
            wanted = {one for code in self.states for one in (OPEN if code == "open" else (code,))}
            found &= Q(state__in=sorted(wanted))
        if self.way:
            found &= Q(way=self.way)
        if self.year:
            found &= Q(year=self.year)
        if self.budget:
            found &= Q(budget=self.budget)
        if self.late:
            found &= Q(late=True, state__in=OPEN)
        if self.disputed:
            found &= Q(disputed=True)
        if self.words:
            found &= Q(number__startswith=self.words) | Q(report__number__startswith=self.words)
        if reach := reach_of(self.region):
            found &= Q(region__gte=reach[0], region__lt=reach[1])
        return found


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: list[Reward]
    after: Place | None
    before: Place | None


def read_filters(asked: Any) -> Filters:
    """What an address says; what cannot be read is left out."""
    year = asked.get("year", "")
    return Filters(
        states=tuple(code for code in asked.getlist("state") if code in CODES or code == "open"),
        way=asked.get("way", "") if asked.get("way") in ("wechat", "voucher") else "",
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        region=read_code(asked.get("region")),
        late=bool(asked.get("late")),
        budget=read_id(asked.get("budget")),
        disputed=bool(asked.get("disputed")),
        words=asked.get("q", "").strip().upper()[:24],
    )


def seen(actor: Actor) -> Q:
    """The plain range before the policy, so that the index is chosen."""
    return scope.within(actor, industry=None, county="county")


def rewards(
    actor: Actor, filters: Filters, *, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Page:
    """Newest first."""
    back = before is not None
    rows = list(_slice(actor, filters, before or after, back=back)[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    if back:
        rows.reverse()
    return Page(
        rows=with_reports(rows),
        after=_place(rows[-1]) if rows and (more or back) else None,
        before=_place(rows[0]) if rows and (more if back else after is not None) else None,
    )


def _place(row: Reward) -> Place:
    return row.created_at, row.pk


def _slice(actor: Actor, filters: Filters, at: Place | None, *, back: bool) -> QuerySet[Reward]:
    rows = Reward.objects.filter(seen(actor), filters.q()).select_related("rule")
    if at:
        moment, key = at
        past = "gt" if back else "lt"
        rows = rows.filter(
            Q(**{f"created_at__{past}": moment}) | Q(**{f"id__{past}": key}), **{f"created_at__{past}e": moment}
        )
    return rows.order_by("created_at", "id") if back else rows.order_by("-created_at", "-id")


def count_rewards(actor: Actor, filters: Filters) -> int:
    """At most one more than is counted."""
    return Reward.objects.filter(seen(actor), filters.q()).values("pk").order_by()[: COUNTED + 1].count()
