"""The file given back: the same cells, the wrong ones coloured with the reason as a comment, all of them listed on a first sheet."""

from collections import defaultdict
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from anlan.kernel import sandbox
from anlan.kernel.exchange.reading import LIMITS, MAX_COLUMNS, MAX_ROWS
from anlan.kernel.exchange.report import Fault, Report
from anlan.kernel.exchange.wire import unpack
from anlan.kernel.exchange.writing import Pen, new_workbook, sheet_name
from anlan.kernel.sheets_guard import check_workbook

TARGET = "anlan.kernel.exchange.extract:copy_workbook"


def annotated(path: Path, report: Report, stream: IO[bytes]) -> None:
    """Writes xlsx. Values stay as they were typed; looks of the original do not."""
    check_workbook(path)
    marks: dict[str, dict[tuple[int, int], list[Fault]]] = defaultdict(lambda: defaultdict(list))
    for fault in report.faults:
        if fault.row:
            marks[fault.sheet][fault.row, fault.index].append(fault)
    limits = {"max_rows": MAX_ROWS, "max_columns": MAX_COLUMNS}
    with (
        sandbox.run(TARGET, path, params=limits, limits=LIMITS) as answer,
        new_workbook(stream, streaming=True) as book,
    ):
        pen = Pen(book)
        taken: set[str] = set()
        _overview(book, pen, report, sheet_name(_("What is wrong"), taken))
        page: Any = None
        here: dict[tuple[int, int], list[Fault]] = {}
        left = 0
        for block in answer.blocks():
            header, columns = unpack(block)
            if "sheet" in header:
                page = book.add_worksheet(sheet_name(header["sheet"], taken))
                here, left = marks.get(header["sheet"], {}), header["left"]
                continue
            rows = header["rows"] or range(header["first"], header["first"] + header["count"])
            for row, cells in zip(rows, zip(*columns, strict=True), strict=True):
                for index, cell in enumerate(cells, start=left):
                    faults = here.get((row, index))
                    pen.write(page, row - 1, index, cell, "wrong" if faults else "")
                    if faults:
                        page.write_comment(row - 1, index, "\n".join(fault.reason for fault in faults), {"x_scale": 2})


def _overview(book: Any, pen: Pen, report: Report, name: str) -> None:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for index, (heading, width) in enumerate(
        [(_("Sheet"), 16), (_("Cell"), 10), (_("Row"), 8), (_("Column"), 24), (_("Value"), 30), (_("Reason"), 80)]
    ):
        page.set_column(index, index, width)
        page.write_string(0, index, heading, pen.head)
    line = 1
    for fault in islice(report.faults, report.limit):
        for index, value in enumerate(
            (fault.sheet, fault.cell, fault.row or None, fault.column, fault.value, fault.reason)
        ):
            pen.write(page, line, index, value)
        line += 1
    if not report.complete:
        rest = report.total - len(report.faults)
        pen.write(page, line, 0, _("%(count)s more are not listed.") % {"count": rest})
