"""Lists of returns in the actor's scope: pages by keyset, bounded counts, what is mine and what waits for me."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.campaigns.models import Return
from anlan.campaigns.states import STATES, WRITING
from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.keyset import Page, page
from anlan.kernel.reading import reach_of, read_code, read_day, read_id

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
MINE = 24
WAITING = 100
Place = tuple[date, int, UUID]
CODES = frozenset(state.code for state in STATES)
GROUPS = {"open": (*WRITING, "passed", "accepted"), "writing": WRITING}
"""Words for several states at once."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    campaign: UUID | None = None
    month: date | None = None
    states: tuple[str, ...] = ()
    """Codes, or a word of `GROUPS`."""
    region: int | None = None
    unit: UUID | None = None
    late: bool = False
    """Not handed in when it was due, or late now."""
    missing: bool = False
    bounced: bool = False
    sent_back: bool = False
    amended: bool = False
    words: str = ""
    """Part of the unit's name."""

    def q(self) -> Q:
        found = Q()
        if self.campaign:
            found &= Q(campaign_id=self.campaign)
        if self.month:
            found &= Q(month=self.month)
        if self.states:
            found &= Q(state__in=sorted({one for code in self.states for one in GROUPS.get(code, (code,))}))
        if self.unit:
            found &= Q(unit_id=self.unit)
        if self.late:
            found &= Q(was_late=True) | Q(late=True)
        if self.missing:
            found &= Q(missing=True)
        for name in ("bounced", "sent_back", "amended"):
            if getattr(self, name):
                found &= Q(**{f"{name}__gt": 0})
        if self.words:
            found &= Q(unit__name__contains=self.words)
        if reach := reach_of(self.region):
            found &= Q(region__gte=reach[0], region__lt=reach[1])
        return found


def read_filters(asked: Any) -> Filters:
    """What an address says; what cannot be read is left out."""
    month = read_day(f"{asked.get('month', '')}-01") if asked.get("month") else None
    flags = {name: bool(asked.get(name)) for name in ("late", "missing", "bounced", "sent_back", "amended")}
    return Filters(
        campaign=read_id(asked.get("campaign")),
        month=month,
        states=tuple(code for code in asked.getlist("state") if code in CODES or code in GROUPS),
        region=read_code(asked.get("region")),
        unit=read_id(asked.get("unit")),
        words=asked.get("q", "").strip()[:60],
        **flags,
    )


def seen(actor: Actor) -> Q:
    """The plain range before the policy, so that the index is chosen."""
    return scope.within(actor, industry=None)


def returns(
    actor: Actor, filters: Filters, *, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Page[Return, Place]:
    """Newest month first, then by region."""
    rows = Return.objects.filter(seen(actor), filters.q()).select_related("unit", "reviewer", "campaign")
    rows = rows.defer("values", "troubles", "faults", "counted")
    return page(rows, ("-month", "region", "id"), after=after, before=before, limit=limit)


def count_returns(actor: Actor, filters: Filters) -> int:
    """At most one more than is counted."""
    return Return.objects.filter(seen(actor), filters.q()).values("pk").order_by()[: COUNTED + 1].count()


def mine(actor: Actor) -> list[Return]:
    """The returns of the actor's unit, newest first."""
    if actor.organisation is None:
        return []
    rows = Return.objects.filter(unit_id=actor.organisation).select_related("unit", "reviewer", "campaign")
    return list(rows.defer("values", "counted").order_by("-month", "id")[:MINE])


def waiting_for(actor: Actor) -> list[tuple[Return, str]]:
    """Returns with the step that this post takes next, what is due first: fill, review, lock. Whoever handed in does neither of the latter."""
    rows = Return.objects.select_related("unit", "reviewer", "campaign").defer("values", "counted")
    rows = rows.order_by("due_at", "id")
    found: list[tuple[Return, str]] = []
    own = Q(pk__in=[])
    if actor.organisation is not None and actor.role in (roles.OFFICE, roles.REGULATOR):
        own = Q(unit_id=actor.organisation)
        found += [(row, "fill") for row in rows.filter(own, state__in=WRITING)[:WAITING]]
        found += [(row, "review") for row in _not_mine(rows, actor).filter(reviewer_id=actor.organisation, state="passed")[:WAITING]]  # fmt: skip
    if actor.role == roles.OFFICE:
        office = _not_mine(rows, actor).filter(scope.within(actor, region="territory", industry=None)).exclude(own)
        found += [(row, "review") for row in office.filter(reviewer=None, state="passed")[:WAITING]]
        found += [(row, "lock") for row in office.filter(state="accepted")[:WAITING]]
    return found


def _not_mine(rows: QuerySet[Return], actor: Actor) -> QuerySet[Return]:
    return rows.exclude(filler_person_id=actor.person) if actor.person else rows


def months(actor: Actor, campaign: UUID | None, *, limit: int = 24) -> list[date]:
    """Months with returns in sight, newest first."""
    rows = Return.objects.filter(seen(actor))
    if campaign:
        rows = rows.filter(campaign_id=campaign)
    return list(rows.order_by("-month").values_list("month", flat=True).distinct()[:limit])
