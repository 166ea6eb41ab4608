"""
What no published checklist covers: industries, enterprises, kinds of facility, county by county.

An enterprise is covered when a list of its industry is in force where it lies; the lists common to all do not count, nor do
those of a campaign. A facility of an enterprise is covered when an item in force there asks about it, a campaign's too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors, subtree
from anlan.kernel.keyset import Page, page
from anlan.kernel.scope import within
from anlan.registry.models import Enterprise
from anlan.standards.models import Edition
from anlan.standards.queries.editions import editions_in_force

A_COUNTY = 1_000_000
PAGE = 50


Place = tuple[str, UUID]


@dataclass(kw_only=True)
class Figure:
    """`total` enterprises, of which `bare` are not covered."""

    key: str
    total: int = 0
    bare: int = 0
    lists: int = 0


@dataclass(kw_only=True)
class Coverage:
    industries: dict[str, Figure] = field(default_factory=dict)
    facilities: dict[str, Figure] = field(default_factory=dict)
    counties: dict[int, Figure] = field(default_factory=dict)
    total: int = 0
    bare: int = 0

    @property
    def bare_industries(self) -> list[str]:
        """Industries with enterprises of which none is covered."""
        return [one.key for one in self.industries.values() if one.total and one.bare == one.total]

    @property
    def bare_facilities(self) -> list[str]:
        return [one.key for one in self.facilities.values() if one.total and one.bare == one.total]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A list in force: where, of which industry, and which facilities it asks about, in which industries (empty: all)."""

    region: int
    industry: str | None
    campaign: str
    asks: frozenset[tuple[str, frozenset[str]]]


def held(day: date) -> list[Held]:
    return [_held(edition) for edition in editions_in_force(day)]


def _held(edition: Edition) -> Held:
    asks = {
        (facility, frozenset(item.applies.get("industry", ())))
        for item in edition.items.all()
        for facility in item.applies.get("facility", ())
    }
    row = edition.checklist
    return Held(region=row.region, industry=row.industry_id, campaign=row.campaign, asks=frozenset(asks))


def coverage(actor: Actor, day: date, *, county: int | None = None) -> Coverage:
    """Two grouped scans of the enterprises in scope; what covers whom is settled over the groups."""
    lists = held(day)
    rows = _enterprises(actor, county)
    found = Coverage()
    for one in lists:
        if one.industry and not one.campaign and _reaches(actor, county, one.region):
            found.industries.setdefault(one.industry, Figure(key=one.industry)).lists += 1
    plain = _Covered(lists)
    for region, industry, count in rows.values_list("region", "industry_id").annotate(n=Count("id")).order_by():
        bare = 0 if plain.industry(region, industry) else count
        place = region - region % A_COUNTY
        for figure in (
            found.industries.setdefault(industry, Figure(key=industry)),
            found.counties.setdefault(place, Figure(key=str(place))),
        ):
            figure.total += count
            figure.bare += bare
        found.total += count
        found.bare += bare
    each = rows.annotate(facility=_Unnest(F("facilities"))).values_list("region", "industry_id", "facility")
    for region, industry, facility, count in each.annotate(n=Count("id")).order_by():
        figure = found.facilities.setdefault(facility, Figure(key=facility))
        figure.total += count
        figure.bare += 0 if plain.facility(region, industry, facility) else count
    return found


class _Unnest(Func):
    function = "unnest"
    set_returning = True


class _Covered:
    """Answers once for each group, as there are far fewer groups than enterprises."""

    def __init__(self, lists: Iterable[Held]) -> None:
        self.industries: set[tuple[int, str]] = set()
        self.facilities: set[tuple[int, str | None, str]] = set()
        for one in lists:
            if one.industry and not one.campaign:
                self.industries.add((one.region, one.industry))
            for facility, fields in one.asks:
                for code in _fields(one.industry, fields):
                    self.facilities.add((one.region, code, facility))

    def industry(self, region: int, industry: str) -> bool:
        return any((place, industry) in self.industries for place in (region, *ancestors(region)))

    def facility(self, region: int, industry: str, facility: str) -> bool:
        return any(
            (place, code, facility) in self.facilities
            for place in (region, *ancestors(region))
            for code in (None, industry)
        )


def _fields(industry: str | None, fields: frozenset[str]) -> Iterator[str | None]:
    """The industries in which an item is asked: the list's own, the item's, or None for all."""
    if not fields:
        yield industry
    else:
        yield from (code for code in fields if industry in (None, code))


def _reaches(actor: Actor, county: int | None, region: int) -> bool:
    """Whether a list made for a region holds somewhere in what is looked at."""
    if county is not None:
        return region in (county, *ancestors(county)) or region - region % A_COUNTY == county
    if actor.region is None:
        return True
    return actor.covers(region) or region in ancestors(actor.region)


def _enterprises(actor: Actor, county: int | None) -> QuerySet[Enterprise]:
    rows = Enterprise.objects.filter(within(actor)).exclude(status="closed")
    return rows if county is None else rows.filter(region__gte=county, region__lt=county + A_COUNTY)


@dataclass(frozen=True, kw_only=True)
class Bare:
    """What rows are asked for: a county, an industry, or those with a facility nobody asks about."""

    county: int | None = None
    industry: str = ""
    facility: str = ""


def bare_enterprises(
    actor: Actor, day: date, asked: Bare, *, after: Place | None = None, limit: int = PAGE
) -> Page[Enterprise, Place]:
    """The rows behind the figures, by name."""
    rows = _enterprises(actor, asked.county)
    if asked.industry:
        rows = rows.filter(industry_id=asked.industry)
    if asked.facility:
        rows = rows.filter(facilities__contains=[asked.facility])
    covered = Q(pk__in=[])
    for one in held(day):
        low, high = subtree(one.region)
        place = Q(region__gte=low, region__lt=high)
        if not asked.facility:
            if one.industry and not one.campaign:
                covered |= place & Q(industry_id=one.industry)
            continue
        for facility, fields in one.asks:
            if facility == asked.facility:
                codes = list(_fields(one.industry, fields))
                covered |= place if None in codes else place & Q(industry_id__in=codes)
    return page(rows.exclude(covered), ("name", "id"), after=after, limit=limit)
