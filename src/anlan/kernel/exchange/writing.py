"""What every workbook and table we write has in common: cells are values, never formulas or links."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anlan.kernel.clock import SHANGHAI

OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}
CELL_LENGTH = 32_767
_EXACT = 10**15
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """A text that Excel or WPS would take for a formula when it is typed or read from CSV gets a `'` in front."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unfit_removed(text: str) -> str:
    """What XML cannot hold becomes the replacement character: one odd record must not spoil an export."""
    if text.isprintable():
        return text
    return "".join(
        "\ufffd"
        if (letter < " " and letter not in "\t\n\r") or "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff"
        else letter
        for letter in text
    )


def new_workbook(stream: Any, *, streaming: bool) -> xlsxwriter.Workbook:
    """`streaming` writes row by row with constant memory; rows must then come in order."""
    return xlsxwriter.Workbook(stream, {**OPTIONS, "constant_memory": streaming})


class Pen:
    """Writes values into cells of one workbook by their type."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format(
            {
                "bold": True,
                "bg_color": "#1F4E79",
                "font_color": "#FFFFFF",
                "border": 1,
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        self.must = book.add_format(
            {
                "bold": True,
                "bg_color": "#9C2A1A",
                "font_color": "#FFFFFF",
                "border": 1,
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.grey = {"font_color": "#808080", "italic": True}
        self.wrong = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        self._book = book
        self._formats: dict[tuple[str, str], Format] = {}

    def format(self, number: str, look: str = "") -> Format:
        """A number format with the look `grey`, `wrong` or none; each is made once."""
        key = (number, look)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"num_format": number, **(getattr(self, look) if look else {})})
        return self._formats[key]

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, look: str = "") -> None:
        plain = self.format("General", look) if look else None
        if value is None or value == "":
            if look:
                sheet.write_blank(row, column, None, plain)
            return
        kind: Callable[..., None] = _WRITERS.get(type(value), Pen._text)
        kind(self, sheet, row, column, value, look)

    def _text(self, sheet: Worksheet, row: int, column: int, value: Any, look: str) -> None:
        text = guarded(unfit_removed(str(value)))
        if len(text) > CELL_LENGTH:
            text = f"{text[: CELL_LENGTH - 1]}…"
        sheet.write_string(row, column, text, self.format("@", look))

    def _number(self, sheet: Worksheet, row: int, column: int, value: Any, look: str) -> None:
        # A number Excel cannot hold exactly is better read as text than rounded silently.
        if abs(value) < _EXACT:
            sheet.write_number(row, column, value, self.format("General", look) if look else None)
        else:
            self._text(sheet, row, column, value, look)

    def _bool(self, sheet: Worksheet, row: int, column: int, value: bool, look: str) -> None:
        sheet.write_boolean(row, column, value, self.format("General", look) if look else None)

    def _date(self, sheet: Worksheet, row: int, column: int, value: date, look: str) -> None:
        if value.year < 1901:
            self._text(sheet, row, column, value.isoformat(), look)
        else:
            sheet.write_datetime(row, column, value, self.format("yyyy-mm-dd", look))

    def _moment(self, sheet: Worksheet, row: int, column: int, value: datetime, look: str) -> None:
        local = value.astimezone(SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
        local = local.replace(microsecond=0)  # Excel would round the last moment of a day into the next
        if local.year < 1901:
            self._text(sheet, row, column, local.isoformat(" "), look)
        else:
            sheet.write_datetime(row, column, local, self.format("yyyy-mm-dd hh:mm", look))


_WRITERS: dict[type, Any] = {
    str: Pen._text,  # noqa: SLF001
    int: Pen._number,  # noqa: SLF001
    float: Pen._number,  # noqa: SLF001
    Decimal: Pen._number,  # noqa: SLF001
    bool: Pen._bool,  # noqa: SLF001
    date: Pen._date,  # noqa: SLF001
    datetime: Pen._moment,  # noqa: SLF001
}


def sheet_name(title: object, taken: set[str] | None = None) -> str:
    """Excel allows 31 characters, no brackets, colons, stars, question marks or slashes, and no name twice."""
    name = (
        "".join(" " if letter in "[]:*?/\\" else letter for letter in unfit_removed(str(title))).strip(" '")[:31] or "1"
    )
    taken = taken if taken is not None else set()
    number, base = 2, name
    while name.casefold() in taken:
        name = f"{base[: 30 - len(str(number))]} {number}"
        number += 1
    taken.add(name.casefold())
    return name
