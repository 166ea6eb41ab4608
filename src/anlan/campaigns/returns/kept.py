"""
A return as it is kept: every cell as typed, what it was read as, by whom, when and by which way; and back to what is checked.

`{"cells": {name: entry}, "rows": {panel: [{element: entry}]}, "ids": {panel: [id of each row]}, "nothing": {panel: entry},
"reasons": {trouble: entry}}`. An entry is `{"typed", "value", "way", "by", "at"}`; `value` null is “none / not applicable”; `wrong` and
`names` stand in its place when what was typed could not be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.campaigns.returns.checking import Checker, Trouble, Verdict
from anlan.campaigns.returns.filled import Filled, Value
from anlan.campaigns.returns.reading import read
from anlan.campaigns.returns.saying import FAULT, UNREAD
from anlan.campaigns.returns.template import Element, Panel, Template
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import encode
from anlan_verify import canonical

LEAST_LETTERS = 4
Kept = dict[str, Any]
Typed = str | int | None


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Who writes, by which way (page, sheet, api, amended), and when."""

    by: str
    way: str
    at: str


@dataclass(kw_only=True)
class Writing:
    """What one saving changed: place → [typed before, typed now], for the ledger."""

    template: Template
    filler: str
    values: Kept
    hand: Hand
    each: Mapping[str, str] = field(default_factory=dict)
    """Checks that are asked of each row, with their panel: a reason given for a row goes where the row goes."""
    changes: dict[str, list[Any]] = field(default_factory=dict)

    def cells(self, typed: Mapping[str, Typed]) -> None:
        """
        Raises Invalid for a cell that the template does not have, has in rows, or does not ask of this unit: a mistake of a program,
        not of who types.
        """
        cells = self.template.cells
        wrong = {
            f"cells.{name}": [_("The return has no such cell.")]
            for name in typed
            if name not in cells or cells[name].panel.repeats or self.filler not in cells[name].panel.fills
        }
        if wrong:
            raise Invalid(fields=wrong)
        for name, one in typed.items():
            self._put(self.values["cells"], name, name, self.template.cells[name].element, one)

    def rows(self, typed: Mapping[str, Sequence[Mapping[str, Typed]]]) -> None:
        """Whole panels: what stands in a row already keeps who wrote it."""
        for code, rows in typed.items():
            panel = self._panel(code)
            elements = {one.code: one for one in panel.elements}
            if len(rows) > panel.most_rows:
                most = _("At most %(n)s rows.") % {"n": panel.most_rows}
                raise Invalid(fields={f"rows.{code}": [most]})
            before = self.values["rows"].get(code, [])
            now: list[Kept] = []
            for number, row in enumerate(rows):
                if unknown := row.keys() - elements.keys():
                    raise Invalid(fields={f"rows.{code}.{one}": [_("The panel has no such box.")] for one in unknown})
                kept = dict(before[number]) if number < len(before) else {}
                kept = {name: entry for name, entry in kept.items() if name in row}
                for name, one in row.items():
                    self._put(kept, name, f"{code}.{name}#{number + 1}", elements[name], one)
                now.append(kept)
            ids = [*ids_of(self.values, code), *(fresh_id() for _row in now[len(before) :])]
            self._keep_rows(code, now, ids[: len(now)])

    def patches(self, changed: Mapping[str, Mapping[str, Mapping[str, Typed] | None]]) -> None:
        """
        Some boxes of some rows, by the rows' ids; the others stay, whoever wrote them. An id that is not there is a new row at the
        end, None takes a row away.
        """
        for code, rows in changed.items():
            panel = self._panel(code)
            elements = {one.code: one for one in panel.elements}
            ids, now = ids_of(self.values, code), [dict(row) for row in self.values["rows"].get(code, [])]
            for key, typed in rows.items():
                if typed is None:
                    if key in ids:
                        at = ids.index(key)
                        del ids[at], now[at]
                        self._forget_row(code, at + 1)
                    continue
                if unknown := typed.keys() - elements.keys():
                    raise Invalid(
                        fields={f"patches.{code}.{one}": [_("The panel has no such box.")] for one in unknown}
                    )
                if key not in ids:
                    if len(ids) >= panel.most_rows:
                        most = _("At most %(n)s rows.") % {"n": panel.most_rows}
                        raise Invalid(fields={f"patches.{code}": [most]})
                    ids.append(key)
                    now.append({})
                at = ids.index(key)
                for name, one in typed.items():
                    self._put(now[at], name, f"{code}.{name}#{at + 1}", elements[name], one)
            self._keep_rows(code, now, ids)

    def _keep_rows(self, code: str, now: list[Kept], ids: list[str]) -> None:
        before = len(self.values["rows"].get(code, []))
        if len(now) != before:
            self.changes[code] = [before, len(now)]
        self.values["rows"][code] = now
        self.values.setdefault("ids", {})[code] = ids

    def _forget_row(self, panel: str, number: int) -> None:
        """Its reasons go with it; those of the rows below move up."""
        moved: Kept = {}
        for key, entry in self.values["reasons"].items():
            check, _mark, row = key.partition("#")
            if not row or self.each.get(check) != panel or int(row) < number:
                moved[key] = entry
            elif int(row) > number:
                moved[f"{check}#{int(row) - 1}"] = entry
        self.values["reasons"] = moved

    def nothing(self, said: Mapping[str, bool]) -> None:
        panels = {one.code for one in self.template.asked_of(self.filler)}
        for code, none in said.items():
            if code not in panels:
                raise Invalid(fields={f"nothing.{code}": [_("The return has no such panel.")]})
            was = code in self.values["nothing"]
            if none == was:
                continue
            self.changes[f"nothing.{code}"] = [was, none]
            if none:
                self.values["nothing"][code] = self._signed({})
            else:
                del self.values["nothing"][code]

    def reasons(self, said: Mapping[str, str]) -> None:
        for key, text in said.items():
            was = self.values["reasons"].get(key, {}).get("typed", "")
            if text.strip() == was:
                continue
            self.changes[f"reason.{key}"] = [was, text.strip()]
            if text.strip():
                self.values["reasons"][key] = self._signed({"typed": text.strip()})
            else:
                del self.values["reasons"][key]

    def _panel(self, code: str) -> Panel:
        for panel in self.template.asked_of(self.filler):
            if panel.code == code and panel.repeats:
                return panel
        raise Invalid(fields={f"rows.{code}": [_("The return has no such panel with rows.")]})

    def _put(self, into: Kept, name: str, place: str, element: Element, typed: Typed) -> None:
        old = into.get(name)
        before = old["typed"] if old else ""
        now = typed if typed is None else str(typed)
        if old is not None and before == now:
            return
        found = read(element, typed)
        if found.blank:
            if into.pop(name, None):
                self.changes[place] = [before, ""]
            return
        entry: Kept = {"typed": now}
        if found.wrong:
            entry |= {"wrong": found.wrong, "names": found.names or {}}
        else:
            entry["value"] = encode(found.value)
        into[name] = self._signed(entry)
        self.changes[place] = [before, now]

    def _signed(self, entry: Kept) -> Kept:
        return entry | {"way": self.hand.way, "by": self.hand.by, "at": self.hand.at}


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a return is checked against that does not stand in it."""

    last: Mapping[str, int] = field(default_factory=dict)
    below: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int | str] = field(default_factory=dict)


def ids_of(values: Kept, panel: str) -> list[str]:
    """Each row's own name: two who write into different rows do not undo each other, though a third takes one away."""
    rows = values["rows"].get(panel, [])
    kept: list[str] | None = values.get("ids", {}).get(panel)
    return list(kept) if kept is not None else [f"r{number}" for number in range(1, len(rows) + 1)]


