"""
Judges an Office package (xlsx, docx) before any parser opens it: directory first, then every part unpacked under a bound.

Sizes in a directory may lie, so they are a reason to refuse, never a reason to trust. Memory stays at one chunk whatever the file says.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from anlan.kernel.refusals import Refused

MESSAGES = {
    "sheet.empty": _("The file is empty. Choose it again."),
    "sheet.too_large": _("The file has %(size)s MB; at most %(limit)s MB are accepted. Split it into several files."),
    "sheet.type": _("This is not an Excel workbook (.xlsx). Open it in Excel or WPS and save it as .xlsx."),
    "sheet.legacy": _("This is a workbook of the old kind (.xls). Open it in Excel or WPS and save it as .xlsx."),
    "sheet.encrypted": _("The file is protected by a password. Save it without one."),
    "sheet.damaged": _("The file is damaged or incomplete. Open it in Excel or WPS, save it anew and try again."),
    "sheet.bomb": _("The file unpacks to far more than it may hold. Copy the data alone into a new workbook."),
    "sheet.parts": _("The file consists of more than %(limit)s parts. Copy the data alone into a new workbook."),
    "sheet.names": _(
        "Parts of the file have names that are not allowed (%(name)s). Copy the data alone into a new workbook."
    ),
    "sheet.macros": _("The file contains macros. Save it as a workbook without macros (.xlsx)."),
    "sheet.external": _("The workbook draws on other files or databases. Break these links and save it again."),
    "sheet.embedded": _(
        "Other files are embedded (%(name)s). Remove them, or copy the data alone into a new workbook."
    ),
    "sheet.entities": _(
        "The file contains definitions that no Office program writes (%(name)s). Save it anew in Excel or WPS."
    ),
    "sheet.formulas": _("A formula stands in %(cell)s of %(name)s. Copy everything and paste it as values, then save."),
    "sheet.cells": _(
        "The workbook has more than %(limit)s cells, or cells very far apart. Delete empty rows and columns, or split it."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    file_bytes: int = 64 << 20
    unpacked_bytes: int = 256 << 20
    """100,000 enterprises in 25 columns unpack to 123 MiB."""
    ratio: int = 100
    parts: int = 2_000
    cells: int = 3_000_000
    directory_bytes: int = 1 << 20
    formulas: bool = False


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_END = struct.Struct("<4s4H2LH")
_CHUNK = 1 << 20
_SMALL = 1 << 20
"""Below this a high ratio harms nobody."""
_DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?(c|f|si)(?=[\s>/])(?:[^>]*?\sr=[\"']([A-Za-z]{1,3})(\d{1,7})[\"'])?")
_ROW = re.compile(rb"<row r=\"(\d{1,7})\"")
_CAREFULLY = tuple(
    re.compile(pattern)
    for pattern in (rb"<f[\s>/]", rb" r=\"[A-Z]{2}", rb" r=[\"']?[^\"A-Z0-9]", rb":c[\s>/]", rb"<row (?!r=\")")
)
"""Each begins with plain letters, which makes the search fast."""
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", _OLE, b"%PDF-", b"MZ", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08")


def _refuse(code: str, **params: str | float) -> Refused:
    return Refused(code, MESSAGES[code], params)


def check_workbook(source: bytes | Path, *, bounds: Bounds | None = None) -> None:
    """Raises `Refused` (`sheet.…`) unless this is a plain, whole xlsx within bounds."""
    bounds = bounds or Bounds()
    with _package(source, bounds) as package:
        names = {part.filename for part in package.infolist()}
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise _refuse("sheet.type")
        if any(name.startswith(("xl/externalLinks/", "xl/connections", "xl/queryTables/")) for name in names):
            raise _refuse("sheet.external")
        _check_parts(package, bounds)


def check_document(source: bytes | Path, *, bounds: Bounds | None = None) -> set[str]:
    """The names of the parts of any Office package, or `Refused` like `check_workbook`; cells and formulas are not looked at."""
    bounds = bounds or Bounds()
    with _package(source, bounds) as package:
        _check_parts(package, bounds, cells=False)
        return {part.filename for part in package.infolist()}


@contextmanager
def _package(source: bytes | Path, bounds: Bounds) -> Iterator[zipfile.ZipFile]:
    with source.open("rb") if isinstance(source, Path) else BytesIO(source) as file:
        size = file.seek(0, 2)
        if size == 0:
            raise _refuse("sheet.empty")
        if size > bounds.file_bytes:
            raise _refuse("sheet.too_large", size=round(size / 2**20, 1), limit=bounds.file_bytes >> 20)
        _check_head(file)
        _check_directory(file, size, bounds)
        try:
            with zipfile.ZipFile(file) as package:
                _check_entries(package.infolist(), size, bounds)
                yield package
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            ValueError,
            struct.error,
        ) as error:
            raise _refuse("sheet.damaged") from error
        except RuntimeError as error:  # zipfile's word for a password
            raise _refuse("sheet.encrypted") from error


def _check_head(file: IO[bytes]) -> None:
    file.seek(0)
    head = file.read(8)
    if head.startswith(_OLE):
        file.seek(0)
        secret = _ENCRYPTED_PACKAGE in file.read(64 << 20)
        raise _refuse("sheet.encrypted" if secret else "sheet.legacy")
    # Anything before the first part would be a second file in front of this one.
    if not head.startswith(b"PK\x03\x04"):
        raise _refuse("sheet.type")


def _check_directory(file: IO[bytes], size: int, bounds: Bounds) -> None:
    """The directory's own size, before Python builds one object per entry."""
    start = max(0, size - (1 << 16) - _END.size)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise _refuse("sheet.damaged")
    *_, entries, length, _offset, _comment = _END.unpack_from(tail, at)
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and wide + 56 <= len(tail):
        entries, length = struct.unpack_from("<2Q", tail, wide + 32)
    if entries > bounds.parts or length > bounds.directory_bytes:
        raise _refuse("sheet.parts", limit=bounds.parts)


