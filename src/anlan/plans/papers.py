"""A plan that comes as a table in a Word document: its tables become one workbook, which is then judged like any other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
from anlan.plans.meant import amount_written, day_written
from anlan.plans.ordinals import Official, is_chinese, is_code, leading, tidy_code

HEADED_WITHIN = 4
"""Rows among which a table's headings are looked for: above them may stand its title, and they may take two rows."""
Row = dict[str, str]
"""A line by the sheet's columns; what is empty is not in it."""


@dataclass
class Found:
    """The lines of a document, in how many of its tables they stand, and how many tables are none of the plan's."""

    rows: list[Row] = field(default_factory=list)
    tables: int = 0
    left: int = 0


def workbook_of(source: Path, sheet: SheetSpec, stream: IO[bytes], *, year: int, campaign: str = "") -> Found:
    """
    The lines of all tables whose headings are the sheet's. `year` is meant where a day says none; `campaign` is written where the
    document names none. Raises Invalid when no table has the columns, Refused for what is no decent document.
    """
    found = rows_of([one for one in read(source).blocks if isinstance(one, Table)], sheet)
    if not found.rows:
        words = _("The document holds no table with the columns “%(first)s” and “%(second)s”.")
        needed = [str(one.title) for one in sheet.columns if one.required][:2]
        raise Invalid(fields={"file": [words % {"first": needed[0], "second": needed[-1]}]})
    understand(found.rows, sheet, year)
    for row in found.rows:
        row.setdefault("campaign", campaign)
    columns = [Column(key=one.key, title=one.title, width=one.width) for one in sheet.columns]
    export_rows(stream, columns, ([row.get(one.key, "") for one in columns] for row in found.rows), title=sheet.title)
    return found


def rows_of(tables: Sequence[Table], sheet: SheetSpec) -> Found:
    """A table of as many columns that goes on without headings has those of the one before."""
    by_fold = {fold: one.key for one in sheet.columns for fold in names_of(one)}
    needed = {one.key for one in sheet.columns if one.required}
    found = Found()
    places: dict[int, str] = {}
    width = 0
    for table in tables:
        begin, headed = _heading(table, by_fold, needed)
        if headed:
            places, width = headed, len(table.rows[0])
        elif not places or len(table.rows[0]) != width:
            found.left += 1
            continue
        found.tables += 1
        for row in table.rows[begin:]:
            if needed <= set(_places(row, by_fold).values()):
                continue  # the headings again, on the next page
            if line := _line(row, places, sheet):
                found.rows.append(line)
    return found


def _places(row: Sequence[str], by_fold: dict[str, str]) -> dict[int, str]:
    """Which column stands where: cell → the sheet's column."""
    found: dict[int, str] = {}
    for index, cell in enumerate(row):
        key = by_fold.get(fold_heading(cell.replace("\n", "")))
        if key is not None and key not in found.values():
            found[index] = key
    return found


def _heading(table: Table, by_fold: dict[str, str], needed: set[str]) -> tuple[int, dict[int, str]]:
    """
    The first row below the headings, and which column stands where. Headings of two rows (`责任单位` over `牵头单位` and `配合单位`) say
    in the lower one what the upper one leaves open.
    """
    for number, row in enumerate(table.rows[:HEADED_WITHIN]):
        places = _places(row, by_fold)
        if not needed <= set(places.values()):
            continue
        below = number + 1
        if below < len(table.rows) and needed <= set((lower := _places(table.rows[below], by_fold)).values()):
            return below + 1, lower if len(lower) >= len(places) else places
        return below, places
    return 0, {}


def _line(row: Sequence[str], places: dict[int, str], sheet: SheetSpec) -> Row | None:
    """A heading across the whole width says the same in every cell: with an ordinal of its own it is a line, else it is none."""
    filled = {cell for cell in row if cell}
    if len(filled) == 1 and len(row) > 1 and all(row):
        mark, rest = leading(next(iter(filled)))
        keys = [one.key for one in sheet.columns]
        return {"code": mark, "name": rest} if mark and {"code", "name"} <= set(keys) else None
    line = {key: row[index] for index, key in places.items() if index < len(row) and row[index]}
    return line if len(filled) > 1 or is_code(tidy_code(line.get("code", ""))) else None


def understand(rows: Sequence[Row], sheet: SheetSpec, year: int) -> None:
    """Ordinals, days and amounts as people write them become what the sheet takes; the rest is told at its cell."""
    days = {one.key for one in sheet.columns if one.kind == "date"}
    official = Official() if any(is_chinese(row.get("code", "")) for row in rows) else None
    for row in rows:
        if official and "code" in row:
            row["code"] = official.code(row["code"])
        said = tidy_code(row.get("year", "")).removesuffix("年")
        for key in days & row.keys():
            row[key] = day_written(
                row[key], int(said) if said.isdecimal() and len(said) == 4 else year, first=key == "starts_on"
            )
        if "target" in row and not row.get("target_unit"):
            row["target"], unit = amount_written(row["target"])
            if unit:
                row["target_unit"] = unit
