"""What a return holds, and how the expressions of its checks see it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from anlan.campaigns.returns.expressions import COUNT, MOMENT, TEXT, TRUTH
from anlan.campaigns.returns.template import Cell, Template

Value = int | str | date
KINDS = {"count": COUNT, "money": COUNT, "date": MOMENT, "text": TEXT, "choice": TEXT, "document": TEXT}
ZERO: dict[str, Any] = {COUNT: 0, TEXT: "", MOMENT: datetime(1970, 1, 1, tzinfo=UTC), TRUTH: False}
"""What an expression reads where nothing was written, if its check wants to be asked all the same."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """
    One return of one month. A cell that stands in `values` (or in a row) with None was answered “none / not applicable”; one
    that does not stand there is blank. `nothing` are the panels answered so as a whole.

    `last` is the month before, `below` the sum of the units below, `counted` what the platform counted, `known` what it knows
    beside the return; what is absent there is unknown. Money is whole fen.
    """

    filler: str
    month: date
    values: Mapping[str, Value | None] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Value | None]]] = field(default_factory=dict)
    nothing: frozenset[str] = frozenset()
    last: Mapping[str, int] = field(default_factory=dict)
    below: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Nothing at all was written: silence, which is no answer."""
        return not self.values and not self.nothing and not any(self.rows.values())


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Values by name for an activation, and the names among them that nobody wrote or knows."""

    values: dict[str, Any]
    missing: set[str]


class View:
    """The names that expressions of a template may use, and the values they have for a return."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.top: dict[str, str] = {
            "month.first": MOMENT,
            "month.last": MOMENT,
            "month.number": COUNT,
            "unit.kind": TEXT,
        }
        self.may_miss: set[str] = set()
        for panel in template.panels:
            self.top |= {f"none.{panel.code}": TRUTH, f"answered.{panel.code}": COUNT, f"asked.{panel.code}": COUNT}
            if panel.repeats:
                self.top[f"rows.{panel.code}"] = COUNT
            for cell in template.by_panel[panel.code]:
                self._in_rows(cell) if panel.repeats else self._single(cell)
        for fact in template.facts:
            self._missable(f"known.{fact.code}", COUNT if fact.type == "count" else TEXT)

    def row(self, panel: str) -> dict[str, str]:
        """Names for a check that is asked of each row of a panel: those of the return, and those of the row."""
        found = {**self.top, "row.number": COUNT}
        for cell in self.template.by_panel[panel]:
            found |= {cell.name: KINDS[cell.element.type], f"given.{cell.name}": TRUTH, f"none.{cell.name}": TRUTH}
        return found

    def row_may_miss(self, panel: str) -> set[str]:
        return self.may_miss | {cell.name for cell in self.template.by_panel[panel]}

    def _single(self, cell: Cell) -> None:
        self._missable(cell.name, KINDS[cell.element.type])
        self.top |= {f"given.{cell.name}": TRUTH, f"none.{cell.name}": TRUTH}
        if cell.element.is_number:
            self._missable(f"last.{cell.name}", COUNT)
            self._missable(f"below.{cell.name}", COUNT)
        if cell.element.counted and cell.member is None:
            self._missable(f"counted.{cell.name}", COUNT)

    def _in_rows(self, cell: Cell) -> None:
        if cell.element.is_number:
            self.top[f"sum.{cell.name}"] = COUNT
        for option in cell.element.options:
            self.top[f"having.{cell.name}.{option.code}"] = COUNT

    def _missable(self, name: str, kind: str) -> None:
        self.top[name] = kind
        self.may_miss.add(name)


