"""Short videos, box by box: small, whole, with all that phones write into them."""

import struct


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, *parts: bytes, version: int = 0) -> bytes:
    return box(kind, bytes((version, 0, 0, 0)), *parts)


MADE = struct.pack(">II", 3_700_000_000, 3_700_000_001)
PLACE = b"+36.0880+111.5190/"
OWNER = "韩小满的手机".encode()


def movie_header(seconds: float = 8.0) -> bytes:
    return full(b"mvhd", MADE, struct.pack(">II", 1000, int(seconds * 1000)), bytes(80))


def track(handler: bytes, *, width: int = 1280, height: int = 720) -> bytes:
    header = full(
        b"tkhd", MADE, struct.pack(">III", 1, 0, 8000), bytes(52), struct.pack(">II", width << 16, height << 16)
    )
    named = full(b"hdlr", bytes(4), handler, bytes(12), b"Core Media " + OWNER + b"\0")
    media = box(
        b"mdia", full(b"mdhd", MADE, struct.pack(">II", 600, 4800), bytes(4)), named, box(b"minf", box(b"stbl"))
    )
    return box(b"trak", header, media, box(b"udta", OWNER))


def metadata() -> bytes:
    return box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE), full(b"meta", OWNER))


def film(
    brand: bytes = b"isom",
    *,
    seconds: float = 8.0,
    tracks: tuple[bytes, ...] = (b"vide", b"soun"),
    content: bytes = b"\x00" * 64,
    behind: bytes = b"",
) -> bytes:
    """An mp4, or with the brand `qt  ` a mov."""
    start = box(b"ftyp", brand, struct.pack(">I", 512), b"isomiso2avc1mp41" if brand != b"qt  " else b"qt  ")
    moov = box(b"moov", movie_header(seconds), *(track(one) for one in tracks), metadata())
    return start + box(b"free", OWNER) + box(b"mdat", content) + moov + box(b"uuid", bytes(16), PLACE) + behind
