"""Lists of rewards in the actor's scope: pages by keyset, bounded counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.keyset import Page, page
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
) -> Page[Reward, Place]:
    """Newest first."""
    rows = Reward.objects.filter(seen(actor), filters.q()).select_related("rule")
    found = page(rows, ("-created_at", "-id"), after=after, before=before, limit=limit)
    with_reports(found.rows)
    return found


def count_rewards(actor: Actor, filters: Filters) -> int:
    """At most one more than is counted."""
    return Reward.objects.filter(seen(actor), filters.q()).values("pk").order_by()[: COUNTED + 1].count()