def fresh_id() -> str:
    return new_id().hex[-12:]


def digest(values: Kept, panel: str) -> str:
    """Of all that stands in a panel: whoever vouches for it says what was seen."""
    said = {
        "cells": {name: kept for name, kept in values["cells"].items() if name.startswith(f"{panel}.")},
        "rows": values["rows"].get(panel, []),
        "nothing": values["nothing"].get(panel),
    }
    return sha256(canonical.dumps(said)).hexdigest()


def filled_of(template: Template, values: Kept, *, filler: str, month: date, beside: Beside) -> Filled:
    """What was typed and could be read."""
    return Filled(
        filler=filler,
        month=month,
        values=dict(_readable(template, values)),
        rows={code: [_row(template.panel(code), row) for row in rows] for code, rows in values["rows"].items()},
        nothing=frozenset(values["nothing"]),
        last=beside.last,
        below=beside.below,
        counted=beside.counted,
        known=beside.known,
    )


def figures_of(template: Template, values: Kept) -> dict[str, int]:
    """The figures by cell; “none” is nought."""
    found = {name: 0 for code in values["nothing"] for name in _numbers(template, code)}
    for name, value in _readable(template, values):
        if template.cells[name].element.is_number:
            found[name] = value if isinstance(value, int) else 0
    return found


