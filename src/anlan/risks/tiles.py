"""
Vector tiles straight from PostgreSQL: kept cells where one sees a country or a city, single points where one sees streets.

A tile holds at most `MOST` features. It is known by its ETag: who may see what, what was asked, and how often the blocks
under it have changed. So one that has not changed costs one small query, and an encoded one is kept for the next reader.
"""

import gzip
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.geo import gcj02_to_wgs84, wgs84_to_gcj02
from anlan.risks import mvt
from anlan.risks.cells import BLOCK_SHIFT, CELL_SHIFT, COARSEST, COLOURS, FINEST, GRID_BITS
from anlan.risks.morton import BITS, lonlat, mercator, separate, tile_range
from anlan.risks.narrowing import UNASSESSED, Narrowing, counted, reads_cells, shown, territory

LAST_ZOOM = 18
"""Nearer than this a browser enlarges the tile."""
MOST = 4_000
TYPE = "application/vnd.mapbox-vector-tile"
MEMORY = 32 * 1024 * 1024
"""Bytes of encoded tiles that a process keeps."""
SHOWN_BITS = 3
"""A tile shows 8 cells each way: 64 pixels, room for a ring with its number. So the kept cells of the zoom before are shown."""
MARGIN = 0.0004
"""Degrees added around a tile that is looked up through the offset of GCJ-02, which is not quite straight."""
CELL_KEYS = ("total", "worst", *(UNASSESSED if one == "grey" else one for one in COLOURS))
POINT_KEYS = ("id", "colour", "name")

Ranges = list[tuple[int, int]]
FAULTY_TILE = "map.no_tile"


@dataclass(frozen=True, kw_only=True)
class Tile:
    etag: str
    body: bytes | None
    """Gzipped; None when the reader has it already."""