class Eyes:
    """A view narrowed to the names that some checks read, so that nothing is looked up in vain."""

    def __init__(self, view: View, wanted: frozenset[str]) -> None:
        self.view, self.wanted = view, wanted
        self._zero = {name: ZERO[kind] for name, kind in view.top.items() if name in wanted}
        self._missing = view.may_miss & wanted
        self._cells = {
            name: (cell.element.is_number, name in wanted, f"given.{name}", f"none.{name}")
            for name, cell in view.template.cells.items()
            if {name, f"given.{name}", f"none.{name}"} & wanted
        }
        self._panels = [
            panel
            for panel in view.template.panels
            if any(one.split(".")[1] == panel.code for one in wanted if one.split(".")[0] in _OF_PANELS)
        ]

    def look(self, filled: Filled) -> Seen:
        values, missing = self._zero.copy(), set(self._missing)
        self._month(filled, values)
        cells = self._cells
        for name, value in _answers(self.view.template, filled).items():
            if name in cells:
                number, wanted, given, none = cells[name]
                if wanted and (value is not None or number):
                    values[name] = value if type(value) is int else _plain(value)
                    missing.discard(name)
                if given in values:
                    values[given] = True
                if none in values:
                    values[none] = value is None
        for word, known in (("last", filled.last), ("below", filled.below), ("counted", filled.counted)):
            self._beside(word, known, values, missing)
        self._beside("known", filled.known, values, missing)
        for panel in self._panels:
            self._panel(panel.code, filled, values)
        return Seen(values=values, missing=missing)

    def _month(self, filled: Filled, values: dict[str, Any]) -> None:
        last = filled.month.replace(day=monthrange(filled.month.year, filled.month.month)[1])
        for name, value in (
            ("month.first", _plain(filled.month)),
            ("month.last", _plain(last)),
            ("month.number", filled.month.month),
            ("unit.kind", filled.filler),
        ):
            if name in values:
                values[name] = value

    def _beside(self, word: str, known: Mapping[str, Any], values: dict[str, Any], missing: set[str]) -> None:
        for name, value in known.items():
            whole = f"{word}.{name}"
            if whole in values:
                values[whole] = value
                missing.discard(whole)

    def _panel(self, code: str, filled: Filled, values: dict[str, Any]) -> None:
        asked = [cell for cell in self.view.template.by_panel[code] if cell.needed]
        rows = filled.rows.get(code, ())
        found: dict[str, Any] = {f"none.{code}": code in filled.nothing, f"asked.{code}": len(asked)}
        if self.view.template.panel(code).repeats:
            found[f"rows.{code}"] = len(rows)
            found[f"answered.{code}"] = len(asked) if rows or code in filled.nothing else 0
            for cell in self.view.template.by_panel[code]:
                written = [row.get(cell.name.partition(".")[2]) for row in rows]
                if cell.element.is_number:
                    found[f"sum.{cell.name}"] = sum(one for one in written if isinstance(one, int))
                for option in cell.element.options:
                    found[f"having.{cell.name}.{option.code}"] = written.count(option.code)
        else:
            answers = len(asked) if code in filled.nothing else sum(cell.name in filled.values for cell in asked)
            found[f"answered.{code}"] = answers
        values.update((name, value) for name, value in found.items() if name in values)


class RowEyes:
    """The same for checks asked of each row of a panel."""

    def __init__(self, view: View, panel: str, wanted: frozenset[str]) -> None:
        self._top = Eyes(view, wanted & view.top.keys())
        kinds = view.row(panel)
        self._cells = [
            (cell.name, cell.name.partition(".")[2], cell.element.is_number, ZERO[kinds[cell.name]])
            for cell in view.template.by_panel[panel]
        ]
        self._wanted = wanted

    def look(self, filled: Filled, rows: Sequence[Mapping[str, Value | None]]) -> list[Seen]:
        top = self._top.look(filled)
        return [self._row(top, number, row) for number, row in enumerate(rows, 1)]

    def _row(self, top: Seen, number: int, row: Mapping[str, Value | None]) -> Seen:
        values, missing = {**top.values, "row.number": number}, set(top.missing)
        for name, code, is_number, zero in self._cells:
            value = row.get(code)
            here = code in row and (value is not None or is_number)
            values[name] = _plain(value) if value is not None else zero
            values[f"given.{name}"] = code in row
            values[f"none.{name}"] = code in row and value is None
            if not here:
                missing.add(name)
        return Seen(values={name: one for name, one in values.items() if name in self._wanted}, missing=missing)


_OF_PANELS = frozenset({"none", "answered", "asked", "rows", "sum", "having"})


def _answers(template: Template, filled: Filled) -> Mapping[str, Value | None]:
    """Cells with their answers; a panel that was answered “none” as a whole answers for its cells."""
    if not filled.nothing:
        return filled.values
    silent = {cell.name: None for code in filled.nothing for cell in template.by_panel.get(code, ())}
    return {**silent, **filled.values}


def _plain(value: Value | None) -> Any:
    """As CEL takes it: a day is the moment it begins, an absent figure nought."""
    if value is None:
        return 0
    if isinstance(value, date):
        return datetime.combine(value, time.min, UTC)
    return value
