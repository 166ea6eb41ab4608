"""Where what stands in the workbook of a return. Keys stand in hidden columns, so that rows may be read whatever language they are in."""

from datetime import date
from hashlib import sha256
from typing import Any

from anlan.campaigns.returns.reading import NONE_WORDS
from anlan.campaigns.returns.template import Element
from anlan.campaigns.workbooks.cells import plain
from anlan.kernel.exchange.writing import CELL_LENGTH, guarded, unfit_removed
from anlan.kernel.phrases import chinese
from anlan.kernel.text import fold

MARK = "anlan:return:1"
MARKS = ("mark", "record", "template", "month", "unit")
"""What the hidden first column says in the first rows of the first sheet."""
KEY, BASE, REASON_KEY, REASON_BASE, LABEL, VALUE, UNIT, COUNTED, LAST, REASON, HINT = range(11)
"""Columns of the first sheet; the first four are hidden."""
FIRST_ROW = len(MARKS) + 1
HEAD_ROW = len(MARKS)
ROWS_OF = "rows:"
"""Begins the hidden first cell of the sheet of a panel with rows; below it the digest of the rows as they were."""
CODES_ROW, ROWS_HEAD, ROWS_FIRST = 1, 2, 3
PLACES = ("cells", "nothing", "reasons")


def none_word() -> str:
    return "无" if chinese() else "none"


def said_none(text: str) -> bool:
    return fold(text).strip() in NONE_WORDS


def cell_value(element: Element, typed: Any) -> str | int | date:
    """What was typed as a cell holds it: figures and days as such where nothing is lost by it, choices by their labels."""
    if typed is None:
        return none_word()
    text = str(typed).replace("\r\n", "\n").strip()
    if element.is_number and text.isascii() and text.isdigit() and len(text) < 16 and str(int(text)) == text:
        return int(text)
    if element.type == "date":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return day if day.isoformat() == text and day.year > 1900 else text
    if element.type == "choice":
        return next((one.label for one in element.options if one.code == text), text)
    return text


def as_text(element: Element, typed: Any) -> str:
    """What reading the cell gives back if nobody changed it."""
    return plain(written(str(cell_value(element, typed))))


def written(text: str) -> str:
    """What a cell can hold: no formula, no sign that XML cannot carry."""
    return guarded(unfit_removed(text))[:CELL_LENGTH]


def typed_of(element: Element, text: str) -> str | None:
    """Back to what is typed on the page: the code of a choice, None for “none”."""
    if element.none and said_none(text):
        return None
    if element.type == "choice":
        return next((one.code for one in element.options if text in (one.code, one.zh, one.en)), text)
    return text


def digest(text: str) -> str:
    """Of what stood in a box when the workbook was written, to tell afterwards who changed it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12] if text else ""


def digest_of_rows(rows: list[dict[str, str]]) -> str:
    """Rows in which nothing stands do not count."""
    parts = [f"{name}\x1f{text}" for row in rows if row for name, text in [*sorted(row.items()), ("", "")]]
    return digest("\x1e".join(parts))
