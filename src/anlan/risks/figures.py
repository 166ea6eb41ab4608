"""Territories by colour, from kept counts: the cost grows with townships and fields, never with points."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from anlan.identity.models import Region
from anlan.kernel.actor import EVERYWHERE, Actor
from anlan.kernel.codes import level, subtree
from anlan.kernel.geo import Box
from anlan.registry.queries import region_names
from anlan.risks.cells import COLOURS, FINEST, WITHOUT_PLACE
from anlan.risks.models import MapDay
from anlan.risks.narrowing import Narrowing, counted, reads_cells, shown

BELOW = {"province": 10**8, "city": 10**6, "county": 10**3, "township": 1, "village": 1}
COUNTS = (*COLOURS, "overdue")


@dataclass(kw_only=True)
class Territory:
    """One line: how many points of each colour, how many are overdue for re-assessment, and where its label stands."""

    code: int = 0
    name: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    centre: tuple[float, float] | None = None
    opens: bool = False
    exact: bool = True
    """Whether its code names just these points: a county's own line counts what lies in none of its townships."""

    @property
    def total(self) -> int:
        return sum(self.counts[colour] for colour in COLOURS)

    @property
    def assessed(self) -> int:
        return self.total - self.counts["grey"]

    @property
    def worst_share(self) -> float | None:
        """Red points among those assessed; None where nothing is assessed."""
        return self.counts["red"] / self.assessed if self.assessed else None


@dataclass(frozen=True, kw_only=True)
class Territories:
    rows: list[Territory]
    total: Territory
    unplaced: int
    """Points without a position: counted here, and not to be seen on the map."""
    day: Any
    """The day up to which overdue re-assessments are counted."""


def territories(actor: Actor, narrowing: Narrowing) -> Territories:
    """By the territories below the reader's own, or below the one that was asked for."""
    size = _size(actor, narrowing)
    kept = reads_cells(actor, narrowing)
    rows, unplaced = _kept(actor, narrowing, size) if kept else _raw(actor, narrowing, size)
    names = region_names(rows)
    centres = _centres(rows)
    found = [
        Territory(
            code=code,
            name=names[code],
            counts=rows[code],
            centre=centres.get(code),
            opens=size >= 10**6 and _exact(code, size),
            exact=_exact(code, size) or (kept and size == 1),
        )
        for code in sorted(rows)
    ]
    total = Territory()
    for row in found:
        for one, count in row.counts.items():
            total.counts[one] += count
    day = MapDay.objects.values_list("day", flat=True).first()
    return Territories(rows=[row for row in found if row.total], total=total, unplaced=unplaced, day=day)


def _exact(code: int, size: int) -> bool:
    low, high = subtree(code)
    return high - low == size


def _size(actor: Actor, narrowing: Narrowing) -> int:
    """How many codes a territory of the next lower level spans."""
    place = narrowing.region or actor.region
    if place is None or (actor.regions == EVERYWHERE and not narrowing.region):
        return BELOW["city"]
    return BELOW[level(place)]


def _kept(actor: Actor, narrowing: Narrowing, size: int) -> tuple[dict[int, dict[str, int]], int]:
    where, values = counted(actor, narrowing)
    columns = ", ".join((*COLOURS, *(f"late_{colour}" for colour in COLOURS)))
    sums = ", ".join(
        f"sum({f'late_{one}' if narrowing.overdue else one}){'' if narrowing.colour in ('', one) else ' * 0'}"
        for one in COLOURS
    )
    late = " + ".join(f"late_{one}" for one in COLOURS if narrowing.colour in ("", one))
    text = f"""
    SELECT region - mod(region, {size}), {sums}, sum({late})
    FROM (
      SELECT region, {columns} FROM risks_mapcell WHERE level = 0 AND {where}
      UNION ALL SELECT region, {columns} FROM risks_mapdelta WHERE {where}
    ) AS counted GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(text, [*values, *values])
        rows = {row[0]: dict(zip(COUNTS, map(int, row[1:]), strict=True)) for row in cursor.fetchall()}
        every = " + ".join(narrowing.figures)
        cursor.execute(
            f"SELECT (SELECT coalesce(sum({every}), 0) FROM risks_mapcell WHERE level = 5 AND {where})"
            f" + (SELECT coalesce(sum({every}), 0) FROM risks_mapdelta WHERE cell <> {WITHOUT_PLACE} AND {where})",
            [*values, *values],
        )
        placed = int(cursor.fetchone()[0])
    return rows, sum(row[colour] for row in rows.values() for colour in COLOURS) - placed


def _raw(actor: Actor, narrowing: Narrowing, size: int) -> tuple[dict[int, dict[str, int]], int]:
    """An enterprise's own points, or a village's: few enough to count."""
    where, values = shown(actor, narrowing)
    sums = ", ".join(f"count(*) FILTER (WHERE colour = '{'' if one == 'grey' else one}')" for one in COLOURS)
    text = f"""
    SELECT region - mod(region, {size}), {sums},
      count(*) FILTER (WHERE reassess_by < (SELECT day FROM risks_mapday)), count(*) FILTER (WHERE morton IS NULL)
    FROM risks_riskpoint WHERE {where} GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found = cursor.fetchall()
    return {row[0]: dict(zip(COUNTS, row[1:-1], strict=True)) for row in found}, sum(row[-1] for row in found)


def _centres(codes: Any) -> dict[int, tuple[float, float]]:
    rows = Region.objects.filter(pk__in=list(codes)).values_list("pk", "lon", "lat")
    return {code: (float(lon), float(lat)) for code, lon, lat in rows if lon is not None and lat is not None}


EXTENT_LEVEL = 7
ENOUGH = 0.99
"""Of the points must be in view at first: one mistyped coordinate does not push the city to a corner."""


def extent(actor: Actor, narrowing: Narrowing) -> Box | None:
    """Where the points lie, so that the map opens on them."""
    where, values = counted(actor, narrowing)
    if not reads_cells(actor, narrowing):
        where, values = shown(actor, narrowing)
        text = (
            f"SELECT lon::float8, lat::float8, 1 FROM risks_riskpoint WHERE morton IS NOT NULL AND {where} LIMIT 10000"
        )
    else:
        every = " + ".join(COLOURS)
        asked = " + ".join(narrowing.figures)
        text = f"""
        SELECT (sum(lon_sum) / sum(every) / 1000000)::float8, (sum(lat_sum) / sum(every) / 1000000)::float8, sum(asked)
        FROM (
          SELECT cell, {every} AS every, {asked} AS asked, lon_sum, lat_sum FROM risks_mapcell
          WHERE level = {EXTENT_LEVEL} AND {where}
          UNION ALL
          SELECT cell >> {2 * (FINEST - EXTENT_LEVEL)}, {every}, {asked}, lon_sum, lat_sum FROM risks_mapdelta
          WHERE cell <> {WITHOUT_PLACE} AND {where}
        ) AS counted GROUP BY cell HAVING sum(asked) > 0
        """
        values = [*values, *values]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found = sorted(cursor.fetchall(), key=lambda row: -row[2])
    enough = ENOUGH * float(sum(row[2] for row in found))
    lons: list[float] = []
    lats: list[float] = []
    for lon, lat, count in found:
        if enough > 0:
            lons.append(lon)
            lats.append(lat)
        enough -= float(count)
    return (min(lons), min(lats), max(lons), max(lats)) if lons else None
