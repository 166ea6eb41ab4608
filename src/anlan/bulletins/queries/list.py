"""Lists of bulletins in the actor's scope: pages by keyset, bounded counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.bulletins.models import Bulletin
from anlan.bulletins.states import STATES
from anlan.campaigns.models import Campaign
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, page
from anlan.kernel.reading import read_id

COUNTED = 1000
Place = tuple[datetime, UUID]
CODES = frozenset(state.code for state in STATES)
HEAVY = ("content", "figures", "tables", "typed", "changed")


@dataclass(frozen=True, kw_only=True)
class Filters:
    states: tuple[str, ...] = ()
    campaign: UUID | None = None
    year: int | None = None

    def q(self) -> Q:
        found = Q()
        if self.states:
            found &= Q(state__in=self.states)
        if self.campaign:
            found &= Q(campaign=self.campaign)
        if self.year:
            found &= Q(last_month__year=self.year)
        return found


def read_filters(asked: Any) -> Filters:
    """What an address says; what cannot be read is left out."""
    year = asked.get("year", "")
    return Filters(
        states=tuple(code for code in asked.getlist("state") if code in CODES),
        campaign=read_id(asked.get("campaign")),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
    )


def bulletin(key: UUID) -> Bulletin:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = Bulletin.objects.select_related("campaign").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def bulletins(
    actor: Actor, filters: Filters, *, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Page[Bulletin, Place]:
    """Newest first. Those of a territory above are seen once they are issued: row security decides."""
    rows = Bulletin.objects.filter(filters.q()).select_related("campaign").defer(*HEAVY)
    return page(rows, ("-created_at", "-id"), after=after, before=before, limit=limit)


def count_bulletins(filters: Filters) -> int:
    """At most one more than is counted."""
    return Bulletin.objects.filter(filters.q()).values("pk").order_by()[: COUNTED + 1].count()


def campaigns(actor: Actor) -> list[Campaign]:
    """Campaigns of the actor's territory, of those within it and above it."""
    found = Q()
    for low, high in actor.regions:
        found |= Q(region__gte=low, region__lt=high) | Q(region__in=[low, *ancestors(low)] if low else [])
    return list(Campaign.objects.filter(found).order_by("-from_day", "code")[:200]) if actor.regions else []
