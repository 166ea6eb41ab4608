"""A workbook in, batches of checked columns and a report out. Cells are read in the sandbox, judged here."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel import sandbox
from anlan.kernel.exchange.convert import Bad, Converter
from anlan.kernel.exchange.headings import closest, fold_heading
from anlan.kernel.exchange.report import Report, shown
from anlan.kernel.exchange.spec import Choices, Column, SheetSpec, WorkbookSpec
from anlan.kernel.exchange.wire import Cell, unpack
from anlan.kernel.refusals import Refused
from anlan.kernel.sheets_guard import check_workbook

LIMITS = sandbox.Limits(memory_bytes=2 << 30, cpu_seconds=60, wall_seconds=120, output_bytes=1 << 30)
MAX_ROWS = 200_000
MAX_COLUMNS = 200
TARGET = "anlan.kernel.exchange.extract:read_workbook"

REFUSALS = {
    "exchange.password": _("The workbook is protected by a password. Remove it and send the file again."),
    "exchange.unreadable": _(
        "This is no workbook that can be read. Save it as .xlsx with Excel or WPS and send it again."
    ),
    "exchange.too_many_rows": _("The sheet “%(sheet)s” has more than %(limit)s rows. Split the file."),
    "exchange.too_many_columns": _("The sheet “%(sheet)s” has more than %(limit)s columns. Use the template."),
}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Columns of equal length by key (None for empty or wrong); `rows` are the row numbers in Excel, `bad` those with a fault."""

    sheet: SheetSpec
    rows: Sequence[int]
    columns: dict[str, list[Any]]
    bad: frozenset[int]
    title: str
    """The sheet's name in the file."""
    places: Mapping[str, int]
    """Where each column that is there stands, 0 for A: with `title`, what a later fault is reported by."""

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """Row by row in the order of the spec: what `COPY` wants."""
        return zip(*self.columns.values(), strict=True)


class Reading:
    """Iterate once; `report` is complete when the iteration is."""

    def __init__(self, blocks: Iterator[bytes], spec: WorkbookSpec, choices: Choices, *, listed: int) -> None:
        self.spec, self.choices = spec, choices
        self.report = Report(limit=listed)
        self._blocks = blocks

    def __iter__(self) -> Iterator[Batch]:
        sheet: _Sheet | None = None
        for block in self._blocks:
            header, cells = unpack(block)
            if "sheet" in header:
                if sheet:
                    sheet.finish()
                sheet = self._open(header)
            elif sheet and (batch := sheet.batch(header, cells)):
                yield batch
        if sheet:
            sheet.finish()

    def _open(self, header: dict[str, Any]) -> "_Sheet | None":
        spec = next(sheet for sheet in self.spec.sheets if sheet.name == header["sheet"])
        self.report.rows[spec.name] = 0
        if header.get("missing"):
            self._whole(str(spec.title), "missing_sheet", title=str(spec.title))
            return None
        if header["heading_row"] is None:
            code = "missing_headings" if any(header["headings"]) else "no_rows"
            self._whole(header["title"], code, **({"title": header["title"]} if code == "missing_headings" else {}))
            return None
        return _Sheet(spec, header, self.choices, self.report)

    def _whole(self, sheet: str, code: str, **params: Any) -> None:
        self.report.add(sheet=sheet, row=0, index=0, column="", code=code, params=params)


