"""Lists of instruments in the actor's scope: pages by keyset, bounded counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Instrument
from anlan.enforcement.states import OPEN, STATES
from anlan.identity.roles import ENTERPRISE_POSTS
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.keyset import Page, page
from anlan.kernel.reading import reach_of, read_code, read_id

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
Place = tuple[datetime, UUID]
CODES = frozenset(state.code for state in STATES)


@dataclass(frozen=True, kw_only=True)
class Filters:
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    """Codes, or "open" for all that wait for something."""
    region: int | None = None
    """The addressee's, with all below it."""
    enterprise: UUID | None = None
    unit: UUID | None = None
    case: UUID | None = None
    source: tuple[str, UUID] | None = None
    late: bool = False
    words: str = ""
    """The beginning of a number, or of the addressee's name."""

    def q(self) -> Q:
        found = Q()
        if self.kinds:
            found &= Q(kind__in=self.kinds)
        if self.states:
            wanted = {one for code in self.states for one in (OPEN if code == "open" else (code,))}
            found &= Q(state__in=sorted(wanted))
        for name in ("enterprise", "unit", "case"):
            if key := getattr(self, name):
                found &= Q(**{f"{name}_id": key})
        if self.source:
            found &= Q(source_type=self.source[0], source_id=self.source[1])
        if self.late:
            found &= Q(late=True, state__in=OPEN)
        if self.words:
            found &= Q(number__startswith=self.words) | Q(addressee__startswith=self.words)
        if reach := reach_of(self.region):
            found &= Q(place__gte=reach[0], place__lt=reach[1])
        return found


def read_filters(asked: Any) -> Filters:
    """What an address says; what cannot be read is left out."""
    return Filters(
        kinds=tuple(code for code in asked.getlist("kind") if code in kinds()),
        states=tuple(code for code in asked.getlist("state") if code in CODES or code == "open"),
        region=read_code(asked.get("region")),
        enterprise=read_id(asked.get("enterprise")),
        unit=read_id(asked.get("unit")),
        case=read_id(asked.get("case")),
        late=bool(asked.get("late")),
        words=asked.get("q", "").strip()[:60],
    )


def seen(actor: Actor) -> Q:
    """The plain conditions before the policy, so that an index is chosen."""
    if actor.role in ENTERPRISE_POSTS:
        return Q(known_to_id__in=actor.enterprises)
    return scope.within(actor, industry=None)


def instruments(
    actor: Actor, filters: Filters, *, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Page[Instrument, Place]:
    """Newest first."""
    rows = Instrument.objects.filter(seen(actor), filters.q())
    return page(rows, ("-created_at", "-id"), after=after, before=before, limit=limit)


def count_instruments(actor: Actor, filters: Filters) -> int:
    """At most one more than is counted."""
    return Instrument.objects.filter(seen(actor), filters.q()).values("pk").order_by()[: COUNTED + 1].count()
