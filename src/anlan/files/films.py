"""
Walks a short video's boxes (ISO 14496-12: mp4, mov). Runs in the child only: whole, of one kind, nothing hidden behind it.

Nothing is decoded. Boxes that say where, when and with what it was taken are emptied in place, so that every offset stays.
"""

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from anlan.files.structure import has_zip
from anlan.kernel.sandbox_child import Refusal

BOXES = 50_000
DEEPEST = 8
PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"mvex", b"moof", b"traf", b"udta"})
TELLING = frozenset({b"udta", b"meta", b"uuid", b"XMP_", b"cprt", b"loci"})
"""Boxes of metadata: owner, place, maker's notes."""
FREE = frozenset({b"free", b"skip", b"wide"})
TOP = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"pdin", b"emsg", *TELLING, *FREE})
STAMPED = {b"mvhd": 4, b"tkhd": 4, b"mdhd": 4}
"""Headers with times of making: after version and flags, two of 4 or 8 bytes."""
LONGEST_SECONDS = 120


def check(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """→ width, height, seconds, whether every track is picture or sound; and the same film without its metadata."""
    data = bytearray(source.read())
    seen = _Seen()
    _walk(data, 0, len(data), 0, seen)
    if not {b"ftyp", b"moov", b"mdat"} <= seen.top or not seen.pictures:
        raise Refusal("file.truncated" if b"ftyp" in seen.top else "file.unreadable")
    if seen.seconds > LONGEST_SECONDS:
        raise Refusal("file.too_long", seconds=round(seen.seconds), limit=LONGEST_SECONDS)
    if has_zip(bytes(data)) or b"%PDF-1." in data:
        raise Refusal("file.polyglot", found="ZIP")
    value = {"width": seen.width, "height": seen.height, "seconds": round(seen.seconds, 1), "plain": seen.others == 0}
    return value, [bytes(data)]


class _Seen:
    def __init__(self) -> None:
        self.count = 0
        self.top: set[bytes] = set()
        self.pictures = self.others = 0
        self.width = self.height = 0
        self.seconds = 0.0


def _boxes(data: bytearray, start: int, end: int, seen: _Seen) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its body begins, where it ends) of each box from `start` to `end`."""
    at = start
    while at < end:
        seen.count += 1
        if seen.count > BOXES:
            raise Refusal("file.bomb")
        if at + 8 > end:
            raise Refusal("file.truncated")
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = at + 8
        if size == 1:
            if at + 16 > end:
                raise Refusal("file.truncated")
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            raise Refusal("file.unreadable")
        if at + size > end:
            raise Refusal("file.truncated")
        yield kind, body, at + size
        at += size


def _walk(data: bytearray, start: int, end: int, depth: int, seen: _Seen) -> None:
    if depth > DEEPEST:
        raise Refusal("file.bomb")
    for kind, body, stop in _boxes(data, start, end, seen):
        if depth == 0:
            if kind not in TOP:
                raise Refusal("file.unreadable")
            seen.top.add(kind)
        if kind in TELLING or kind in FREE:
            _empty(data, kind, body, stop)
        elif kind in STAMPED:
            _stamp(data, kind, body, stop, seen)
        elif kind == b"hdlr" and depth:
            _handler(data, body, stop, seen)
        elif kind in PARENTS:
            _walk(data, body, stop, depth + 1, seen)


def _empty(data: bytearray, kind: bytes, body: int, stop: int) -> None:
    head = data.rindex(kind, 0, body)
    data[head : head + 4] = b"free"
    data[body:stop] = bytes(stop - body)


def _stamp(data: bytearray, kind: bytes, body: int, stop: int, seen: _Seen) -> None:
    wide = 8 if data[body] == 1 else 4
    if body + 4 + 2 * wide + 12 > stop:
        raise Refusal("file.truncated")
    data[body + 4 : body + 4 + 2 * wide] = bytes(2 * wide)
    after = body + 4 + 2 * wide
    if kind == b"mvhd":
        scale = int.from_bytes(data[after : after + 4], "big")
        length = int.from_bytes(data[after + 4 : after + 4 + wide], "big")
        seen.seconds = length / scale if scale else 0.0
    elif kind == b"tkhd" and stop - body >= 84:
        seen.width = max(seen.width, int.from_bytes(data[stop - 8 : stop - 6], "big"))
        seen.height = max(seen.height, int.from_bytes(data[stop - 4 : stop - 2], "big"))


def _handler(data: bytearray, body: int, stop: int, seen: _Seen) -> None:
    what = bytes(data[body + 8 : body + 12])
    if what == b"vide":
        seen.pictures += 1
    elif what not in (b"soun", b"alis", b"url "):
        seen.others += 1
    named = body + 24
    data[named:stop] = bytes(max(0, stop - named))  # the maker's name for the track
