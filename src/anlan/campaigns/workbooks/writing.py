"""A return as a workbook to be filled in: headings locked, keys hidden, choices to open, what the platform knows beside each box."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Any

from django.utils.translation import gettext as _

from anlan.campaigns.models import Return
from anlan.campaigns.returns import saying
from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.kept import Beside, Kept, trouble_of
from anlan.campaigns.returns.template import Cell, Panel
from anlan.campaigns.workbooks import layout
from anlan.campaigns.workbooks.layout import BASE, COUNTED, HINT, KEY, LABEL, LAST, REASON, REASON_BASE, UNIT, VALUE
from anlan.kernel.exchange.writing import new_workbook, sheet_name

TEAL, PALE, GREY = "#0F5257", "#EAF2F2", "#6B7280"
LISTED_INLINE = 250
"""Signs of a list of choices: Excel's limit is 255."""
HINT_SIGNS = 250
WIDTHS = {LABEL: 34, VALUE: 22, UNIT: 7, COUNTED: 11, LAST: 11, REASON: 26, HINT: 62}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A return, and what stands beside its boxes."""

    record: Return
    unit: str
    checker: Checker
    beside: Beside = field(default_factory=Beside)

    @property
    def values(self) -> Kept:
        return self.record.values

    @cached_property
    def said(self) -> dict[str, list[str]]:
        """The troubles by the boxes where they show; in rows under `panel.element#row`."""
        found: dict[str, list[str]] = {}
        for kept in self.record.troubles:
            trouble = trouble_of(kept)
            if trouble.check in saying.FORMAL:
                continue  # a blank box is seen to be blank
            told = saying.say(self.checker, trouble)
            for place in trouble.cells:
                key = f"{place}#{trouble.row}" if trouble.row else place
                found.setdefault(key, []).append(f"{told.message} {told.instead}".strip())
        return found


def write(stream: IO[bytes], shown: Shown) -> None:
    with new_workbook(stream, streaming=False) as book:
        _Writer(book, shown).write()


class _Writer:
    def __init__(self, book: Any, shown: Shown) -> None:
        self.book, self.shown = book, shown
        self.taken: set[str] = set()
        add = book.add_format
        box: dict[str, Any] = {"border": 1, "border_color": "#C9D2D3", "valign": "vcenter"}
        self.title = add({"bold": True, "font_size": 14})
        self.note = add({"font_color": GREY, "text_wrap": True, "valign": "top"})
        self.head = add({"bold": True, "bg_color": TEAL, "font_color": "#FFFFFF", **box, "text_wrap": True})
        self.panel = add({"bold": True, "bg_color": PALE, **box})
        self.answer = add({"bg_color": PALE, **box, "locked": False})
        self.label = add({**box, "text_wrap": True})
        self.part = add({**box, "text_wrap": True, "indent": 2})
        self.told = add({**box, "font_color": GREY, "text_wrap": True, "font_size": 9})
        self.known = add({**box, "font_color": GREY})
        self.free = add({**box, "locked": False, "num_format": "General", "text_wrap": True})
        self.free_text = add({**box, "locked": False, "num_format": "@", "text_wrap": True})
        self.free_day = add({**box, "locked": False, "num_format": "yyyy-mm-dd"})

    def write(self) -> None:
        shown = self.shown
        page = self.book.add_worksheet(sheet_name(_("Monthly return"), self.taken))
        self._head(page)
        line = layout.FIRST_ROW
        repeating = []
        for panel in shown.checker.template.asked_of(shown.record.filler):
            self._panel(page, line, panel)
            line += 1
            if panel.repeats:
                repeating.append(panel)
                continue
            for cell in shown.checker.template.by_panel[panel.code]:
                self._cell(page, line, cell)
                line += 1
        for panel in repeating:
            self._rows(panel)

    def _head(self, page: Any) -> None:
        record, template = self.shown.record, self.shown.checker.template
        marks = (layout.MARK, record.pk, record.template_id, f"{record.month:%Y-%m-%d}", self.shown.unit)
        for line, mark in enumerate(marks):
            page.write_string(line, KEY, str(mark))
        page.set_column(KEY, REASON_BASE, None, None, {"hidden": True})
        for column, width in WIDTHS.items():
            page.set_column(column, column, width)
        page.write_string(0, LABEL, template.label, self.title)
        month = _("%(unit)s · %(year)s-%(month)s") % {
            "unit": self.shown.unit, "year": record.month.year, "month": f"{record.month.month:02d}",
        }  # fmt: skip
        page.write_string(1, LABEL, month, self.title)
        notes = (
            _("Fill in the white boxes and upload the file: first you see what it would change, then you save it."),
            _("Write “%(none)s” where a question does not apply; an empty box means that it was not answered yet.")
            % {"none": layout.none_word()},
            _("Panels with several entries have sheets of their own. Do not rename or move anything."),
        )
        for line, text in enumerate(notes, start=2):
            page.write_string(line, LABEL, text)
        heads = {
            LABEL: _("Asked"),
            VALUE: _("Your answer"),
            UNIT: _("Unit of count"),
            COUNTED: _("Counted by the platform"),
            LAST: _("Last month"),
            REASON: _("Reason, where it differs"),
            HINT: _("How to fill it in"),
        }
        for column, text in heads.items():
            page.write_string(layout.HEAD_ROW, column, text, self.head)
        page.freeze_panes(layout.FIRST_ROW, VALUE)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.protect("", {"format_columns": True, "format_rows": True})

    def _panel(self, page: Any, line: int, panel: Panel) -> None:
        nothing = panel.code in self.shown.values["nothing"]
        page.write_string(line, KEY, f"nothing.{panel.code}")
        page.write_string(line, BASE, layout.digest(layout.none_word()) if nothing else "")
        page.write_string(line, LABEL, panel.label, self.panel)
        for column in (UNIT, COUNTED, LAST, REASON):
            page.write_blank(line, column, None, self.panel)
        page.write_string(line, VALUE, layout.none_word() if nothing else "", self.answer if panel.none else self.panel)
        words = []
        if panel.none:
            page.data_validation(line, VALUE, line, VALUE, {"validate": "list", "source": [layout.none_word()]})
            words.append(
                _("Choose “%(none)s” for the whole panel if there was nothing.") % {"none": layout.none_word()}
            )
        if panel.repeats:
            words.insert(0, _("Entries stand on the sheet “%(sheet)s”.") % {"sheet": sheet_name(panel.label)})
        page.write_string(line, HINT, " ".join([*words, *self.shown.said.get(panel.code, ())]), self.panel)

    def _cell(self, page: Any, line: int, cell: Cell) -> None:
        element, entry = cell.element, self.shown.values["cells"].get(cell.name)
        page.write_string(line, KEY, f"cells.{cell.name}")
        page.write_string(line, LABEL, cell.label, self.part if cell.member else self.label)
        page.write_string(line, UNIT, _("yuan") if element.type == "money" else element.unit, self.known)
        self._box(page, line, VALUE, cell, entry)
        page.write_string(line, BASE, layout.digest(layout.as_text(element, entry["typed"])) if entry else "")
        for column, found in ((COUNTED, self.shown.beside.counted), (LAST, self.shown.beside.last)):
            self._known(page, line, column, cell, found.get(cell.name))
        if element.counted and not cell.member:
            self._reason(page, line, f"as_counted:{cell.name}")
        else:
            page.write_blank(line, REASON, None, self.known)
        page.write_string(line, HINT, " ".join(self._hints(cell, cell.name)), self.told)

    def _reason(self, page: Any, line: int, key: str) -> None:
        kept = self.shown.values["reasons"].get(key, {}).get("typed", "")
        page.write_string(line, layout.REASON_KEY, f"reasons.{key}")
        page.write_string(line, REASON_BASE, layout.digest(kept))
        page.write_string(line, REASON, layout.written(kept), self.free_text)

    def _known(self, page: Any, line: int, column: int, cell: Cell, figure: int | None) -> None:
        if figure is None:
            page.write_blank(line, column, None, self.known)
        else:
            page.write_number(line, column, figure / 100 if cell.element.type == "money" else figure, self.known)

    def _box(self, page: Any, line: int, column: int, cell: Cell, entry: Kept | None) -> None:
        element = cell.element
        look = self._look(cell)
        value = layout.cell_value(element, entry["typed"]) if entry else None
        if value is None or value == "":
            page.write_blank(line, column, None, look)
        elif isinstance(value, int):
            page.write_number(line, column, value, look)
        elif isinstance(value, str):
            page.write_string(line, column, layout.written(value), self.free_text)
        else:
            page.write_datetime(line, column, value, look)
        self._offer(page, line, line, column, cell)

    def _look(self, cell: Cell) -> Any:
        looks = {"date": self.free_day, "count": self.free, "money": self.free, "choice": self.free}
        return looks.get(cell.element.type, self.free_text)

    def _offer(self, page: Any, first: int, last: int, column: int, cell: Cell) -> None:
        labels = [one.label for one in cell.element.options]
        if labels and len(",".join(labels)) <= LISTED_INLINE and not any("," in one for one in labels):
            none = [layout.none_word()] if cell.element.none else []
            rule = {"validate": "list", "source": [*labels, *none], "error_title": cell.label[:32]}
            page.data_validation(first, column, last, column, rule)

    def _hints(self, cell: Cell, place: str) -> Iterator[str]:
        element = cell.element
        if said := self.shown.said.get(place):
            yield _("Look again: %(words)s") % {"words": " ".join(said)}
        if not cell.needed:
            yield _("May stay empty.")
        if element.over == "cumulative":
            yield _("Since the campaign began.")
        if element.type == "date":
            yield _("As 2026-01-31.")
        if not element.none:
            yield _("“%(none)s” is no answer here.") % {"none": layout.none_word()}
        if element.help:
            yield element.help

    def _rows(self, panel: Panel) -> None:
        """A sheet with a row an entry; the free rows below are unlocked by their columns, so that they cost nothing."""
        page = self.book.add_worksheet(sheet_name(panel.label, self.taken))
        cells = self.shown.checker.template.by_panel[panel.code]
        rows = self.shown.values["rows"].get(panel.code, [])
        last = layout.ROWS_FIRST + panel.most_rows - 1
        page.set_column(KEY, KEY, None, None, {"hidden": True})
        page.write_string(0, KEY, f"{layout.ROWS_OF}{panel.code}")
        page.write_string(layout.CODES_ROW, KEY, layout.digest_of_rows(rows_as_text(panel, rows)))
        page.set_row(layout.CODES_ROW, None, None, {"hidden": True})
        page.write_string(0, 1, _("%(panel)s: one entry a row, at most %(most)s") % {"panel": panel.label, "most": panel.most_rows}, self.title)  # fmt: skip
        page.set_row(layout.ROWS_HEAD, 48)
        for column, cell in enumerate(cells, start=1):
            element = cell.element
            wide = 44 if element.longest > 200 or element.type == "text" else 16
            page.set_column(column, column, wide, self._look(cell))
            page.write_string(layout.CODES_ROW, column, element.code)
            hint = " ".join(self._hints(cell, "")).strip()
            unit = f"（{element.unit}）" if element.unit else ""
            page.write_string(layout.ROWS_HEAD, column, f"{cell.label}{unit}", self.head)
            if hint:
                page.write_comment(layout.ROWS_HEAD, column, hint[:HINT_SIGNS], {"x_scale": 2})
            self._offer(page, layout.ROWS_FIRST, last, column, cell)
        for number, row in enumerate(rows):
            for column, cell in enumerate(cells, start=1):
                line = layout.ROWS_FIRST + number
                self._entry(page, line, column, cell, row.get(cell.element.code))
                if said := self.shown.said.get(f"{cell.name}#{number + 1}"):
                    page.write_comment(line, column, " ".join(said)[:1000], {"x_scale": 2})
        page.freeze_panes(layout.ROWS_FIRST, 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.protect("", {"format_columns": True, "format_rows": True, "insert_rows": False, "delete_rows": False})

    def _entry(self, page: Any, line: int, column: int, cell: Cell, entry: Kept | None) -> None:
        if entry is None:
            return
        value = layout.cell_value(cell.element, entry["typed"])
        if isinstance(value, int):
            page.write_number(line, column, value, self.free)
        elif isinstance(value, str):
            page.write_string(line, column, layout.written(value), self.free_text)
        else:
            page.write_datetime(line, column, value, self.free_day)


def rows_as_text(panel: Panel, rows: list[Kept]) -> list[dict[str, str]]:
    elements = {one.code: one for one in panel.elements}
    found = [
        {name: text for name, entry in row.items() if (text := layout.as_text(elements[name], entry["typed"]))}
        for row in rows
    ]
    return [row for row in found if row]