def explains(text: str) -> bool:
    """Whether words may be a reason at all: a dot, a figure or one sign over and over is none."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= LEAST_LETTERS and len(set(letters)) >= LEAST_LETTERS - 1


def reasons_of(values: Kept) -> set[str]:
    """The troubles for which a reason was given."""
    return {key for key, entry in values["reasons"].items() if explains(entry["typed"])}


def judged(checker: Checker, values: Kept, *, filler: str, month: date, beside: Beside) -> Verdict:
    """All that is wrong: what could not be read, and what the checks say of the rest."""
    unread = list(_unread(values, {panel.code for panel in checker.template.asked_of(filler)}))
    places = {(one.cells[0], one.row) for one in unread}
    found = checker.check(filled_of(checker.template, values, filler=filler, month=month, beside=beside))
    silent = not unread
    rest = [
        one
        for one in found.troubles
        if (one.check != "empty" or silent) and (one.check != "blank" or (one.cells[0], one.row) not in places)
    ]
    return Verdict(troubles=(*unread, *rest, *_uncomputed(checker, found.faults)), faults=found.faults)


def _uncomputed(checker: Checker, faults: Sequence[str]) -> Iterator[Trouble]:
    """Each check that had no value is said at its place: what nobody compared must not pass for right."""
    for check in dict.fromkeys(one.partition(":")[0] for one in faults):
        known = checker.by_id[check]
        yield Trouble(
            check=FAULT + check, level=known.level, severity="warning", cells=known.shows, values={"check": check}
        )


def stored(trouble: Trouble) -> Kept:
    kept: Kept = encode(
        {
            "check": trouble.check,
            "level": trouble.level,
            "severity": trouble.severity,
            "cells": trouble.cells,
            "row": trouble.row,
            "values": dict(trouble.values),
        }
    )
    return kept


def trouble_of(kept: Kept) -> Trouble:
    return Trouble(**{**kept, "cells": tuple(kept["cells"])})


def _readable(template: Template, values: Kept) -> Iterator[tuple[str, Value | None]]:
    for name, entry in values["cells"].items():
        if "wrong" not in entry and name in template.cells:
            yield name, _value(template.cells[name].element, entry["value"])


def _row(panel: Panel, row: Kept) -> dict[str, Value | None]:
    elements = {one.code: one for one in panel.elements}
    return {name: _value(elements[name], entry["value"]) for name, entry in row.items() if "wrong" not in entry}


def _value(element: Element, kept: int | str | None) -> Value | None:
    return date.fromisoformat(kept) if element.type == "date" and isinstance(kept, str) else kept


def _numbers(template: Template, panel: str) -> list[str]:
    cells = template.by_panel.get(panel, ())
    return [cell.name for cell in cells if cell.element.is_number and not cell.panel.repeats]


def _unread(values: Kept, asked: set[str]) -> Iterator[Trouble]:
    for name, entry in values["cells"].items():
        if "wrong" in entry and name.split(".")[0] in asked:
            yield _wrong(entry, name, 0)
    for code, rows in values["rows"].items():
        for number, row in enumerate(rows, 1):
            for name, entry in row.items():
                if "wrong" in entry and code in asked:
                    yield _wrong(entry, f"{code}.{name}", number)


def _wrong(entry: Kept, cell: str, row: int) -> Trouble:
    return Trouble(
        check=UNREAD + entry["wrong"], level="field", severity="error", cells=(cell,), row=row, values=entry["names"]
    )
