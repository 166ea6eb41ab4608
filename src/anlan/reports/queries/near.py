"""
It may be this one: reports near in place, time, words and picture.

Whoever asks often enough learns what is compared. So of other people's reports nothing is compared, and nothing leaves from here,
but what the public may read: the rounded place, the public words, and of a picture that is not shown how like it is at most. Only
officials, who read the report itself, and its own reporter are answered from what was sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from anlan.files.models import File
from anlan.kernel import clock, geo, scope
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.numbering import county_of
from anlan.kernel.text import bigrams
from anlan.reports import places, rulings
from anlan.reports.models import PublicReport, Report, ReportPhoto, Seal
from anlan.reports.rules import READERS
from anlan.reports.states import OPEN

LOOKED_AT, MOST = 400, 5
LEAST = 0.45
"""Below this it is not offered."""
BITS = 24
"""Of 64 bits: pictures that differ in more are not alike."""
WEIGHTS = {"place": 0.5, "words": 0.3, "picture": 0.3, "time": 0.1}
PLACES, EDGE = 3, 0.001
"""Decimals of a degree that the public is told, as on the plaza, and how far rounding to them may move a place."""
STEP = 100
"""Metres in which others are told how far it is."""
Pictures = Mapping[UUID, Sequence[ReportPhoto]]


@dataclass(frozen=True, kw_only=True)
class Near:
    """A report that may be the same, with how like it is and its picture if the asker may see it."""

    report: Report
    distance_m: int | None
    likeness: float
    photo: UUID | None
    own: bool
    """The asker follows it already."""
    whole: bool
    """The asker sent it, or reads it as an official: its own words may be told."""


@dataclass(frozen=True, kw_only=True)
class NearPublic:
    """A report of the plaza that may be the same, for somebody of whom nothing is known."""

    report: PublicReport
    distance_m: int | None
    likeness: float


@dataclass(frozen=True, kw_only=True)
class _Asked:
    point: geo.Point | None
    grams: frozenset[str]
    likenesses: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class _Sight:
    """A report as far as the asker may be told of it: what is compared."""

    region: int
    reported_at: datetime
    point: geo.Point | None
    words: str
    hashes: Sequence[int] = ()


def near(
    actor: Actor,
    *,
    lon: Decimal | float | None,
    lat: Decimal | float | None,
    crs: geo.System = "wgs84",
    words: str = "",
    category: str = "",
    photos: Sequence[UUID] = (),
    region: int | None = None,
) -> list[Near]:
    """At most five, the likest first. Neither what is held nor who reported, nor where exactly, can be learnt from it."""
    point = _point(lon, lat, crs)
    hashed = File.objects.filter(pk__in=list(photos), likeness__isnull=False).values_list("likeness", flat=True)
    asked = _Asked(point=point, grams=frozenset(bigrams(words)), likenesses=[one for one in hashed if one is not None])
    official = actor.role in READERS
    with scope.elevated("the same danger may have been reported by somebody else"):
        place, box = _around(point, region)
        if box is None and place is None:
            return []
        since = clock.now() - timedelta(days=int(value(rulings.NEAR_DAYS.key, place)))
        rows = _candidates(place, box, category, since)
        pictures = _pictures(rows)
        mine = _mine(actor, rows)
        found = [
            _near(asked, box, row, pictures, own=row.pk in mine, whole=official or mine.get(row.pk, False))
            for row in rows
        ]
    return _best([one for one in found if one is not None])


def being_drawn(photos: Sequence[UUID]) -> bool:
    """Whether one of the actor's photos has no likeness yet: asked again soon, more may be found."""
    return File.objects.filter(pk__in=list(photos), undrawn=True).exists()


def near_public(
    *,
    lon: Decimal | float | None,
    lat: Decimal | float | None,
    crs: geo.System = "wgs84",
    words: str = "",
    category: str = "",
    region: int | None = None,
) -> list[NearPublic]:
    """The same for a visitor: among the plaza's reports alone, from the plaza's own table. Call it in any scope."""
    point = _point(lon, lat, crs)
    asked = _Asked(point=point, grams=frozenset(bigrams(words)))
    place, box = _around(point, region)
    if box is None and place is None:
        return []
    since = clock.now() - timedelta(days=int(value(rulings.NEAR_DAYS.key, place)))
    rows = _narrowed(PublicReport.objects.filter(state__in=OPEN), place, box, category, since)
    found = [_near_public(asked, box, row) for row in rows]
    return _best([one for one in found if one is not None])


def _near_public(asked: _Asked, box: geo.Box | None, row: PublicReport) -> NearPublic | None:
    sight = _Sight(region=row.town, reported_at=row.reported_at, point=_place(row, PLACES), words=row.words)
    if box is not None and (sight.point is None or not geo.in_box(sight.point, box)):
        return None
    likeness, metres = _judged(asked, sight)
    if likeness is None:
        return None
    return NearPublic(report=row, distance_m=_in_steps(metres), likeness=likeness)


Found = TypeVar("Found", Near, NearPublic)


