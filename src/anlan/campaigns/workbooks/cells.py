"""Workbooks of strangers, as cells: looked through, read in the limited child, many in one go."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel import sandbox
from anlan.kernel.exchange.reading import REFUSALS
from anlan.kernel.exchange.wire import Cell, unpack
from anlan.kernel.refusals import Refused
from anlan.kernel.sheets_guard import Bounds, check_workbook

TARGET = "anlan.campaigns.workbooks.extract:read_books"
LIMITS = sandbox.Limits(memory_bytes=1 << 30, cpu_seconds=60, wall_seconds=90, output_bytes=256 << 20)
BOUNDS = Bounds(file_bytes=2 << 20, unpacked_bytes=24 << 20, parts=200, cells=100_000, formulas=True)
"""Of one workbook. A formula counts as what it showed when the file was saved."""
MAX_ROWS, MAX_COLUMNS = 2_000, 80
MOST_BOOKS, MOST_BYTES = 300, 64 << 20
"""Of a batch, unpacked."""
AT_ONCE = 100
"""Books that one child opens."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MANY = _("At most %(limit)s workbooks are taken in one go.")
LARGE = _("The workbooks of this archive are too large together. Send them in several parts.")
NO_ARCHIVE = _("This archive cannot be read. Pack the workbooks anew as .zip, or send them one by one.")


@dataclass(kw_only=True)
class Sheet:
    """One sheet: texts by row and column, both counted from nought; empty cells are not there."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)

    def at(self, row: int, column: int) -> str:
        return self.rows.get(row, {}).get(column, "")


@dataclass(kw_only=True)
class Book:
    """The sheets of a workbook that a person sees."""

    sheets: list[Sheet] = field(default_factory=list)


def plain(cell: Cell) -> str:
    """A cell as one would type it: whole numbers without decimals, days as 2026-04-08."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).replace("\r\n", "\n").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


def read_books(books: Sequence[bytes]) -> list[Book | Refused]:
    """Each book, or why it is not taken. Raises Refused when nothing could be read at all: too busy, out of time."""
    found: list[Book | Refused] = []
    for start in range(0, len(books), AT_ONCE):
        found += _some(books[start : start + AT_ONCE])
    return found


def _some(books: Sequence[bytes]) -> list[Book | Refused]:
    answers: list[Book | Refused] = [_looked_through(one) for one in books]
    good = [number for number, one in enumerate(answers) if isinstance(one, Book)]
    if not good:
        return answers
    params = {"lengths": [len(books[n]) for n in good], "max_rows": MAX_ROWS, "max_columns": MAX_COLUMNS}
    with sandbox.run(TARGET, b"".join(books[n] for n in good), params=params, limits=LIMITS) as answer:
        place, sheet = 0, Sheet(name="")
        for block in answer.blocks():
            header, columns = unpack(block)
            if "book" in header:
                place = good[header["book"]]
            elif "refused" in header:
                code = str(header["refused"])
                answers[place] = Refused(code, REFUSALS.get(code, REFUSALS["exchange.unreadable"]), header["params"])
            elif "sheet" in header:
                sheet = Sheet(name=str(header["sheet"]))
                left = int(header["left"])
                book = answers[place]
                if isinstance(book, Book):
                    book.sheets.append(sheet)
            else:
                _fill(sheet, header, columns, left)
    return answers


def _looked_through(source: bytes) -> Book | Refused:
    try:
        check_workbook(source, bounds=BOUNDS)
    except Refused as refused:
        return refused
    return Book()


def _fill(sheet: Sheet, header: dict[str, Any], columns: list[list[Cell]], left: int) -> None:
    numbers = header["rows"] or range(header["first"], header["first"] + header["count"])
    for number, cells in zip(numbers, zip(*columns, strict=True), strict=True):
        row = {left + place: text for place, cell in enumerate(cells) if (text := plain(cell))}
        if row:
            sheet.rows[number - 1] = row


def unpacked(name: str, source: bytes) -> Iterator[tuple[str, bytes]]:
    """A workbook itself, or those of a zip archive, with their names. Raises Refused."""
    if not name.lower().endswith(".zip"):
        yield name, source
        return
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(".xlsx")]
            if len(entries) > MOST_BOOKS:
                raise Refused("returns.many_books", MANY, {"limit": MOST_BOOKS})
            left = MOST_BYTES
            for entry in entries:
                with archive.open(entry) as file:
                    # What the directory says of a size may be a lie.
                    read = file.read(min(BOUNDS.file_bytes, left) + 1)
                left -= len(read)
                if left < 0:
                    raise Refused("returns.large_books", LARGE)
                yield _shown(entry), read
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Refused("returns.no_archive", NO_ARCHIVE) from None


def _shown(entry: zipfile.ZipInfo) -> str:
    """Programs in China write names in GB 18030 without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    name = name.rsplit("/", 1)[-1]
    return "".join(char if char.isprintable() else "?" for char in name)[:120]
