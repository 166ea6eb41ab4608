"""One return as people see it: panels with their boxes, what was typed, counted and written last month, and what is wrong."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from anlan.campaigns.beside import beside
from anlan.campaigns.models import Return
from anlan.campaigns.returns.checking import Checker, Trouble
from anlan.campaigns.returns.kept import Beside, explains, ids_of, judged, trouble_of
from anlan.campaigns.returns.saying import say, shown
from anlan.campaigns.returns.template import Cell, Element, Panel, Template
from anlan.campaigns.states import WRITING
from anlan.campaigns.versions import checker_for
from anlan.kernel.errors import NotFound

KNOWN = re.compile(r"\bknown\.(\w+)")
UNWRITTEN = frozenset({"empty", "blank", "no_rows"})
"""Troubles with what was not written yet: said quietly as long as one writes."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A trouble in the reader's words. `places` are names of boxes and panels (see `place_of`); `reason` heals one that asks for it."""

    key: str
    check: str
    severity: str
    panel: str
    places: tuple[str, ...]
    cells: tuple[str, ...] = ()
    row: int = 0
    message: str
    instead: str
    reason: str = ""
    reason_by: str = ""
    source: str = ""
    facts: tuple[str, ...] = ()
    """What the platform knows that it is checked against; see `behind.py` for the rows."""

    @property
    def unwritten(self) -> bool:
        return self.check in UNWRITTEN

    @property
    def stops(self) -> bool:
        return self.severity == "error" or (self.severity == "reason" and not explains(self.reason))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box with what stands in it; `words` is what was typed. `counted` and `last` are None where nobody knows."""

    name: str
    place: str
    element: Element
    label: str
    words: str = ""
    value: Any = None
    said: str = ""
    """The value as people write it."""
    answered: bool = False
    wrong: bool = False
    by: str = ""
    at: str = ""
    way: str = ""
    counted: int | None = None
    counted_said: str = ""
    last: int | None = None
    last_said: str = ""
    members: tuple["Box", ...] = ()

    @property
    def difference(self) -> int | None:
        """Typed less counted."""
        return self.value - self.counted if self.counted is not None and isinstance(self.value, int) else None

    @property
    def needed(self) -> bool:
        return self.element.needed

    @property
    def foreign(self) -> str:
        """What was typed into a choice and is none of its options: kept, and shown as what it is."""
        return self.words if self.wrong and self.element.options else ""


@dataclass(frozen=True, kw_only=True)
class Row:
    id: str
    number: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A panel. `nothing` is the answer “none / not applicable” for all of it."""

    panel: Panel
    boxes: tuple[Box, ...] = ()
    rows: tuple[Row, ...] = ()
    nothing: bool = False
    nothing_by: str = ""
    troubles: tuple[Told, ...] = ()

    @property
    def code(self) -> str:
        return self.panel.code

    @property
    def stopping(self) -> int:
        return sum(one.stops for one in self.troubles)

    @property
    def written(self) -> bool:
        return self.nothing or bool(self.rows) or any(box.answered or box.wrong for box in self.boxes)

    @property
    def mark(self) -> str:
        """What the index shows: `todo` nothing was written, `wrong` something must be mended, `part` something is blank, `done`."""
        stopping = [one for one in self.troubles if one.stops]
        if any(not one.unwritten for one in stopping):
            return "wrong"
        if stopping:
            return "part" if self.written else "todo"
        return "done"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    record: Return
    checker: Checker
    beside: Beside
    sections: tuple[Section, ...]
    troubles: tuple[Told, ...] = field(default=())

    @property
    def stopping(self) -> list[Told]:
        return [one for one in self.troubles if one.stops]


