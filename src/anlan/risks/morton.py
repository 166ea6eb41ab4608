"""One sortable key a point: the bits of its web-mercator position interleaved, so that a map tile is a range of keys."""

from math import asinh, pi, radians, tan

BITS = 31
"""A key has twice as many and stays positive in a bigint."""
_CELLS = 1 << BITS
_EDGE = 85.05112877980659
"""Web mercator ends here."""


def morton(lon: float, lat: float) -> int:
    """Of a point in WGS 84; x and y as in XYZ tiles, y downwards, x in the even bits."""
    lat = min(max(lat, -_EDGE), _EDGE)
    x = (lon + 180) / 360
    y = (1 - asinh(tan(radians(lat))) / pi) / 2
    return _spread(_cell(x)) | _spread(_cell(y)) << 1


def _cell(share: float) -> int:
    return min(max(int(share * _CELLS), 0), _CELLS - 1)


def _spread(value: int) -> int:
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        value = (value | value << shift) & mask
    return value
