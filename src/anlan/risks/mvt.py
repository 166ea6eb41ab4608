"""
Points as a Mapbox vector tile (version 2), written by hand: points need fifteen lines of the format.

https://github.com/mapbox/vector-tile-spec/tree/master/2.1 -- a layer holds features, then the keys and values they name by number.
"""

from collections.abc import Iterable, Sequence
from typing import Any

EXTENT = 4096
Feature = tuple[int, int, Sequence[Any]]
"""Where inside the tile (0 to 4095 from its north-west corner), and one value for each key; None is left out."""


def varint(value: int) -> bytes:
    if value < 128:
        return _SHORT[value]
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


_SHORT = [bytes([value]) for value in range(128)]
_PLACES = [varint(2 * value) for value in range(EXTENT)]  # zigzag of what is never negative
_LENGTHS = [varint(length) for length in range(1024)]


def _sized(tag: bytes, body: bytes) -> bytes:
    return tag + varint(len(body)) + body


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        body = _sized(b"\x0a", value.encode())
    elif isinstance(value, bool):
        body = b"\x38" + _SHORT[value]
    else:
        body = b"\x28" + varint(value)
    return _sized(b"\x22", body)


def layer(name: str, keys: Sequence[str], features: Iterable[Feature]) -> bytes:
    """One layer of points; a tile is its layers, one after another. Values are strings, booleans and whole numbers from 0 on."""
    numbers: dict[Any, bytes] = {}
    values: list[bytes] = []
    heads = [varint(place) for place in range(len(keys))]
    parts: list[bytes] = []
    for x, y, facts in features:
        tags = b""
        for head, fact in zip(heads, facts, strict=True):
            if fact is None:
                continue
            kind = (fact, type(fact))  # True equals 1 and is another value
            number = numbers.get(kind)
            if number is None:
                number = numbers[kind] = varint(len(values))
                values.append(_value(fact))
            tags += head + number
        place = _PLACES[x] + _PLACES[y]
        body = b"\x12" + _LENGTHS[len(tags)] + tags + b"\x18\x01\x22" + _SHORT[1 + len(place)] + b"\x09" + place
        parts.append(b"\x12" + _LENGTHS[len(body)] + body)
    if not parts:
        return b""
    names = b"".join(_sized(b"\x1a", key.encode()) for key in keys)
    body = _sized(b"\x0a", name.encode()) + b"".join(parts) + names + b"".join(values)
    return _sized(b"\x1a", body + b"\x28" + varint(EXTENT) + b"\x78\x02")
