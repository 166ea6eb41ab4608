"""
One sortable key for a point on the map: the bits of its web-mercator column and row, interleaved.

A tile of any zoom is one contiguous range of keys, so a btree is all the index that a map needs. Columns count from the
west and rows from the north as in XYZ tiles; the key's highest bits are the quadrants one zooms through.
"""

from math import asinh, atan, degrees, pi, radians, sinh, tan

from anlan.kernel.geo import Point, check_point

BITS = 31
"""Of each axis; 62 in all, so that a key stays positive in a bigint. A step is 19 mm at the equator."""
STEPS = 1 << BITS
NORTHMOST = 85.05112877980659
"""Where the square of the web-mercator map ends; what lies beyond is drawn at its edge."""


def morton(lon: float, lat: float) -> int:
    """The key of a point in WGS 84."""
    column, row = mercator(float(lon), float(lat))
    return interleave(column, row)


def mercator(lon: float, lat: float) -> tuple[int, int]:
    """Column and row among 2³¹ each."""
    check_point(lon, lat)
    lat = max(-NORTHMOST, min(NORTHMOST, lat))
    column = int((lon + 180) / 360 * STEPS)
    row = int((1 - asinh(tan(radians(lat))) / pi) / 2 * STEPS)
    return min(max(column, 0), STEPS - 1), min(max(row, 0), STEPS - 1)


def lonlat(column: float, row: float) -> Point:
    """The place of a column and row among 2³¹ each, which may be fractions."""
    return column / STEPS * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * row / STEPS))))


def tile_range(zoom: int, x: int, y: int) -> tuple[int, int]:
    """All keys in a tile, half-open."""
    size = 1 << 2 * (BITS - zoom)
    low = interleave(x, y) * size
    return low, low + size


def interleave(column: int, row: int) -> int:
    return _spread(row) << 1 | _spread(column)


def separate(key: int) -> tuple[int, int]:
    """Column and row of a key; of a tile's number, its x and y."""
    return _squeeze(key), _squeeze(key >> 1)


def _spread(value: int) -> int:
    value = (value | value << 16) & 0x0000FFFF0000FFFF
    value = (value | value << 8) & 0x00FF00FF00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F0F0F0F0F
    value = (value | value << 2) & 0x3333333333333333
    return (value | value << 1) & 0x5555555555555555


def _squeeze(value: int) -> int:
    value &= 0x5555555555555555
    value = (value | value >> 1) & 0x3333333333333333
    value = (value | value >> 2) & 0x0F0F0F0F0F0F0F0F
    value = (value | value >> 4) & 0x00FF00FF00FF00FF
    value = (value | value >> 8) & 0x0000FFFF0000FFFF
    return (value | value >> 16) & 0xFFFFFFFF
