"""A plan that comes as a table in a Word document: its tables become one workbook, which is then judged like any other."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Invalid
from anlan.kernel.exchange import Column, SheetSpec
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.exchange.headings import fold_heading
from anlan.kernel.exchange.reading import names_of
from anlan.kernel.papers.paper import Table
from anlan.kernel.papers.reading import read
from anlan.plans.ordinals import is_code, tidy_code

HEADED_WITHIN = 3
"""Rows among which a table's headings are looked for: above them may stand its title."""


def workbook_of(source: Path, sheet: SheetSpec, stream: IO[bytes]) -> int:
    """
    The rows of all tables whose headings are the sheet's; returns how many. Raises Invalid when no table has its columns, Refused for
    what is no decent document.
    """
    tables = [one for one in read(source).blocks if isinstance(one, Table)]
    rows = rows_of(tables, sheet)
    if not rows:
        words = _("The document holds no table with the columns “%(first)s” and “%(second)s”.")
        needed = [str(one.title) for one in sheet.columns if one.required][:2]
        raise Invalid(fields={"file": [words % {"first": needed[0], "second": needed[-1]}]})
    columns = [Column(key=one.key, title=one.title, width=one.width) for one in sheet.columns]
    return export_rows(stream, columns, rows, title=sheet.title)


def rows_of(tables: Iterable[Table], sheet: SheetSpec) -> list[list[str]]:
    """Cells in the order of the sheet's columns. A table that goes on without headings has those of the one before."""
    by_fold = {fold: place for place, one in enumerate(sheet.columns) for fold in names_of(one)}
    needed = {place for place, one in enumerate(sheet.columns) if one.required}
    found: list[list[str]] = []
    places: dict[int, int] = {}
    for table in tables:
        begin, headed = _heading(table, by_fold, needed)
        if headed:
            places = headed
        elif not places or len(table.rows[0]) != len(places):
            continue
        for row in table.rows[begin:]:
            line = [""] * len(sheet.columns)
            for index, place in places.items():
                if index < len(row):
                    line[place] = row[index]
            if any(line) and _is_line(line, sheet):
                found.append(line)
    return found


def _heading(table: Table, by_fold: dict[str, int], needed: set[int]) -> tuple[int, dict[int, int]]:
    """The first row below the headings, and which column stands where: cell → the sheet's column."""
    for number, row in enumerate(table.rows[:HEADED_WITHIN]):
        places: dict[int, int] = {}
        for index, cell in enumerate(row):
            place = by_fold.get(fold_heading(cell))
            if place is not None and place not in places.values():
                places[index] = place
        if needed <= set(places.values()):
            return number + 1, places
    return 0, {}


def _is_line(line: list[str], sheet: SheetSpec) -> bool:
    """A heading across the whole width is no line: it says the same in every cell and has no ordinal."""
    code = next((place for place, one in enumerate(sheet.columns) if one.key == "code"), 0)
    filled = {cell for cell in line if cell}
    return is_code(tidy_code(line[code])) or len(filled) > 1
