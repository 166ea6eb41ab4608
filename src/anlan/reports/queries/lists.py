"""Lists of reports in the actor's sight: pages by keyset, bounded counts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import subtree
from anlan.kernel.keyset import Page, page
from anlan.kernel.scope import within
from anlan.reports import search
from anlan.reports.models import Report
from anlan.reports.queries.record import veiled
from anlan.reports.rules import DESK, UNIT
from anlan.reports.states import ALL, OPEN, UNSENT

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
Place = tuple[datetime, UUID]


@dataclass(frozen=True, kw_only=True)
class ReportFilters:
    """The same words in the address, the list and the export."""

    words: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    region: int | None = None
    unit: UUID | None = None
    outcome: str = ""
    late: bool = False
    urgent: bool = False
    held: bool = False
    industry: str = ""
    channel: str = ""
    mine: bool = False
    enterprise: UUID | None = None
    reported_from: date | None = None
    reported_to: date | None = None

    def q(self, actor: Actor) -> Q:
        found = Q()
        if self.states:
            wanted = [one for state in self.states for one in (OPEN if state == "open" else (state,)) if one in ALL]
            found &= Q(state__in=wanted)
        if self.category:
            found &= Q(category_id=self.category)
        if self.region is not None:
            low, high = subtree(self.region)
            found &= Q(region__gte=low, region__lt=high)
        if self.unit is not None:
            found &= Q(unit_id=self.unit)
        if self.outcome:
            found &= Q(outcome=self.outcome)
        if self.industry:
            found &= Q(industry_id=self.industry)
        if self.channel:
            found &= Q(channel=self.channel)
        if self.late:
            found &= Q(late=True)
        if self.urgent:
            found &= ~Q(urgent="")
        if self.held:
            found &= Q(held=True)
        if self.enterprise is not None:
            found &= Q(enterprise_id=self.enterprise)
        if self.reported_from is not None:
            found &= Q(reported_at__gte=datetime.combine(self.reported_from, time.min, SHANGHAI))
        if self.reported_to is not None:
            found &= Q(reported_at__lt=datetime.combine(self.reported_to + timedelta(days=1), time.min, SHANGHAI))
        if self.words:
            found &= Q(pk__in=search.find(self.words))
        return found & waiting_for(actor) if self.mine else found


def seen(actor: Actor) -> Q:
    """The actor's sight as plain comparisons, for the index; the policy stands behind it."""
    mine = within(actor, industry=None if actor.role in DESK else "industry_bit", county="county")
    return mine | Q(unit_id=actor.organisation) if actor.organisation and actor.role in UNIT else mine


def waiting_for(actor: Actor) -> Q:
    """What waits for this post now."""
    found = Q(pk__in=[])
    if actor.role in DESK:
        found |= Q(state__in=UNSENT)
    if actor.role == "office":
        found |= Q(state="handled")
    if actor.role in UNIT and actor.organisation:
        found |= Q(state="dispatched", unit_id=actor.organisation)
    return found


def reports(
    actor: Actor,
    filters: ReportFilters | None = None,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Page[Report, Place]:
    """One page, newest first."""
    rows = _rows(actor, filters or ReportFilters()).select_related("category", "unit")
    found = page(rows, ("-reported_at", "-id"), after=after, before=before, limit=limit)
    veiled(actor, found.rows)
    return found


def _rows(actor: Actor, filters: ReportFilters) -> QuerySet[Report]:
    return Report.objects.filter(seen(actor), filters.q(actor))


def count_reports(actor: Actor, filters: ReportFilters, *, most: int = COUNTED) -> int:
    """How many there are, up to `most` + 1."""
    return _rows(actor, filters).values("pk").order_by()[: most + 1].count()
