"""The empty workbook people fill in: instructions, one sheet for each kind of record, drop-downs, help on every heading."""

from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from anlan.kernel.exchange.spec import MAX_ROWS, Choices, Column, SheetSpec, WorkbookSpec
from anlan.kernel.exchange.writing import Pen, new_workbook, sheet_name

LISTS = "_lists"
LISTED_INLINE = 250  # characters: Excel's limit is 255


def template(spec: WorkbookSpec, stream: IO[bytes], *, choices: Choices | None = None) -> None:
    choices = choices or {}
    with new_workbook(stream, streaming=False) as book:
        pen = Pen(book)
        _instructions(book, pen, spec, choices)
        lists = _Lists(book)
        taken = {LISTS}
        for sheet in spec.sheets:
            _sheet(book, pen, sheet, choices, lists, sheet_name(sheet.title, taken))
        lists.hide()
        book.worksheets()[1].activate()


def _instructions(book: Any, pen: Pen, spec: WorkbookSpec, choices: Choices) -> None:
    page = book.add_worksheet(sheet_name(_("Instructions")))
    page.set_column(0, 0, 24)
    page.set_column(1, 2, 16)
    page.set_column(3, 3, 90)
    pen.write(page, 0, 0, str(spec.title))
    page.write_string(0, 0, str(spec.title), pen.title)
    line = 1
    for note in [*spec.notes, *_common_notes()]:
        page.merge_range(line, 0, line, 3, str(note), pen.wrap)
        line += 1
    for sheet in spec.sheets:
        line += 1
        page.write_string(line, 0, str(sheet.title), pen.title)
        line += 1
        for index, heading in enumerate((_("Column"), _("Required"), _("Kind"), _("How to fill it in"))):
            page.write_string(line, index, heading, pen.head)
        for column in sheet.columns:
            line += 1
            cells = (
                str(column.title),
                _("yes") if column.required else "",
                str(kind_name(column)),
                help_text(column, choices),
            )
            for index, text in enumerate(cells):
                page.write_string(line, index, text, pen.wrap)
        line += 1


def _common_notes() -> Sequence[str]:
    return (
        _(
            "Headings on red ground are required. Do not rename them; columns may be moved, other columns are left aside."
        ),
        _("The grey row is an example. Overwrite it; if it is left unchanged, it is not loaded."),
        _("First a trial run reports every cell that is wrong; only when none is, everything is loaded at once."),
    )


def kind_name(column: Column) -> str:
    return {
        "text": _("text"),
        "code": _("code (as text)"),
        "int": _("whole number"),
        "decimal": _("number"),
        "date": _("date"),
        "datetime": _("date and time"),
        "choice": _("one of a list"),
        "bool": _("yes or no"),
    }[column.kind]


def help_text(column: Column, choices: Choices) -> str:
    """What the spec says, then what follows from it."""
    parts = [str(column.help)] if str(column.help) else []
    if column.max_length:
        parts.append(_("At most %(count)s characters.") % {"count": column.max_length})
    if column.exact_length:
        parts.append(_("Exactly %(count)s characters.") % {"count": column.exact_length})
    if column.kind in {"date", "datetime"}:
        parts.append(_("As 2026-01-31.") if column.kind == "date" else _("As 2026-01-31 08:30."))
    labels = list(column.labels(choices)) if column.kind == "choice" else []
    if 0 < len(labels) <= 20:
        parts.append(_("One of: %(choices)s.") % {"choices": ", ".join(labels)})
    return " ".join(parts)


class _Lists:
    """Long lists of choices live on a hidden sheet, each column of it under a name."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.sheet: Any = None
        self.names: dict[tuple[str, ...], str] = {}

    def source(self, labels: Sequence[str]) -> list[str] | str:
        if len(",".join(labels)) <= LISTED_INLINE and not any("," in label for label in labels):
            return list(labels)
        key = tuple(labels)
        if key not in self.names:
            if self.sheet is None:
                self.sheet = self.book.add_worksheet(LISTS)
            place = len(self.names)
            for row, label in enumerate(labels):
                self.sheet.write_string(row, place, label)
            letter = xl_col_to_name(place)
            name = f"choices_{place + 1}"
            self.book.define_name(name, f"={LISTS}!${letter}$1:${letter}${len(labels)}")
            self.names[key] = f"={name}"
        return self.names[key]

    def hide(self) -> None:
        if self.sheet is not None:
            self.sheet.very_hidden()


def _sheet(book: Any, pen: Pen, spec: SheetSpec, choices: Choices, lists: _Lists, name: str) -> None:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    page.set_row(0, 30)
    last = MAX_ROWS - 1
    for index, column in enumerate(spec.columns):
        page.set_column(index, index, column.width, pen.format(_number_format(column)))
        page.write_string(0, index, str(column.title), pen.must if column.required else pen.head)
        if text := help_text(column, choices):
            page.write_comment(0, index, text, {"x_scale": 2, "y_scale": 1.5})
        pen.write(page, 1, index, column.example, "grey")
        if rule := _validation(column, choices, lists):
            page.data_validation(1, index, last, index, rule)


def _number_format(column: Column) -> str:
    return {"int": "0", "decimal": "General", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}.get(
        column.kind, "@"
    )


def _validation(column: Column, choices: Choices, lists: _Lists) -> dict[str, Any] | None:
    labels: list[str] = []
    if column.kind == "choice":
        labels = list(column.labels(choices))
    elif column.kind == "bool":
        labels = [_("yes"), _("no")]
    if labels:
        return {
            "validate": "list",
            "source": lists.source(labels),
            "error_title": _("Not one of the choices")[:32],
            "error_message": _("Choose from the list.")[:255],
        }
    if column.kind == "int":
        low = -(10**15) if column.minimum is None else column.minimum
        high = 10**15 if column.maximum is None else column.maximum
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_message": _("This must be a whole number.")[:255],
        }
    return None
