"""What a filled-in workbook says, read by its hidden keys."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.campaigns.workbooks import layout
from anlan.campaigns.workbooks.cells import Book, Sheet
from anlan.kernel.reading import read_id
from anlan.kernel.refusals import Refused

NOT_OURS = _("This is no workbook of a monthly return. Download the workbook of the return anew and fill that in.")
TORN = _(
    "Rows or columns of the workbook were moved or removed (%(place)s). Download it anew and copy the answers over."
)


@dataclass(frozen=True, kw_only=True)
class Box:
    """What stands in a box now, and the digest of what stood there when the workbook was written."""

    text: str
    base: str

    @property
    def touched(self) -> bool:
        return layout.digest(self.text) != self.base


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The entries of a panel, each by element."""

    rows: list[dict[str, str]]
    base: str

    @property
    def touched(self) -> bool:
        return layout.digest_of_rows(self.rows) != self.base


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A workbook as it came back. `boxes` by place: `cells.<cell>`, `nothing.<panel>`, `reasons.<trouble>`."""

    record: UUID
    template: UUID
    month: date
    unit: str
    boxes: dict[str, Box] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)


def parse(book: Book) -> Sent:
    """Raises Refused for a workbook that is none of ours, or was torn apart."""
    first = next((sheet for sheet in book.sheets if sheet.at(0, layout.KEY) == layout.MARK), None)
    if first is None:
        raise Refused("returns.not_ours", NOT_OURS)
    marks = {name: first.at(line, layout.KEY) for line, name in enumerate(layout.MARKS)}
    record, template = read_id(marks["record"]), read_id(marks["template"])
    try:
        month = date.fromisoformat(marks["month"])
    except ValueError:
        month = None
    if record is None or template is None or month is None:
        raise Refused("returns.not_ours", NOT_OURS)
    sent = Sent(record=record, template=template, month=month, unit=marks["unit"][:120])
    for line in sorted(first.rows):
        if line >= layout.FIRST_ROW:
            _box(first, line, sent)
    for sheet in book.sheets:
        if (key := sheet.at(0, layout.KEY)).startswith(layout.ROWS_OF):
            sent.rows[key.removeprefix(layout.ROWS_OF)] = _rows(sheet)
    return sent


def _box(sheet: Sheet, line: int, sent: Sent) -> None:
    for key, base, value in (
        (layout.KEY, layout.BASE, layout.VALUE),
        (layout.REASON_KEY, layout.REASON_BASE, layout.REASON),
    ):
        place = sheet.at(line, key)
        if not place:
            if key == layout.KEY and sheet.at(line, layout.VALUE):
                raise Refused("returns.torn", TORN, {"place": f"{sheet.name} {line + 1}"})
            continue
        if place in sent.boxes or place.split(".", 1)[0] not in layout.PLACES:
            raise Refused("returns.torn", TORN, {"place": f"{sheet.name} {line + 1}"})
        sent.boxes[place] = Box(text=sheet.at(line, value), base=sheet.at(line, base))


def _rows(sheet: Sheet) -> Rows:
    codes = {column: code for column, code in sheet.rows.get(layout.CODES_ROW, {}).items() if column != layout.KEY}
    if not codes or len(set(codes.values())) != len(codes):
        raise Refused("returns.torn", TORN, {"place": sheet.name})
    rows = []
    for line in sorted(sheet.rows):
        if line < layout.ROWS_FIRST:
            continue
        if strays := sheet.rows[line].keys() - codes.keys():
            raise Refused("returns.torn", TORN, {"place": f"{sheet.name} {line + 1}/{min(strays) + 1}"})
        rows.append({codes[column]: text for column, text in sheet.rows[line].items()})
    return Rows(rows=rows, base=sheet.at(layout.CODES_ROW, layout.KEY))
