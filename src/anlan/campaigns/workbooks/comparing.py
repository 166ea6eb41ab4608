"""A workbook against the return as it stands: what it would change, and what somebody else changed meanwhile."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.campaigns.beside import beside
from anlan.campaigns.models import Return
from anlan.campaigns.returns.checking import Checker, Verdict
from anlan.campaigns.returns.kept import Beside, Hand, Kept, Writing, judged
from anlan.campaigns.returns.template import Template
from anlan.campaigns.versions import checker_for
from anlan.campaigns.workbooks import layout
from anlan.campaigns.workbooks.reading import NOT_OURS, Rows, Sent
from anlan.campaigns.workbooks.writing import rows_as_text
from anlan.kernel.refusals import Refused

OTHER_MONTH = gettext_lazy(
    "This workbook is of %(theirs)s, the return of %(ours)s. Download the workbook of this month."
)
OTHER_UNIT = gettext_lazy("This workbook belongs to %(theirs)s, the return to %(ours)s.")
OTHER_TEMPLATE = gettext_lazy("What is asked has changed since this workbook was written. Download it anew.")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One place: what stands there, what the workbook says. `typed` is what is saved."""

    place: str
    label: str
    before: str
    now: str
    typed: Any


@dataclass(kw_only=True)
class Comparison:
    """`changes` are the workbook's alone; in `conflicts` somebody else wrote since it was downloaded, so both are shown."""

    changes: list[Change] = field(default_factory=list)
    conflicts: list[Change] = field(default_factory=list)
    same: int = 0

    def data(self, take: Collection[str] = ()) -> dict[str, Any]:
        """What the verb saves: all changes, and of the conflicts those where the workbook shall win."""
        found: dict[str, Any] = {"cells": {}, "rows": {}, "nothing": {}, "reasons": {}, "way": "sheet"}
        for one in [*self.changes, *(one for one in self.conflicts if one.place in take)]:
            part, _dot, name = one.place.partition(".")
            found[part][name] = one.typed
        return found


def right_place(record: Return, unit: str, sent: Sent) -> None:
    """Raises Refused where the workbook is of another month, unit or version of what is asked."""
    if sent.month != record.month:
        words = {"theirs": f"{sent.month:%Y-%m}", "ours": f"{record.month:%Y-%m}"}
        raise Refused("returns.other_month", OTHER_MONTH, words)
    if sent.record != record.pk:
        raise Refused("returns.other_unit", OTHER_UNIT, {"theirs": sent.unit or "?", "ours": unit})
    if sent.template != record.template_id:
        raise Refused("returns.other_template", OTHER_TEMPLATE)


def compare(template: Template, filler: str, values: Kept, sent: Sent) -> Comparison:
    """Raises Refused for a place that the return does not have."""
    found = Comparison()
    asked = {panel.code: panel for panel in template.asked_of(filler)}
    for place, box in sent.boxes.items():
        part, _dot, name = place.partition(".")
        if part == "cells":
            cell = template.cells.get(name)
            if cell is None or cell.panel.repeats or cell.panel.code not in asked:
                raise Refused("returns.not_ours", NOT_OURS)
            entry = values["cells"].get(name)
            stands = layout.as_text(cell.element, entry["typed"]) if entry else ""
            change = Change(
                place=place,
                label=f"{cell.panel.label} · {cell.label}",
                before=stands,
                now=box.text,
                typed=layout.typed_of(cell.element, box.text),
            )
        elif part == "nothing":
            if name not in asked:
                raise Refused("returns.not_ours", NOT_OURS)
            stands = layout.none_word() if name in values["nothing"] else ""
            none = layout.said_none(box.text)
            now = layout.none_word() if none else ""
            change = Change(place=place, label=asked[name].label, before=stands, now=now, typed=none)
            same_words = layout.said_none(stands) == none
            _put(
                found, change, same=same_words, touched=bool(box.base) != none, meanwhile=bool(box.base) != bool(stands)
            )
            continue
        else:
            stands = values["reasons"].get(name, {}).get("typed", "")
            label = _("Reason: %(what)s") % {"what": _labelled(template, name)}
            change = Change(place=place, label=label, before=stands, now=box.text, typed=box.text)
        same = change.before == change.now
        _put(found, change, same=same, touched=box.touched, meanwhile=layout.digest(stands) != box.base)
    for code, rows in sent.rows.items():
        panel = asked.get(code)
        if panel is None or not panel.repeats:
            raise Refused("returns.not_ours", NOT_OURS)
        _rows(template, found, code, rows, rows_as_text(panel, values["rows"].get(code, [])))
    return found


def _put(found: Comparison, change: Change, *, same: bool, touched: bool, meanwhile: bool) -> None:
    if same or not touched:
        found.same += 1
    elif meanwhile:
        found.conflicts.append(change)
    else:
        found.changes.append(change)


def _rows(template: Template, found: Comparison, code: str, rows: Rows, stand: list[dict[str, str]]) -> None:
    """A panel with rows is one place: whose rows stand is chosen as a whole."""
    panel = template.panel(code)
    elements = {one.code: one for one in panel.elements}
    if unknown := {name for row in rows.rows for name in row} - elements.keys():
        raise Refused("returns.torn", NOT_OURS, {"place": ", ".join(sorted(unknown))})
    typed = [{name: layout.typed_of(elements[name], text) for name, text in row.items()} for row in rows.rows]
    change = Change(
        place=f"rows.{code}",
        label=panel.label,
        before="\n".join(_row_words(row) for row in stand),
        now="\n".join(_row_words(row) for row in rows.rows),
        typed=typed,
    )
    meanwhile = layout.digest_of_rows(stand) != rows.base
    _put(found, change, same=stand == rows.rows, touched=rows.touched, meanwhile=meanwhile)


def _row_words(row: Mapping[str, str]) -> str:
    return " · ".join(row.values())


def _labelled(template: Template, key: str) -> str:
    cell = template.cells.get(key.partition(":")[2])
    return cell.label if cell else key


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What saving would do: the comparison, and what would then be wrong."""

    comparison: Comparison
    verdict: Verdict
    checker: Checker
    values: Kept


def try_out(record: Return, unit: str, sent: Sent, *, take: Collection[str] = (), known: Beside | None = None) -> Trial:
    """Nothing is kept. Raises Refused where the workbook is not of this return, Invalid where it cannot be saved."""
    right_place(record, unit, sent)
    checker = checker_for(record.template_id)
    comparison = compare(checker.template, record.filler, record.values, sent)
    return tried(
        checker,
        record.filler,
        record.month,
        record.values,
        comparison,
        take,
        known if known is not None else beside(record),
    )


def tried(
    checker: Checker, filler: str, month: date, values: Kept, comparison: Comparison, take: Collection[str], known: Beside
) -> Trial:  # fmt: skip
    hand = Hand(by="", way="sheet", at="")
    writing = Writing(template=checker.template, filler=filler, values=deepcopy(values), hand=hand)
    data = comparison.data(take)
    for part in ("cells", "rows", "nothing", "reasons"):
        getattr(writing, part)(data[part])
    verdict = judged(checker, writing.values, filler=filler, month=month, beside=known)
    return Trial(comparison=comparison, verdict=verdict, checker=checker, values=writing.values)
