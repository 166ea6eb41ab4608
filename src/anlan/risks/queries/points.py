"""Risk points in the caller's scope: pages, counts up to a bound, and all of a filter for an export."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import tidy
from anlan.kernel.keyset import Page, behind, cut
from anlan.kernel.reading import reach_of, read_code, read_id
from anlan.kernel.scope import A_COUNTY, within
from anlan.risks import search
from anlan.risks.models import RiskPoint
from anlan.risks.rulings import WORST_FIRST

COUNTED = 1000
NONE = "none"
"""Stands in the colour filter for points that were never assessed."""
_NUMBER = re.compile(r"FX-[0-9-]{2,21}")
Place = tuple[date | None, UUID]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """`due` lists what is due for re-assessment, the longest overdue first; `retired` those no longer in use."""

    words: str = ""
    colour: str = ""
    region: int | None = None
    industry: str = ""
    enterprise: UUID | None = None
    overdue: bool = False
    retired: bool = False

    @property
    def number(self) -> str:
        """The beginning of a point's number, when that is what the words are."""
        text = tidy(self.words)
        return text if _NUMBER.fullmatch(text) else ""

    @property
    def range(self) -> tuple[int, int] | None:
        return reach_of(self.region)

    def q(self) -> Q:
        found = Q(active=not self.retired)
        if self.range:
            low, high = self.range
            county = high - low == A_COUNTY and low % A_COUNTY == 0
            found &= Q(county=low) if county else Q(region__gte=low, region__lt=high)
        if self.colour:
            found &= Q(colour="" if self.colour == NONE else self.colour)
        if self.industry:
            found &= Q(industry_id=self.industry)
        if self.enterprise:
            found &= Q(enterprise_id=self.enterprise)
        if self.overdue:
            found &= Q(reassess_by__lt=clock.today())
        if self.number:
            found &= Q(number__gte=self.number, number__lt=f"{self.number}~")
        elif self.words:
            found &= Q(pk__in=search.find(self.words, within=self.range))
        return found

    def query(self) -> str:
        pairs = {
            "q": self.words, "colour": self.colour, "region": self.region, "industry": self.industry,
            "enterprise": self.enterprise, "overdue": self.overdue, "retired": self.retired,
        }  # fmt: skip
        return urlencode([(key, "1" if value is True else value) for key, value in pairs.items() if value])


def read_filters(params: Any) -> Filters:
    """From a query string; what cannot be read is left out, so that an old link still opens a list."""
    colour = str(params.get("colour", ""))
    return Filters(
        words=str(params.get("q", "")).strip()[:100],
        colour=colour if colour in (*WORST_FIRST, NONE) else "",
        region=read_code(params.get("region")),
        industry=str(params.get("industry", ""))[:30],
        enterprise=read_id(params.get("enterprise")),
        overdue=bool(params.get("overdue")),
        retired=bool(params.get("retired")),
    )


def seen(actor: Actor) -> Q:
    """The actor's scope as plain comparisons, for the index; the policy stands behind it."""
    return Q(enterprise_id__in=actor.enterprises) if actor.enterprises else within(actor, county="county")


def place_of(row: RiskPoint, filters: Filters) -> Place:
    return (row.reassess_by if filters.overdue else None, row.pk)


def points(
    actor: Actor, filters: Filters, *, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Page[RiskPoint, Place]:
    """Newest first; those overdue by the day they were due."""
    rows = _slice(actor, filters, at=before or after, back=before is not None, cap=limit + 1)
    return cut(rows, lambda row: place_of(row, filters), after=after, before=before, limit=limit)


def _slice(actor: Actor, filters: Filters, *, at: Place | None, back: bool, cap: int) -> list[RiskPoint]:
    rows = RiskPoint.objects.filter(seen(actor), filters.q()).select_related("enterprise", "unit")
    if filters.overdue:
        return list(behind(rows, ("reassess_by", "id"), at, back=back)[:cap])
    return list(behind(rows, ("-id",), at and at[1:], back=back)[:cap])


def count_points(actor: Actor, filters: Filters, *, most: int = COUNTED) -> int:
    """How many there are, up to `most` + 1."""
    rows: QuerySet[RiskPoint] = RiskPoint.objects.filter(seen(actor), filters.q())
    return rows.values("pk").order_by()[: most + 1].count()


def walk(actor: Actor, filters: Filters, *, step: int = 1000) -> Iterator[list[RiskPoint]]:
    """All of a filter in order, in bounded portions."""
    at: Place | None = None
    while rows := _slice(actor, filters, at=at, back=False, cap=step):
        yield rows
        if len(rows) < step:
            return
        at = place_of(rows[-1], filters)


def tallied(enterprise: UUID) -> dict[str, int]:
    """How many points in use an enterprise has of each colour, "" for those never assessed, "overdue" among all."""
    rows = RiskPoint.objects.filter(enterprise_id=enterprise, active=True)
    found = dict(rows.values_list("colour").annotate(n=Count("pk")).order_by())
    return found | {"overdue": rows.filter(reassess_by__lt=clock.today()).count()}


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(RiskPoint.objects.filter(pk__in=list(ids)).values_list("id", "name"))
