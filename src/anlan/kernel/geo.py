"""
Points on the map: coordinate systems of Chinese map services, distances, and one sortable key per point.

Points are `(longitude, latitude)` in degrees, distances in metres. WGS 84 and CGCS2000 differ by centimetres and count as one.
GCJ-02 is the offset system of the public maps (WeChat, Tencent, Gaode), BD-09 Baidu's second offset on top of it.
The GCJ-02 offset is the well-known published approximation, good to about a metre against the services themselves.
"""

from collections.abc import Callable
from math import asin, atan2, cos, hypot, isfinite, pi, radians, sin, sqrt
from typing import Literal

from django.utils.translation import gettext as _

Point = tuple[float, float]
System = Literal["wgs84", "gcj02", "bd09"]
Box = tuple[float, float, float, float]  # west, south, east, north

EARTH_RADIUS = 6_371_008.8  # mean, metres

# Krasovsky 1940, the ellipsoid of the offset formula.
_AXIS = 6_378_245.0
_ECCENTRICITY2 = 0.006_693_421_622_965_943
# The services leave points outside this box as they are.
_OFFSET_BOX: Box = (72.004, 0.8293, 137.8347, 55.8271)
_BD_TURN = pi * 3000 / 180

_AXIS_BITS = 31  # of 62: the key stays positive in a bigint; a cell is 19 mm wide at the equator, 9 mm high


class PlaceError(ValueError):
    """The message is for the person who gave the point."""


def check_point(lon: float, lat: float) -> Point:
    """Refuse what is no place on earth."""
    if not (isfinite(lon) and isfinite(lat)) or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise PlaceError(_("A longitude lies between -180 and 180 degrees, a latitude between -90 and 90."))
    return lon, lat


def in_offset_area(lon: float, lat: float) -> bool:
    """Inside the rectangle around China in which GCJ-02 differs from WGS 84."""
    return in_box((lon, lat), _OFFSET_BOX)


def in_box(point: Point, box: Box) -> bool:
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def box_around(point: Point, metres: float) -> Box:
    """A box that holds every point within `metres`; over a pole or the date line it is a whole band."""
    lon, lat = check_point(*point)
    high = metres / EARTH_RADIUS * 180 / pi
    south, north = max(lat - high, -90.0), min(lat + high, 90.0)
    ratio = sin(min(metres / EARTH_RADIUS, pi / 2)) / max(cos(radians(lat)), 1e-12)
    if min(south + 90, 90 - north) < 1e-9 or ratio >= 1:  # so near a pole every meridian is within reach
        return -180.0, south, 180.0, north
    wide = asin(ratio) * 180 / pi
    if lon - wide <= -180 or lon + wide >= 180:
        return -180.0, south, 180.0, north
    return lon - wide, south, lon + wide, north


def to_wgs84(lon: float, lat: float, system: System) -> Point:
    """From the system a point came in to the one we keep; within 1 cm of the exact inverse."""
    check_point(lon, lat)
    return {"wgs84": lambda x, y: (x, y), "gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}[system](lon, lat)


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    if not in_offset_area(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y * pi / 3)) * 2 / 3 + (
        160 * sin(y * pi / 12) + 320 * sin(y * pi / 30)
    ) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x * pi / 3)) * 2 / 3 + (
        150 * sin(x * pi / 12) + 300 * sin(x * pi / 30)
    ) * 2 / 3
    phi = radians(lat)
    bend = 1 - _ECCENTRICITY2 * sin(phi) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY2) / (bend * sqrt(bend))
    parallel = _AXIS / sqrt(bend) * cos(phi)
    return lon + east * 180 / (parallel * pi), lat + north * 180 / (meridian * pi)


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    if not in_offset_area(lon, lat):
        return lon, lat
    return _inverse(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    radius = hypot(lon, lat) + 0.000_02 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000_003 * cos(lon * _BD_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    return _inverse(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Point:
    """Outside the offset area BD-09 is left out as well."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat)) if in_offset_area(lon, lat) else (lon, lat)


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat)) if in_offset_area(lon, lat) else (lon, lat)


def haversine_m(a: Point, b: Point) -> float:
    """Metres along a sphere of the mean radius: within 0.6 % of the ellipsoid."""
    (lon1, lat1), (lon2, lat2) = a, b
    phi1, phi2 = radians(lat1), radians(lat2)
    chord = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def morton(lon: float, lat: float) -> int:
    """Longitude and latitude interleaved (longitude in the odd bits): near points have near keys; fits a PostgreSQL bigint."""
    check_point(lon, lat)
    cells = 1 << _AXIS_BITS
    column = min(int((lon + 180) / 360 * cells), cells - 1)
    row = min(int((lat + 90) / 180 * cells), cells - 1)
    return _spread(column) << 1 | _spread(row)


def unmorton(key: int) -> Point:
    """The middle of the cell: within 10 mm of the point that went in."""
    if not 0 <= key < 1 << 2 * _AXIS_BITS:
        raise ValueError(f"{key} is not a Morton key of {2 * _AXIS_BITS} bits.")
    cells = 1 << _AXIS_BITS
    return (_squeeze(key >> 1) + 0.5) / cells * 360 - 180, (_squeeze(key) + 0.5) / cells * 180 - 90


def morton_range(key: int, bits: int) -> tuple[int, int]:
    """All keys that share the first `bits` (0 to 62) with `key`, half-open: one cell of a grid."""
    size = 1 << (2 * _AXIS_BITS - bits)
    return key - key % size, key - key % size + size


def _inverse(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """Fixed point: the offset changes slowly, each round gains more than two digits."""
    x, y = lon, lat
    for _round in range(12):
        there = forward(x, y)
        east, north = lon - there[0], lat - there[1]
        x, y = x + east, y + north
        if abs(east) < 1e-11 and abs(north) < 1e-11:
            break
    return x, y


_STEPS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def _spread(value: int) -> int:
    for shift, mask in _STEPS:
        value = (value | value << shift) & mask
    return value


def _squeeze(value: int) -> int:
    value &= 0x5555555555555555
    for (shift, _mask), mask in zip(
        reversed(_STEPS),
        (0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0xFFFFFFFF),
        strict=True,
    ):
        value = (value | value >> shift) & mask
    return value
