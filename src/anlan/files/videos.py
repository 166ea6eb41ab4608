"""The way in for short videos: their structure is checked in the limited child, nothing is transcoded."""

from dataclasses import dataclass
from pathlib import Path

from anlan.files import kinds
from anlan.files.refusals import VIDEOS, in_our_words, refuse
from anlan.kernel import sandbox
from anlan.kernel.refusals import Refused

MP4 = kinds.Kind("MP4", "video/mp4", ("mp4", "m4v"), ("video/x-m4v",))
MOV = kinds.Kind("MOV", "video/quicktime", ("mov", "qt"))
_MP4_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"dash",
        b"3gp4",
        b"3gp5",
        b"MSNV",
    }
)


@dataclass(frozen=True, slots=True)
class Video:
    name: str
    mime: str
    data: bytes
    """As it was sent."""
    clean: bytes
    """The same without its metadata."""
    width: int
    height: int
    seconds: float
    plain: bool
    """Nothing but picture and sound: no track in which metadata may hide."""


def video_kind(data: bytes) -> kinds.Kind | None:
    """By the first bytes alone."""
    if data[4:8] != b"ftyp":
        return None
    if data[8:12] == b"qt  ":
        return MOV
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, length, 4)}
    return MP4 if brands & _MP4_BRANDS else None


def inspect_video(source: bytes | Path, *, declared_name: str = "", declared_type: str = "") -> Video:
    """Raises `RefusedFile` and nothing else, whatever the bytes are."""
    name = kinds.clean_name(declared_name)
    kinds.check_size(source.stat().st_size if isinstance(source, Path) else len(source))
    data = source.read_bytes() if isinstance(source, Path) else source
    kind = video_kind(data)
    if kind is None:
        raise refuse("file.type_unknown", accepted=VIDEOS)
    kind = kinds.agree(kind, name=name, declared_type=declared_type, accepted=VIDEOS)
    try:
        with sandbox.run("anlan.files.films:check", data) as answer:
            (clean,) = answer.blocks()
            facts = answer.value
    except Refused as refused:
        raise in_our_words(refused) from refused
    return Video(
        name=name,
        mime=kind.mime,
        data=data,
        clean=clean,
        width=facts["width"],
        height=facts["height"],
        seconds=facts["seconds"],
        plain=facts["plain"],
    )
