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
    try:
        workbook = CalamineWorkbook.from_filelike(source)
    except PasswordError as error:
        raise Refusal("exchange.password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refusal("exchange.unreadable") from error
    visible = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    return {"sheets": visible}, _sheets(workbook, visible, params)


def _sheets(workbook: CalamineWorkbook, visible: list[str], params: dict[str, Any]) -> Iterator[bytes]:
    for wanted in params["sheets"]:
        name = next((name for name in visible if fold_heading(name) in wanted["titles"]), None)
        if name is None and len(params["sheets"]) == 1 and len(visible) == 1:
            name = visible[0]
        if name is None:
            yield pack({"sheet": wanted["name"], "missing": True})
            continue
        try:
            sheet = workbook.get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError) as error:
            raise Refusal("exchange.unreadable") from error
        yield from _sheet(sheet, wanted, params)


def _sheet(sheet: CalamineSheet, wanted: dict[str, Any], params: dict[str, Any]) -> Iterator[bytes]:
    if sheet.total_height > params["max_rows"] + HEADING_ROWS:
        raise Refusal("exchange.too_many_rows", limit=params["max_rows"], sheet=sheet.name)
    if sheet.width > params["max_columns"]:
        raise Refusal("exchange.too_many_columns", limit=params["max_columns"], sheet=sheet.name)
    rows = sheet.iter_rows()
    top = [[str(cell) for cell in row] for row in islice(rows, HEADING_ROWS)]
    at = find_heading_row(top, dict.fromkeys(wanted["headings"]))
    left = sheet.start[1] if sheet.start else 0
    head = {"sheet": wanted["name"], "title": sheet.name, "left": left, "heading_row": None if at is None else at + 1}
    if at is None:
        first = next((row for row in top if any(row)), [])
        yield pack(head | {"headings": first})
        return
    yield pack(head | {"headings": top[at]})
    # Read anew: the rows above were turned to text.
    body = sheet.iter_rows()
    for _row in range(at + 1):
        next(body)
    yield from _batches(body, at + 2)


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
