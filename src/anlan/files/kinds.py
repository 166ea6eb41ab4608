"""The kinds of files we take, how each begins, and what it may be called."""

import re
import unicodedata
from dataclasses import dataclass

from anlan.files.refusals import DOCUMENTS, PHOTOS, refuse

LARGEST = 20 * 1000 * 1000
"""Bytes of an upload, photo or document."""
NAME_LENGTH = 120

# Control, format (among them the overrides of writing direction), surrogate and private characters have no place in a name.
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_NO_CLAIM = {"", "application/octet-stream", "binary/octet-stream"}


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    mime: str
    extensions: tuple[str, ...]
    declared: tuple[str, ...] = ()
    """Other content types that honest programs declare for it."""


JPEG = Kind("JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), ("image/jpg", "image/pjpeg"))
PNG = Kind("PNG", "image/png", ("png",), ("image/x-png",))
WEBP = Kind("WebP", "image/webp", ("webp",))
HEIC = Kind("HEIC", "image/heic", ("heic", "heif", "hif"), ("image/heif", "image/heic-sequence", "image/heif-sequence"))
PDF = Kind("PDF", "application/pdf", ("pdf",), ("application/x-pdf",))
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = Kind("DOCX", _OFFICE + "wordprocessingml.document", ("docx",), ("application/zip",))
XLSX = Kind("XLSX", _OFFICE + "spreadsheetml.sheet", ("xlsx",), ("application/zip",))
EXTENSIONS = {one.mime: one.extensions[0] for one in (JPEG, PNG, WEBP, HEIC, PDF, DOCX, XLSX)} | {
    "video/mp4": "mp4", "video/quicktime": "mov",
}  # fmt: skip
"""What a file without its own name is called by its kind."""


def photo_kind(data: bytes) -> Kind | None:
    """By the first bytes alone."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        length = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12]} | {data[at : at + 4] for at in range(16, length, 4)}
        if brands & _HEIC_BRANDS and not data[8:12].startswith(b"avi"):
            return HEIC
    return None


def clean_name(declared: str) -> str:
    """
    The last part of what the sender called it, safe to show and to offer as a download; never used as a path.

    Raises `file.name_invalid` for NUL and lone surrogates: no honest program sends them, and PostgreSQL stores neither.
    """
    if "\x00" in declared or any("\ud800" <= char <= "\udfff" for char in declared):
        raise refuse("file.name_invalid")
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", declared))[-1]
    kept = "".join(char for char in last if unicodedata.category(char) not in _UNWANTED).strip(" .")
    if len(kept) <= NAME_LENGTH:
        return kept
    ending = extension(kept)
    return kept[: NAME_LENGTH - len(ending) - 1].rstrip(" .") + (f".{ending}" if ending else "")


def extension(name: str) -> str:
    match = re.search(r"\.([A-Za-z0-9]{1,10})$", name)
    return match[1].lower() if match else ""


def check_size(size: int) -> None:
    if size == 0:
        raise refuse("file.empty")
    if size > LARGEST:
        raise refuse("file.too_large", size=round(size / 1e6, 1), limit=LARGEST // 10**6)


def agree(kind: Kind | None, *, name: str, declared_type: str, accepted: str = PHOTOS) -> Kind:
    """Content, name and declared type say the same; a missing name or type claims nothing."""
    if kind is None:
        raise refuse("file.type_unknown", accepted=accepted)
    ending = extension(name)
    if ending and ending not in kind.extensions:
        raise refuse("file.type_mismatch", content=kind.name, declared=f".{ending}")
    claimed = declared_type.split(";", maxsplit=1)[0].strip().lower()
    if claimed not in _NO_CLAIM and claimed not in {kind.mime, *kind.declared}:
        raise refuse("file.type_mismatch", content=kind.name, declared=claimed[:80])
    return kind


__all__ = [
    "DOCUMENTS",
    "DOCX",
    "EXTENSIONS",
    "HEIC",
    "JPEG",
    "LARGEST",
    "PDF",
    "PHOTOS",
    "PNG",
    "WEBP",
    "XLSX",
    "Kind",
    "agree",
]
__all__ += ["check_size", "clean_name", "extension", "photo_kind"]
