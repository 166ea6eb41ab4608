"""The one way in for a photo: bytes from anybody, out come clean pictures and the evidence fields, or a refusal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from anlan.files import kinds, structure
from anlan.files.refusals import RefusedFile, in_our_words
from anlan.kernel import sandbox
from anlan.kernel.refusals import Refused
from anlan.kernel.sandbox_child import Refusal


@dataclass(frozen=True, slots=True)
class Picture:
    """Drawn anew from the pixels, always JPEG in sRGB, without metadata: safe to show to whoever may see the record."""

    data: bytes
    width: int
    height: int
    mime: str = kinds.JPEG.mime
    extension: str = "jpg"

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the photo says of itself. A claim, not a fact; unreadable parts are None and named in `problems`."""

    taken_at: datetime | None
    """The camera's own clock, without a zone unless `utc_offset_minutes` is known."""
    utc_offset_minutes: int | None
    gps_at: datetime | None
    """UTC."""
    latitude: float | None
    longitude: float | None
    altitude: float | None
    """Metres above sea level."""
    system: str
    """Of the coordinates: EXIF means WGS 84."""
    datum: str
    """As written in the photo, for the rare one that names another."""
    maker: str
    model: str
    software: str
    orientation: int
    """As it was; the derivatives are upright."""
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    name: str
    """Cleaned for showing; never a path."""
    mime: str
    extension: str
    sha256: str
    """Of the original, byte for byte."""
    size: int
    width: int
    """Upright."""
    height: int
    trailing_bytes: int
    """Behind the picture's end: cameras put films and previews there."""
    evidence: Evidence
    dhash: int
    """64 bits, signed; the Hamming distance of near-equal pictures is small."""
    display: Picture
    thumbnail: Picture


_derived: ContextVar[Mapping[str, Derived]] = ContextVar("anlan_derived", default={})  # noqa: B039 -- never written to


@contextmanager
def already_derived(made: Mapping[str, Derived]) -> Iterator[None]:
    """
    Take what was derived ahead instead of decoding again: `made` by the SHA-256 of the original.

    For those who take in many photos at once and decode them side by side. Nobody else remembers: that one person's upload
    goes faster would tell them that another has sent the same bytes.
    """
    token = _derived.set(made)
    try:
        yield
    finally:
        _derived.reset(token)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A photo as it came, looked over and not yet decoded."""

    name: str
    mime: str
    data: bytes


def look_over(source: bytes | Path, *, declared_name: str = "", declared_type: str = "") -> Arrived:
    """What needs no decoder: size, kind, name, structure. Raises `RefusedFile`; a decoder may still refuse what passes."""
    name, kind, data = _judged(source, declared_name, declared_type)
    try:
        structure.refuse_plain_polyglot(data, structure.end_of_image(kind.name, data, unpack=False))
    except Refusal as refusal:
        raise RefusedFile(refusal.code, refusal.params) from refusal
    return Arrived(name=name, mime=kind.mime, data=data)


def _judged(source: bytes | Path, declared_name: str, declared_type: str) -> tuple[str, kinds.Kind, bytes]:
    name = kinds.clean_name(declared_name)
    kinds.check_size(source.stat().st_size if isinstance(source, Path) else len(source))
    data = source.read_bytes() if isinstance(source, Path) else source
    return name, kinds.agree(kinds.photo_kind(data), name=name, declared_type=declared_type), data


def inspect_and_derive(
    source: bytes | Path,
    *,
    declared_name: str = "",
    declared_type: str = "",
    limits: sandbox.Limits | None = None,
) -> Derived:
    """Raises `RefusedFile` and nothing else, whatever the bytes are."""
    name, kind, data = _judged(source, declared_name, declared_type)
    digest = sha256(data).hexdigest()
    if known := _derived.get().get(digest):
        return replace(known, name=name)
    try:
        with sandbox.run("anlan.files.decode:derive", data, params={"kind": kind.name}, limits=limits) as answer:
            display, thumbnail = answer.blocks()
            value = answer.value
    except Refused as refused:
        raise in_our_words(refused) from refused
    return Derived(
        name=name,
        mime=kind.mime,
        extension=kind.extensions[0],
        sha256=digest,
        size=len(data),
        width=value["width"],
        height=value["height"],
        trailing_bytes=value["trailing_bytes"],
        evidence=_evidence(value["evidence"]),
        dhash=value["dhash"],
        display=Picture(display, *value["display"]),
        thumbnail=Picture(thumbnail, *value["thumbnail"]),
    )


def _evidence(read: dict[str, Any]) -> Evidence:
    return Evidence(
        taken_at=_moment(read.get("taken_at")),
        utc_offset_minutes=read.get("utc_offset_minutes"),
        gps_at=_moment(read.get("gps_at")),
        latitude=read.get("latitude"),
        longitude=read.get("longitude"),
        altitude=read.get("altitude"),
        system="WGS84",
        datum=read.get("datum", ""),
        maker=read.get("maker", ""),
        model=read.get("model", ""),
        software=read.get("software", ""),
        orientation=read["orientation"],
        problems=tuple(read["problems"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