def _best(found: list[Found]) -> list[Found]:
    return sorted((one for one in found if one.likeness >= LEAST), key=lambda one: -one.likeness)[:MOST]


def _point(lon: Decimal | float | None, lat: Decimal | float | None, crs: geo.System) -> geo.Point | None:
    return geo.to_wgs84(float(lon), float(lat), crs) if lon is not None and lat is not None else None


def _around(point: geo.Point | None, region: int | None) -> tuple[int | None, geo.Box | None]:
    place = region or (places.region_at(*point) if point else None)
    if point is None:
        return place, None
    return place, geo.box_around(point, int(value(rulings.NEAR_METRES.key, place)))


def _narrowed(rows: Any, place: int | None, box: geo.Box | None, category: str, since: datetime) -> list[Any]:
    """The newest in the box, with the edge that a rounded place may come in by; without a position, of the county."""
    rows = rows.filter(reported_at__gte=since).exclude(outcome="duplicate")
    if box is not None:
        west, south, east, north = box
        rows = rows.filter(lon__range=(west - EDGE, east + EDGE), lat__range=(south - EDGE, north + EDGE))
    else:
        rows = rows.filter(county=county_of(place or 0))
        if category:
            rows = rows.filter(Q(category_id=category) | Q(category=None))
    return list(rows.select_related("category").order_by("-reported_at", "-id")[:LOOKED_AT])


def _candidates(place: int | None, box: geo.Box | None, category: str, since: datetime) -> list[Report]:
    return _narrowed(Report.objects.filter(state__in=OPEN, held=False), place, box, category, since)


def _pictures(rows: Iterable[Report]) -> dict[UUID, list[ReportPhoto]]:
    found: dict[UUID, list[ReportPhoto]] = {}
    for photo in ReportPhoto.objects.filter(report__in=[row.pk for row in rows], phase="report").order_by("at", "id"):
        found.setdefault(photo.report_id, []).append(photo)
    return found


def _mine(actor: Actor, rows: Iterable[Report]) -> dict[UUID, bool]:
    """What the asker follows, and whether they sent it: whoever joined reads no more of it than the public."""
    if actor.person is None:
        return {}
    seals = Seal.objects.filter(person_id=actor.person, report__in=[row.pk for row in rows])
    return dict(seals.values_list("report_id", "first"))


def _near(
    asked: _Asked, box: geo.Box | None, row: Report, pictures: Pictures, *, own: bool, whole: bool
) -> Near | None:
    own_pictures = pictures.get(row.pk, ())
    drawn = (one for one in own_pictures if one.likeness is not None)
    public_words = row.public_words if row.public else ""
    sight = _Sight(
        region=row.region,
        reported_at=row.reported_at,
        point=_place(row, None if whole else PLACES),
        words=row.words if whole else public_words,
        hashes=[one.likeness for one in own_pictures if one.likeness is not None],
    )
    if box is not None and (sight.point is None or not geo.in_box(sight.point, box)):
        return None
    likeness, metres = _judged(asked, sight)
    if likeness is None:
        return None
    return Near(
        report=row,
        distance_m=metres if whole else _in_steps(metres),
        likeness=likeness,
        photo=next((one.pk for one in drawn if whole or (row.public and one.shown)), None),
        own=own,
        whole=whole,
    )


def _place(row: Report | PublicReport, decimals: int | None) -> geo.Point | None:
    if row.lon is None or row.lat is None:
        return None
    if decimals is None:
        return float(row.lon), float(row.lat)
    return float(round(row.lon, decimals)), float(round(row.lat, decimals))


def _in_steps(metres: int | None) -> int | None:
    return None if metres is None else max(STEP, -(-metres // STEP) * STEP)


def _judged(asked: _Asked, seen: _Sight) -> tuple[float | None, int | None]:
    """How like it is, from 0 to 1, and how far; None when there is nothing to compare but the time."""
    parts: dict[str, float] = {}
    metres = int(geo.haversine_m(asked.point, seen.point)) if asked.point and seen.point else None
    if metres is not None:
        parts["place"] = max(0.0, 1 - metres / int(value(rulings.NEAR_METRES.key, seen.region)))
    if asked.grams and seen.words:
        theirs = set(bigrams(seen.words))
        parts["words"] = len(asked.grams & theirs) / max(1, min(len(asked.grams), len(theirs)))
    if asked.likenesses and seen.hashes:
        closest = min(_apart(a, b) for a in asked.likenesses for b in seen.hashes)
        parts["picture"] = max(0.0, 1 - closest / BITS)
    if not parts:
        return None, metres
    age = (clock.now() - seen.reported_at).total_seconds() / 86_400
    parts["time"] = max(0.0, 1 - age / int(value(rulings.NEAR_DAYS.key, seen.region)))
    weight = sum(WEIGHTS[name] for name in parts)
    return round(sum(WEIGHTS[name] * part for name, part in parts.items()) / weight, 1), metres


def _apart(a: int, b: int) -> int:
    return ((a ^ b) & ((1 << 64) - 1)).bit_count()