def tile(actor: Actor, narrowing: Narrowing, zoom: int, x: int, y: int, *, known: str = "") -> Tile:
    """One tile for one reader. Raises NotFound for a tile that no map has."""
    if not (0 <= zoom <= LAST_ZOOM and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        raise NotFound(code=FAULTY_TILE)
    ranges = key_ranges(zoom, x, y)
    if not reads_cells(actor, narrowing):
        body = encode(actor, narrowing, zoom, x, y, ranges)
        etag = _digest(body)
        return Tile(etag=etag, body=None if known == etag else _pressed(body))
    version = content_version(actor, narrowing, ranges)
    etag = _digest(repr((actor.regions, actor.industries, narrowing, settings.ANLAN_MAP_SYSTEM, zoom, x, y, version)))
    if known == etag:
        return Tile(etag=etag, body=None)
    pressed = kept.get(etag)
    if pressed is None:
        # Changed between the two readings, it is newer than its version says: the next reader will ask anew.
        pressed = _pressed(encode(actor, narrowing, zoom, x, y, ranges))
        kept.put(etag, pressed)
    return Tile(etag=etag, body=pressed)


def encode(actor: Actor, narrowing: Narrowing, zoom: int, x: int, y: int, ranges: Ranges) -> bytes:
    frame = Frame(zoom, x, y)
    if zoom <= FINEST and reads_cells(actor, narrowing):
        return _cells_layer(frame, _kept_cells(actor, narrowing, zoom, ranges))
    points = _points(actor, narrowing, ranges)
    if len(points) > MOST:
        return _cells_layer(frame, _counted_cells(actor, narrowing, zoom, ranges))
    features = (
        (place, (one, colour or UNASSESSED, name))
        for key, one, colour, name in points
        if (place := frame.of(*separate(key)))
    )
    return mvt.layer("points", POINT_KEYS, ((*place, facts) for place, facts in features))


class Frame:
    """Where things lie inside a tile; with a base map in GCJ-02, after the offset of that system."""

    def __init__(self, zoom: int, x: int, y: int) -> None:
        self.shift = BITS - zoom - 12  # a tile is 2¹² units wide
        self.west, self.north = x << 12, y << 12
        self.offset = settings.ANLAN_MAP_SYSTEM == "gcj02"

    def of(self, column: int, row: int) -> tuple[int, int] | None:
        if self.offset:
            column, row = mercator(*wgs84_to_gcj02(*lonlat(column + 0.5, row + 0.5)))
        x, y = (column >> self.shift) - self.west, (row >> self.shift) - self.north
        return (x, y) if 0 <= x < mvt.EXTENT and 0 <= y < mvt.EXTENT else None


def key_ranges(zoom: int, x: int, y: int) -> Ranges:
    """Where a tile's points have their keys: one range, or with GCJ-02 those of the few tiles that its places come from."""
    if settings.ANLAN_MAP_SYSTEM != "gcj02":
        return [tile_range(zoom, x, y)]
    size = 1 << BITS - zoom
    corners = [gcj02_to_wgs84(*lonlat((x + i) * size, (y + j) * size)) for i in (0, 1) for j in (0, 1)]
    lons, lats = [lon for lon, _lat in corners], [lat for _lon, lat in corners]
    last = (1 << zoom) - 1
    west, north = mercator(max(min(lons) - MARGIN, -180), min(max(lats) + MARGIN, 90))
    east, south = mercator(min(max(lons) + MARGIN, 180), max(min(lats) - MARGIN, -90))
    return sorted(
        tile_range(zoom, column, row)
        for column in range(west // size, min(east // size, last) + 1)
        for row in range(north // size, min(south // size, last) + 1)
    )


def _between(column: str, ranges: Ranges, shift: int = 0) -> tuple[str, list[Any]]:
    """The rows of `column`, which holds keys cut by `shift` bits, whose keys lie in the ranges."""
    cut = [(low >> shift, max(high >> shift, (low >> shift) + 1)) for low, high in ranges]
    text = " OR ".join(f"{column} >= %s AND {column} < %s" for _range in cut)
    return f"({text})", [bound for one in cut for bound in one]


def content_version(actor: Actor, narrowing: Narrowing, ranges: Ranges) -> int:
    """How often what the reader sees under these ranges has changed: it grows with every commit that changed something."""
    place, bounds = _between("block", ranges, BLOCK_SHIFT)
    where, values = territory(actor, narrowing)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT coalesce(sum(changes), 0) FROM risks_mapversion WHERE {place} AND {where})"
            f" + (SELECT count(*) FROM risks_mapchange WHERE {place} AND {where})",
            [*bounds, *values, *bounds, *values],
        )
        return int(cursor.fetchone()[0])


def _kept_cells(actor: Actor, narrowing: Narrowing, zoom: int, ranges: Ranges) -> list[Any]:
    wanted = zoom + SHOWN_BITS - GRID_BITS
    level = max(wanted, COARSEST)
    shift = 2 * (BITS - level - GRID_BITS)
    where, values = counted(actor, narrowing)
    inside, bounds = _between("cell", ranges, shift)
    fresh, fresh_bounds = _between("cell", ranges, CELL_SHIFT)
    columns = ", ".join(COLOURS if not narrowing.overdue else [f"late_{colour}" for colour in COLOURS])
    counts = ", ".join(
        f"sum({one}){'' if one in narrowing.figures else ' * 0'} AS n_{one}" for one in columns.split(", ")
    )
    all_points = "nullif(sum(every), 0)"
    every = " + ".join(COLOURS)
    text = f"""
    SELECT cell >> {2 * (level - wanted)}, (sum(lon_sum) / {all_points} / 1000000)::float8, (sum(lat_sum) / {all_points} / 1000000)::float8, {counts}
    FROM (
      SELECT cell, {columns}, {every} AS every, lon_sum, lat_sum FROM risks_mapcell WHERE level = %s AND {inside} AND {where}
      UNION ALL
      SELECT cell >> {2 * (FINEST - level)}, {columns}, {every}, lon_sum, lat_sum FROM risks_mapdelta WHERE {fresh} AND {where}
    ) AS counted GROUP BY 1 HAVING sum({" + ".join(narrowing.figures)}) > 0
    """
    rows = _rows(text, [level, *bounds, *values, *fresh_bounds, *values])
    return [(_amid(cell, zoom, lon, lat), counts) for cell, lon, lat, *counts in rows]


def _amid(cell: int, zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """The mean place of a cell's points; rounded coordinates may lie a hair outside, which would lose it at a tile's edge."""
    bits = BITS - zoom - SHOWN_BITS
    first = [axis << bits for axis in separate(cell)]
    column, row = (
        min(max(mean, low), low + (1 << bits) - 1) for mean, low in zip(mercator(lon, lat), first, strict=True)
    )
    return column, row


def _counted_cells(actor: Actor, narrowing: Narrowing, zoom: int, ranges: Ranges) -> list[Any]:
    """Where too many points lie close together: counted now, from the index alone, each cell at one of its points."""
    where, values = shown(actor, narrowing)
    inside, bounds = _between("morton", ranges)
    counts = ", ".join(f"count(*) FILTER (WHERE colour = '{'' if one == 'grey' else one}')" for one in COLOURS)
    text = f"SELECT min(morton), {counts} FROM risks_riskpoint WHERE {inside} AND {where} GROUP BY morton >> {2 * (BITS - zoom - SHOWN_BITS)}"
    return [(separate(key), counts) for key, *counts in _rows(text, [*bounds, *values])]


def _points(actor: Actor, narrowing: Narrowing, ranges: Ranges) -> list[Any]:
    where, values = shown(actor, narrowing)
    inside, bounds = _between("morton", ranges)
    text = f"SELECT morton, id::text, colour, name FROM risks_riskpoint WHERE {inside} AND {where} LIMIT {MOST + 1}"
    return _rows(text, [*bounds, *values])


def _rows(text: str, values: list[Any]) -> list[Any]:
    """
    Planned anew each time: how many rows a range of keys holds is all that matters, and a plan kept for any range
    takes the index of the regions for as good.
    """
    with connection.cursor() as cursor:
        cursor.cursor.execute(text, values, prepare=False)
        return list(cursor.fetchall())


def _cells_layer(frame: Frame, cells: list[Any]) -> bytes:
    features = []
    for point, counts in cells:
        if place := frame.of(*point):
            numbers = [int(count) for count in counts]
            worst = next(colour for colour, count in zip(CELL_KEYS[2:], numbers, strict=True) if count)
            features.append((*place, (sum(numbers), worst, *(count or None for count in numbers))))
    return mvt.layer("cells", CELL_KEYS, features)


def _pressed(body: bytes) -> bytes:
    # The lowest level: a tile goes over a county's network once, and is made while somebody waits.
    return gzip.compress(body, compresslevel=1, mtime=0)


def plain(pressed: bytes) -> bytes:
    """For a reader who takes no gzip."""
    return zlib.decompress(pressed, wbits=31)


def _digest(content: bytes | str) -> str:
    return blake2b(content if isinstance(content, bytes) else content.encode(), digest_size=16).hexdigest()


class Kept:
    """Encoded tiles by ETag, the least lately used forgotten first."""

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self.tiles: OrderedDict[str, bytes] = OrderedDict()
        self.lock = Lock()

    def get(self, etag: str) -> bytes | None:
        with self.lock:
            if etag in self.tiles:
                self.tiles.move_to_end(etag)
            return self.tiles.get(etag)

    def put(self, etag: str, body: bytes) -> None:
        with self.lock:
            self.size += len(body) - len(self.tiles.pop(etag, b""))
            self.tiles[etag] = body
            while self.size > self.most:
                self.size -= len(self.tiles.popitem(last=False)[1])

    def forget(self) -> None:
        with self.lock:
            self.tiles.clear()
            self.size = 0


kept = Kept(MEMORY)
