"""Lists out, as xlsx or CSV, row by row: memory does not grow with the list."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO, Any

from django.utils.translation import gettext as _

from anlan.kernel.clock import SHANGHAI
from anlan.kernel.exchange.spec import MAX_ROWS, Column, SheetSpec
from anlan.kernel.exchange.writing import Pen, guarded, new_workbook, sheet_name, unfit_removed


def export_rows(
    stream: IO[bytes], columns: SheetSpec | Sequence[Column], rows: Iterable[Sequence[Any]], *, title: object
) -> int:
    """Writes xlsx; rows are sequences in the order of the columns. Returns how many; a list longer than a sheet goes on in the next."""
    columns = columns.columns if isinstance(columns, SheetSpec) else columns
    labels = _labels(columns)
    taken: set[str] = set()
    count = 0
    with new_workbook(stream, streaming=True) as book:
        pen = Pen(book)
        line = MAX_ROWS
        sheet: Any = None
        for row in rows:
            if line >= MAX_ROWS:
                sheet, line = _headed(book, pen, columns, sheet_name(title, taken)), 1
            for index, value in enumerate(row):
                label = labels[index]
                pen.write(sheet, line, index, label.get(value, value) if label and value is not None else value)
            line += 1
            count += 1
        if sheet is None:
            _headed(book, pen, columns, sheet_name(title, taken))
    return count


def _headed(book: Any, pen: Pen, columns: Sequence[Column], name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, unfit_removed(str(column.title)), pen.head)
    return sheet


def _labels(columns: Sequence[Column]) -> list[dict[Any, str]]:
    """Values of choices, and yes and no, are shown by their labels, as the template wants them."""
    answers = {True: _("yes"), False: _("no")}
    return [
        answers if column.kind == "bool" else {value: str(label) for label, value in (column.choices or {}).items()}
        for column in columns
    ]


def export_csv(stream: IO[bytes], columns: SheetSpec | Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with a mark, so that Excel reads Chinese; the same guard against formulas."""
    columns = columns.columns if isinstance(columns, SheetSpec) else columns
    labels = _labels(columns)
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([guarded(str(column.title)) for column in columns])
    count = 0
    for row in rows:
        writer.writerow(
            [
                _plain(labels[n].get(value, value) if labels[n] and value is not None else value)
                for n, value in enumerate(row)
            ]
        )
        count += 1
    text.flush()
    text.detach()
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float | Decimal) or value is None:
        return value
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    return guarded(unfit_removed(str(value)))