def one(return_id: UUID) -> Return:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = Return.objects.select_related("unit", "reviewer", "campaign").filter(pk=return_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(cell: str, row_id: str = "") -> str:
    """The name of a box on the page: `c:panel.element`, or `r:panel:row:element`."""
    if not row_id:
        return f"c:{cell}"
    panel, _dot, element = cell.partition(".")
    return f"r:{panel}:{row_id}:{element}"


def sheet(record: Return) -> Sheet:
    """While it is written, what is wrong is computed anew: others may have moved what it is checked against."""
    checker, known = checker_for(record.template_id), beside(record)
    told = tuple(_told(record, checker, one) for one in _troubles(record, checker, known))
    drawn = _Drawing(template=checker.template, record=record, beside=known)
    sections = tuple(
        drawn.section(panel, tuple(one for one in told if one.panel == panel.code))
        for panel in checker.template.asked_of(record.filler)
    )
    return Sheet(record=record, checker=checker, beside=known, sections=sections, troubles=told)


def told_of(record: Return) -> list[Told]:
    """The troubles of the last check, as they were kept."""
    checker = checker_for(record.template_id)
    return [_told(record, checker, trouble_of(one)) for one in record.troubles]


def _troubles(record: Return, checker: Checker, known: Beside) -> Iterable[Trouble]:
    if record.state not in WRITING:
        return [trouble_of(one) for one in record.troubles]
    return judged(checker, record.values, filler=record.filler, month=record.month, beside=known).troubles


def _told(record: Return, checker: Checker, trouble: Trouble) -> Told:
    said = say(checker, trouble)
    given = record.values["reasons"].get(trouble.key, {})
    places = tuple(_place(record, checker.template, one, trouble.row) for one in trouble.cells)
    check = checker.by_id.get(trouble.check)
    return Told(
        key=trouble.key,
        check=trouble.check,
        severity=trouble.severity,
        panel=trouble.cells[0].split(".")[0] if trouble.cells else "",
        places=places,
        cells=trouble.cells,
        row=trouble.row,
        message=said.message,
        instead=said.instead,
        reason=given.get("typed", ""),
        reason_by=given.get("by", ""),
        source=check.source if check else "",
        facts=tuple(dict.fromkeys(KNOWN.findall(check.source_text))) if check else (),
    )


def _place(record: Return, template: Template, cell: str, row: int) -> str:
    if cell not in template.cells:
        return f"p:{cell}"
    if not template.cells[cell].panel.repeats:
        return place_of(cell)
    panel = cell.split(".", maxsplit=1)[0]
    ids = ids_of(record.values, panel)
    return place_of(cell, ids[row - 1]) if 0 < row <= len(ids) else f"p:{panel}"


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    template: Template
    record: Return
    beside: Beside

    def section(self, panel: Panel, troubles: tuple[Told, ...]) -> Section:
        none = self.record.values["nothing"].get(panel.code)
        cells = self.template.by_panel[panel.code]
        return Section(
            panel=panel,
            boxes=() if panel.repeats else tuple(self._whole(cell, cells) for cell in cells if cell.member is None),
            rows=self._rows(panel, cells) if panel.repeats else (),
            nothing=none is not None,
            nothing_by=(none or {}).get("by", ""),
            troubles=troubles,
        )

    def _whole(self, cell: Cell, cells: Iterable[Cell]) -> Box:
        kept = self.record.values["cells"]
        parts = [one for one in cells if one.member is not None and one.element is cell.element]
        return self._box(cell, kept.get(cell.name), members=tuple(self._box(one, kept.get(one.name)) for one in parts))

    def _rows(self, panel: Panel, cells: Iterable[Cell]) -> tuple[Row, ...]:
        ids = ids_of(self.record.values, panel.code)
        return tuple(
            Row(
                id=ids[number - 1],
                number=number,
                boxes=tuple(self._box(cell, row.get(cell.element.code), row_id=ids[number - 1]) for cell in cells),
            )
            for number, row in enumerate(self.record.values["rows"].get(panel.code, []), 1)
        )

    def _box(
        self, cell: Cell, kept: Mapping[str, Any] | None, *, row_id: str = "", members: tuple[Box, ...] = ()
    ) -> Box:
        counted, last = self.beside.counted.get(cell.name), self.beside.last.get(cell.name)
        kept = kept or {}
        answered = "value" in kept
        return Box(
            name=cell.name,
            place=place_of(cell.name, row_id),
            element=cell.element,
            label=cell.member.label if cell.member else cell.element.label,
            words=written(kept),
            value=kept.get("value"),
            said=shown(self.template, cell.name, kept["value"]) if answered and kept["value"] is not None else "",
            answered=answered,
            wrong="wrong" in kept,
            by=kept.get("by", ""),
            at=kept.get("at", ""),
            way=kept.get("way", ""),
            counted=counted,
            counted_said=shown(self.template, cell.name, counted) if counted is not None else "",
            last=last,
            last_said=shown(self.template, cell.name, last) if last is not None else "",
            members=members,
        )


NONE_WORD = "不涉及"
"""What a program's null reads as in a box: one of the words that are understood as “none / not applicable”."""


def written(kept: Mapping[str, Any]) -> str:
    """A box as it was typed; empty when nothing was."""
    if not kept:
        return ""
    return NONE_WORD if kept["typed"] is None else str(kept["typed"])


def typed_of(record: Return) -> dict[str, str]:
    """Every box as it stands, by its place: panels answered “none” as `n:panel`, reasons as `w:trouble`."""
    values = record.values
    found = {place_of(name): written(kept) for name, kept in values["cells"].items()}
    for panel, rows in values["rows"].items():
        for key, row in zip(ids_of(values, panel), rows, strict=True):
            found |= {place_of(f"{panel}.{name}", key): written(kept) for name, kept in row.items()}
    found |= {f"n:{panel}": "1" for panel in values["nothing"]}
    return found | {f"w:{key}": kept["typed"] for key, kept in values["reasons"].items()}