class _Sheet:
    def __init__(self, spec: SheetSpec, header: dict[str, Any], choices: Choices, report: Report) -> None:
        self.spec, self.report = spec, report
        self.title, self.left = header["title"], header["left"]
        self.first_batch = True
        self.places = self._match(header["headings"])
        self.converters = {column.key: Converter(column, choices) for column in spec.columns}
        self.first_seen: list[dict[Any, int]] = [{} for _group in spec.unique]

    def _match(self, headings: list[str]) -> dict[str, int]:
        by_fold = {fold: column for column in self.spec.columns for fold in names_of(column)}
        places: dict[str, int] = {}
        strangers: dict[str, int] = {}
        for index, heading in enumerate(headings):
            column = by_fold.get(fold_heading(heading))
            if column is None:
                if fold_heading(heading):
                    strangers[heading] = index
            elif column.key in places:
                self._fault(0, index, str(column.title), "repeated_column", {"title": str(column.title)})
            else:
                places[column.key] = index
        absent = [column for column in self.spec.columns if column.key not in places]
        titles = [str(column.title) for column in absent]
        for heading in strangers:
            suggestion = closest(heading, titles) or ""
            self.report.unknown.append({"sheet": self.title, "column": shown(heading), "suggestion": suggestion})
        for column in absent:
            if column.required:
                title, near = str(column.title), closest(str(column.title), strangers)
                if near:
                    self._fault(
                        0, strangers[near], title, "missing_column_but", {"title": title, "suggestion": shown(near)}
                    )
                else:
                    self._fault(0, 0, title, "missing_column", {"title": title})
        return places

    def batch(self, header: dict[str, Any], cells: list[list[Cell]]) -> Batch | None:
        count = header["count"]
        rows: Sequence[int] = header["rows"] or range(header["first"], header["first"] + count)
        empty: list[Cell] = [None] * count
        # A short block has no cells for columns to the right of its last one.
        given = {key: cells[place] if place < len(cells) else empty for key, place in self.places.items()}
        if self.first_batch:
            self.first_batch = False
            if self._is_example(given):
                given = {key: column[1:] for key, column in given.items()}
                rows, count, empty = rows[1:], count - 1, empty[1:]
        if not count:
            return None
        self.report.rows[self.spec.name] += count
        found: list[tuple[int, str, Bad]] = []
        columns: dict[str, list[Any]] = {}
        for column in self.spec.columns:
            if column.key not in given:
                columns[column.key] = list(empty)
                continue
            columns[column.key], bad = self.converters[column.key].convert(given[column.key])
            found += [(fault.index, column.key, fault) for fault in bad]
        found += self._duplicates(columns, rows, given)
        # Only the first few thousand are listed; those should be the topmost.
        for index, key, fault in sorted(found, key=lambda item: (item[0], self.places[item[1]])):
            title = str(self.spec.column(key).title)
            self._fault(rows[index], self.places[key], title, fault.code, fault.params, value=fault.value)
        return Batch(
            sheet=self.spec,
            rows=rows,
            columns=columns,
            bad=frozenset(rows[item[0]] for item in found),
            title=self.title,
            places={key: self.left + place for key, place in self.places.items()},
        )

    def _is_example(self, given: dict[str, list[Cell]]) -> bool:
        """The example of the template, left as it was."""
        filled = {column.key: str(column.example) for column in self.spec.columns if column.example not in ("", None)}
        cells = {key: shown(column[0]) for key, column in given.items() if column[0] is not None}
        return bool(filled) and cells == {key: shown(value) for key, value in filled.items()}

    def _duplicates(
        self, columns: dict[str, list[Any]], rows: Sequence[int], given: dict[str, list[Cell]]
    ) -> list[tuple[int, str, Bad]]:
        found: list[tuple[int, str, Bad]] = []
        for group, seen in zip(self.spec.unique, self.first_seen, strict=True):
            if not set(group) & self.places.keys():
                continue
            values: list[Any] = columns[group[0]]
            if len(group) > 1:
                values = [
                    None if None in value else value for value in zip(*(columns[key] for key in group), strict=True)
                ]
            fresh = dict(zip(reversed(values), reversed(rows), strict=True))
            fresh.pop(None, None)
            if len(fresh) == len(values) and seen.keys().isdisjoint(fresh):
                seen.update(fresh)
                continue
            key = next(key for key in group if key in self.places)
            for index, (value, row) in enumerate(zip(values, rows, strict=True)):
                if value is not None and (first := seen.setdefault(value, row)) != row:
                    found.append((index, key, Bad(index, shown(given[key][index]), "duplicate", {"row": first})))
        return found

    def _fault(
        self, row: int, index: int, column: str, code: str, params: dict[str, Any] | None = None, *, value: str = ""
    ) -> None:
        place = {"sheet": self.title, "row": row, "index": self.left + index, "column": column}
        self.report.add(**place, code=code, value=value, params=params or {})

    def finish(self) -> None:
        if not self.report.rows[self.spec.name]:
            self._fault(0, 0, "", "no_rows")


def names_of(column: Column) -> set[str]:
    return {fold_heading(name) for name in (column.title, column.key, *column.aliases)}


@contextmanager
def open_reading(
    path: Path,
    spec: WorkbookSpec,
    *,
    choices: Choices | None = None,
    listed: int = 10_000,
    limits: sandbox.Limits = LIMITS,
) -> Iterator[Reading]:
    """
    For one pass over the batches, read while the child still works; raises `Refused`, at any batch, when the file cannot be
    read: what came before then counts for nothing.
    """
    sheets = [
        {
            "name": sheet.name,
            "titles": sorted({fold_heading(name) for name in (sheet.title, sheet.name, *sheet.aliases)}),
            "headings": sorted({name for column in sheet.columns for name in names_of(column)}),
        }
        for sheet in spec.sheets
    ]
    params = {"sheets": sheets, "max_rows": MAX_ROWS, "max_columns": MAX_COLUMNS}
    try:
        # The archive is looked through while the child opens it: nothing the child says is believed before.
        with ThreadPoolExecutor(1) as pool, sandbox.stream(TARGET, path, params=params, limits=limits) as blocks:
            looked_through = pool.submit(check_workbook, path)
            yield Reading(_after(looked_through, blocks), spec, choices or {}, listed=listed)
    except Refused as refused:
        if words := REFUSALS.get(refused.code):
            raise Refused(refused.code, words, refused.params) from refused
        raise


def _after(first: Future[None], blocks: Iterator[bytes]) -> Iterator[bytes]:
    first.result()
    yield from blocks


def columns_batches(path: Path, spec: WorkbookSpec, *, choices: Choices | None = None) -> Iterator[Batch]:
    """The fast way into a staging table: lists by column. Who wants the report too uses `open_reading`."""
    with open_reading(path, spec, choices=choices) as reading:
        yield from reading


def read(
    path: Path, spec: WorkbookSpec, *, choices: Choices | None = None
) -> Iterator[tuple[SheetSpec, int, dict[str, Any]]]:
    """Row by row: the sheet, the row number in Excel, the values by key; rows with a fault are passed over."""
    for batch in columns_batches(path, spec, choices=choices):
        keys = list(batch.columns)
        for row, values in zip(batch.rows, batch.tuples(), strict=True):
            if row not in batch.bad:
                yield batch.sheet, row, dict(zip(keys, values, strict=True))


def dry_run(path: Path, spec: WorkbookSpec, *, choices: Choices | None = None, listed: int = 10_000) -> Report:
    """Everything that is wrong with the file as far as the file alone can tell; nothing is kept."""
    with open_reading(path, spec, choices=choices, listed=listed) as reading:
        for _batch in reading:
            pass
        return reading.report
