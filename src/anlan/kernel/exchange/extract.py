"""The child's side: calamine opens the workbook, its cells leave as plain bytes. Decides nothing about their meaning."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from anlan.kernel.exchange.headings import find_heading_row, fold_heading
from anlan.kernel.exchange.wire import pack
from anlan.kernel.sandbox_child import Refusal

HEADING_ROWS = 20
BATCH_ROWS = 5_000


def read_workbook(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], Iterable[bytes]]:
    """Params: `sheets` (name, `titles` and `headings` folded), `max_rows`, `max_columns`."""
    workbook, visible = _opened(source)
    return {"sheets": visible}, _wanted(workbook, visible, params)


def copy_workbook(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], Iterable[bytes]]:
    """Every visible sheet from its first row, headings too. Params: `max_rows`, `max_columns`."""
    workbook, visible = _opened(source)
    return {"sheets": visible}, _copied(workbook, visible, params)


def _opened(source: BinaryIO) -> tuple[CalamineWorkbook, list[str]]:
    """The workbook, and the names of the sheets a person sees."""
    try:
        workbook = CalamineWorkbook.from_filelike(source)
    except PasswordError as error:
        raise Refusal("exchange.password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("exchange.unreadable") from error
    return workbook, [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]


def _by_name(workbook: CalamineWorkbook, name: str, params: dict[str, Any]) -> CalamineSheet:
    try:
        sheet = workbook.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("exchange.unreadable") from error
    if sheet.total_height > params["max_rows"] + HEADING_ROWS:
        raise Refusal("exchange.too_many_rows", limit=params["max_rows"], sheet=name)
    if sheet.width > params["max_columns"]:
        raise Refusal("exchange.too_many_columns", limit=params["max_columns"], sheet=name)
    return sheet


def _copied(workbook: CalamineWorkbook, visible: list[str], params: dict[str, Any]) -> Iterator[bytes]:
    for name in visible:
        sheet = _by_name(workbook, name, params)
        yield pack({"sheet": name, "left": _left(sheet)})
        yield from _batches(sheet.iter_rows(), 1)


def _wanted(workbook: CalamineWorkbook, visible: list[str], params: dict[str, Any]) -> Iterator[bytes]:
    for wanted in params["sheets"]:
        name = next((name for name in visible if fold_heading(name) in wanted["titles"]), None)
        if name is None and len(params["sheets"]) == 1 and len(visible) == 1:
            name = visible[0]
        if name is None:
            yield pack({"sheet": wanted["name"], "missing": True})
        else:
            yield from _sheet(_by_name(workbook, name, params), wanted)


def _sheet(sheet: CalamineSheet, wanted: dict[str, Any]) -> Iterator[bytes]:
    top = [[str(cell) for cell in row] for row in islice(sheet.iter_rows(), HEADING_ROWS)]
    at = find_heading_row(top, dict.fromkeys(wanted["headings"]))
    head = {
        "sheet": wanted["name"],
        "title": sheet.name,
        "left": _left(sheet),
        "heading_row": None if at is None else at + 1,
    }
    if at is None:
        yield pack(head | {"headings": next((row for row in top if any(row)), [])})
        return
    yield pack(head | {"headings": top[at]})
    # Read anew: the rows above were turned to text.
    yield from _batches(islice(sheet.iter_rows(), at + 1, None), at + 2)


def _left(sheet: CalamineSheet) -> int:
    """The first column that holds anything: rows begin there."""
    return sheet.start[1] if sheet.start else 0


def _batches(rows: Iterator[list[Any]], number: int) -> Iterator[bytes]:
    while True:
        batch = list(islice(rows, BATCH_ROWS))
        if not batch:
            return
        full = [n for n, row in enumerate(batch) if row.count("") != len(row)]
        kept = batch if len(full) == len(batch) else [batch[n] for n in full]
        numbers = None if len(full) == len(batch) else [number + n for n in full]
        if kept:
            yield pack({"first": number, "count": len(kept), "rows": numbers}, list(zip(*kept, strict=True)))
        number += len(batch)