def _check_entries(parts: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> None:
    if len(parts) > bounds.parts:
        raise _refuse("sheet.parts", limit=bounds.parts)
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename
        folded = name.replace("\\", "/").casefold()
        if (
            "\x00" in name
            or "\\" in name
            or name.startswith("/")
            or ".." in name.split("/")
            or ":" in name
            or folded in seen
        ):
            raise _refuse("sheet.names", name=_shown(name))
        seen.add(folded)
        if part.flag_bits & 0x41:
            raise _refuse("sheet.encrypted")
        if "vbaproject" in folded or "/macrosheets/" in folded:
            raise _refuse("sheet.macros")
        if "/embeddings/" in folded or "/activex/" in folded:
            raise _refuse("sheet.embedded", name=_shown(name))
    if len({part.header_offset for part in parts}) < len(parts) or sum(part.compress_size for part in parts) > size:
        raise _refuse("sheet.bomb")  # parts that share the same packed bytes
    unpacked = sum(part.file_size for part in parts)
    if unpacked > bounds.unpacked_bytes or any(
        _too_dense(part.file_size, part.compress_size, bounds) for part in parts
    ):
        raise _refuse("sheet.bomb")


def _too_dense(unpacked: int, packed: int, bounds: Bounds) -> bool:
    return unpacked > _SMALL and unpacked > bounds.ratio * max(packed, 1)


@dataclass(slots=True)
class _Tally:
    """Cells and strings seen, and how far the cells of one sheet reach: readers make a dense table of that."""

    bounds: Bounds
    cells: int = 0
    rows: tuple[int, int] = (0, 0)
    columns: tuple[int, int] = (0, 0)

    def take(self, piece: bytes, name: str) -> None:
        # The plain case, told by a few fast searches, is the file of 100,000 enterprises; anything else is read with care.
        if any(pattern.search(piece) for pattern in _CAREFULLY):
            self._take_carefully(piece, name)
        else:
            self.cells += piece.count(b"<c") + piece.count(b"<si")
            self._reach({int(row) for row in _ROW.findall(piece)}, {1, 26})
        area = (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)
        if self.cells > self.bounds.cells or area > 10 * self.bounds.cells:
            raise _refuse("sheet.cells", limit=self.bounds.cells)

    def _take_carefully(self, piece: bytes, name: str) -> None:
        found = _CELL.findall(piece)
        self.cells += len(found)
        cell = b"?"
        for what, letters, row in found:
            if what == b"f" and not self.bounds.formulas:
                raise _refuse("sheet.formulas", cell=cell.decode(), name=_shown(name))
            cell = letters + row or cell
        rows = {int(row) for row in {row for _what, _letters, row in found} if row}
        self._reach(rows, {_column(letters) for letters in {letters for _what, letters, _row in found} if letters})

    def _reach(self, rows: set[int], columns: set[int]) -> None:
        if rows:
            self.rows = min(rows | {self.rows[0] or min(rows)}), max(rows | {self.rows[1]})
        if columns:
            self.columns = min(columns | {self.columns[0] or 1}), max(columns | {self.columns[1]})


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_parts(package: zipfile.ZipFile, bounds: Bounds, *, cells: bool = True) -> None:
    unpacked = 0
    sheets = _Tally(bounds)
    for part in package.infolist():
        name = part.filename
        markup = name.endswith((".xml", ".rels", ".vml"))
        # Strings are counted by themselves; every sheet has its own reach, and all share one count of cells.
        tally = _Tally(bounds, cells=0 if name.startswith("xl/sharedStrings") else sheets.cells)
        before = unpacked
        for piece in _pieces(package, part, markup=markup):
            unpacked += len(piece)
            if unpacked > bounds.unpacked_bytes or _too_dense(unpacked - before, part.compress_size, bounds):
                raise _refuse("sheet.bomb")
            if markup and _DEFINITION.search(piece):
                raise _refuse("sheet.entities", name=_shown(name))
            if cells and name.startswith(("xl/worksheets/", "xl/sharedStrings")) and markup:
                tally.take(piece, name)
        if name.startswith("xl/worksheets/"):
            sheets = tally


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo, *, markup: bool) -> Iterator[bytes]:
    """The part's bytes; XML is cut before a `<`, so that no tag is torn in two."""
    rest = b""
    first = True
    with package.open(part) as file:
        while chunk := file.read(_CHUNK):
            if first:
                _check_start(part.filename, chunk, markup=markup)
                first = False
            if not markup:
                yield chunk
                continue
            chunk = rest + chunk
            cut = chunk.rfind(b"<")
            # A "tag" longer than this is none.
            cut = len(chunk) if cut <= 0 or len(chunk) - cut > _CHUNK else cut
            yield chunk[:cut]
            rest = chunk[cut:]
    yield rest


def _check_start(name: str, chunk: bytes, *, markup: bool) -> None:
    if markup and b"\x00" in chunk[:64]:
        raise _refuse("sheet.damaged")  # Office writes UTF-8; in UTF-16 a definition could hide from us
    if chunk.startswith(_NESTED):
        raise _refuse("sheet.embedded", name=_shown(name))
    if name == "[Content_Types].xml" and b"macroEnabled" in chunk:
        raise _refuse("sheet.macros")


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:80]
