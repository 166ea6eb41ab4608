"""
Walks an image's skeleton before any decoder sees it: whole, still, one kind of file only. Runs in the child, and without
unpacking anything where a photo is only taken in: its time then grows with the file's length and nothing else.

What a walk refuses, a decoder would often have swallowed in silence (a missing end, a second file behind the first).
"""

import re
import zlib
from collections.abc import Iterator

from anlan.kernel.sandbox_child import Refusal

PARTS = 20_000
"""Chunks, segments or boxes of one file; a 20 MB PNG in 8 KB chunks has 2,500."""
SCANS = 100
"""Passes of a progressive JPEG; encoders write about ten."""
TEXT_BYTES = 1 << 20
"""What one compressed text or colour profile may unpack to, and four times as much all of them."""

EDGE, OVERLAP = 1 << 17, 1 << 10
"""Bytes at either end of a picture; one that is larger has its pixels in between, which are searched in the child alone."""

_SEQUENCES = {b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"}
_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_MARKUP = re.compile(rb"<(?:script|\?php|html|iframe|object|embed|!doctype html)[\s>/]", re.IGNORECASE)
_SIGNATURES = (
    (b"%PDF-1.", "PDF"),
    (b"%PDF-2.", "PDF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"This program cannot be run in DOS mode", "EXE"),
    (b"#!/bin/", "script"),
    (b"#!/usr/bin/", "script"),
)
_ELF = re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01", re.DOTALL)
_ZIP_METHODS = frozenset({0, 8, 9, 12, 14, 93, 95, 98, 99})


def end_of_image(kind: str, data: bytes, *, unpack: bool = True) -> int:
    """
    Where the picture ends; bytes behind it are the camera's own trailer, or something hidden.

    `unpack`: also judge what compressed texts hold. Many small ones can take minutes: under the child's limits only.
    """
    if kind == "PNG":
        return _png(data, unpack=unpack)
    return {"JPEG": _jpeg, "WebP": _webp, "HEIC": _heic}[kind](data)


def _counted(number: int) -> None:
    if number > PARTS:
        raise Refusal("file.bomb")


def _jpeg(data: bytes) -> int:
    at, parts, scans = 2, 0, 0
    while at + 2 <= len(data):
        _counted(parts := parts + 1)
        if data[at] != 0xFF:
            raise Refusal("file.unreadable")
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        at += 2
        if marker == 0xD9:
            return at
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2:
            raise Refusal("file.truncated" if at + 2 > len(data) else "file.unreadable")
        at += length
        if marker == 0xDA:
            if (scans := scans + 1) > SCANS:
                raise Refusal("file.bomb")
            found = _SCAN_END.search(data, at)
            at = found.start() if found else len(data)
    raise Refusal("file.truncated")


def _png(data: bytes, *, unpack: bool) -> int:
    at, parts, text = 8, 0, 0
    while at + 12 <= len(data):
        _counted(parts := parts + 1)
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if not name.isalpha() or (parts == 1) != (name == b"IHDR"):
            raise Refusal("file.unreadable")
        if at + 12 + length > len(data):
            break
        if name == b"acTL":
            raise Refusal("file.animated")
        if unpack and name in {b"zTXt", b"iTXt", b"iCCP"}:
            text += _unpacked(name, data[at + 8 : at + 8 + length])
            if text > 4 * TEXT_BYTES:
                raise Refusal("file.bomb")
        at += 12 + length
        if name == b"IEND":
            return at
    raise Refusal("file.truncated")


def _unpacked(name: bytes, body: bytes) -> int:
    """Bytes a text or profile chunk unpacks to, found without unpacking more than is allowed."""
    _, _, rest = body.partition(b"\0")
    if name == b"iTXt":
        packed, (_, _, rest) = rest[:1] == b"\1", rest[2:].partition(b"\0")
        _, _, rest = rest.partition(b"\0")
    else:
        packed, rest = True, rest[1:]
    try:
        size = len(zlib.decompressobj().decompress(rest, TEXT_BYTES + 1)) if packed else len(rest)
    except zlib.error:
        return 0  # unreadable text; it is dropped with all other metadata
    if size > TEXT_BYTES:
        raise Refusal("file.bomb")
    return size


def _webp(data: bytes) -> int:
    end = 8 + int.from_bytes(data[4:8], "little")
    end += end % 2
    at, parts = 12, 0
    if end > len(data) + 1:
        raise Refusal("file.truncated")
    while at + 8 <= min(end, len(data)):
        _counted(parts := parts + 1)
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"ANIM", b"ANMF"} or (name == b"VP8X" and data[at + 8 : at + 9] and data[at + 8] & 2):
            raise Refusal("file.animated")
        at += 8 + length + length % 2
    if at > end + 1:
        raise Refusal("file.truncated")
    return min(end, len(data))


def _heic(data: bytes) -> int:
    at, parts, names = 0, 0, set()
    while at + 8 <= len(data):
        _counted(parts := parts + 1)
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:
            length = len(data) - at
        if not all(0x20 <= letter < 0x7F for letter in name):
            break  # no box: what follows is a trailer
        if length < 8:
            raise Refusal("file.unreadable")
        if at + length > len(data):
            raise Refusal("file.truncated")
        names.add(name)
        at += length
    if data[8:12] in _SEQUENCES or b"moov" in names:
        raise Refusal("file.animated")
    if b"meta" not in names:
        raise Refusal("file.truncated")
    return at


def refuse_polyglot(data: bytes, end: int) -> None:
    """
    Refuse a file in which another program would find a file of its own.

    The whole file is searched, but only for signatures long or consistent enough not to occur by chance in compressed pixels.
    Trailers of cameras (further JPEGs, a short film, the maker's notes) pass: they never reach a derivative.
    """
    for found in _hidden(data, end):
        raise Refusal("file.polyglot", found=found)


def refuse_plain_polyglot(data: bytes, end: int) -> None:
    """The same of a picture's beginning, where its texts stand, and of all around and behind its end: other programs look there first."""
    refuse_polyglot(data[:EDGE], end)
    if len(data) > EDGE:
        start = max(EDGE - OVERLAP, min(end, len(data)) - EDGE)
        refuse_polyglot(data[start:], end - start if end >= start else len(data))


def _hidden(data: bytes, end: int) -> Iterator[str]:
    for signature, name in _SIGNATURES:
        if signature in data:
            yield name
    if data[end : end + 2] == b"MZ":
        yield "EXE"
    if _ELF.search(data):
        yield "ELF"
    if _MARKUP.search(data):
        yield "HTML"
    if has_zip(data):
        yield "ZIP"


def has_zip(data: bytes) -> bool:
    for found in re.finditer(rb"PK\x05\x06", data):
        at = found.start()
        size = int.from_bytes(data[at + 12 : at + 16], "little")
        if 46 <= size <= at and data[at - size : at - size + 4] == b"PK\x01\x02":
            return True
    for found in re.finditer(rb"PK\x03\x04", data):
        at = found.start()
        version, method = data[at + 4 : at + 6], int.from_bytes(data[at + 8 : at + 10], "little")
        named = int.from_bytes(data[at + 26 : at + 28], "little")
        if len(version) == 2 and version[0] <= 63 and version[1] <= 20 and method in _ZIP_METHODS and 0 < named <= 512:
            return True
    return False
