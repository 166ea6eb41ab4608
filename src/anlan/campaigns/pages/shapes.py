"""From a return to the shapes that its pages draw: figures beside what was counted, amendments, facts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anlan.campaigns.models import Amendment, Participant, Return
from anlan.campaigns.pages.filling_shapes import behind_url, told
from anlan.campaigns.queries.filling import Box, Section, Sheet
from anlan.campaigns.returns.saying import shown
from anlan.campaigns.versions import checker_for
from anlan.kernel.forms import InputForm
from anlan.kernel.phrases import NOTHING, choice_words
from anlan_verify import canonical

NONE = gettext_lazy("none / not applicable")
BLANK = gettext_lazy("blank")
WAYS = {
    "page": gettext_lazy("on the page"),
    "sheet": gettext_lazy("by workbook"),
    "api": gettext_lazy("by program"),
    "amended": gettext_lazy("amended"),
}


def filler_words(filler: str) -> str:
    return choice_words(Participant.FILLERS, filler)


def times(count: int) -> str:
    return ngettext("%(n)s time", "%(n)s times", count) % {"n": count} if count else ""


def punctuality(found: Return) -> str:
    if found.missing:
        return _("missing: due, and never handed in")
    if found.was_late:
        return _("handed in late")
    return _("handed in on time") if found.handed_in_at else ""


def figures(sheet: Sheet, found: Section, *, amend_url: str = "") -> dict[str, Any]:
    """A panel as it was handed in, for the record and the review."""
    lines = [_line(sheet, one, amend_url) for box in found.boxes for one in (box, *_parts(box))]
    return {
        "code": found.code,
        "place": f"p:{found.code}",
        "label": found.panel.label,
        "repeats": found.panel.repeats,
        "nothing": found.nothing,
        "nothing_by": found.nothing_by,
        "lines": lines,
        "columns": [one.label for one in found.panel.elements],
        "rows": [
            {
                "number": row.number,
                "boxes": [_line(sheet, one, f"{amend_url}?row={row.number}&cell=" if amend_url else "", joined=True) for one in row.boxes],
            }
            for row in found.rows
        ],
        "counted": any(one["counted"] != "" for one in lines),
        "last": any(one["last"] != "" for one in lines),
        "troubles": [told(sheet.record, one) | {"reason_by": one.reason_by} for one in found.troubles],
        "differences": sum(bool(one["difference"]) for one in lines),
        "warnings": sum(one.severity == "warning" for one in found.troubles),
        "reasons": sum(one.severity == "reason" for one in found.troubles),
        "amends": bool(amend_url),
    }  # fmt: skip


def _parts(box: Box) -> tuple[Box, ...]:
    return tuple(one for one in box.members if one.answered or one.wrong)


def _line(sheet: Sheet, box: Box, amend_url: str, *, joined: bool = False) -> dict[str, Any]:
    element = box.element
    unit = element.unit or ("元" if element.type == "money" else "")
    difference = box.difference
    return {
        "label": box.label,
        "part": box.name.count(".") > 1,
        "unit": unit,
        "said": value_words(box),
        "blank": not box.answered and not box.wrong,
        "wrong": box.wrong,
        "typed": box.words if box.words and box.words != box.said else "",
        "by": box.by,
        "way": str(WAYS.get(box.way, "")),
        "at": canonical.parse_timestamp(box.at) if box.at else None,
        "counted": box.counted_said,
        "behind": behind_url(sheet, box),
        "difference": f"{difference:+,}" if difference else "",
        "last": box.last_said,
        "number": element.is_number,
        "amended": box.way == "amended",
        "amend_url": (f"{amend_url}{box.name}" if joined else f"{amend_url}?cell={box.name}") if amend_url else "",
    }


def value_words(box: Box) -> str:
    if box.wrong:
        return box.words
    if not box.answered:
        return str(BLANK)
    return box.said if box.value is not None else str(NONE)


def amendment(sheet: Sheet, one: Amendment) -> dict[str, Any]:
    template = sheet.checker.template
    cell = template.cells.get(one.cell)
    return {
        "label": f"{cell.panel.label} · {cell.label}" if cell else one.cell,
        "row": one.row,
        "old": _entry_words(template, one.cell, one.old),
        "new": _entry_words(template, one.cell, one.new),
        "reason": one.reason,
        "name": one.name,
        "at": one.at,
    }


def _entry_words(template: Any, name: str, entry: dict[str, Any] | None) -> str:
    if not entry:
        return str(BLANK)
    if "wrong" in entry:
        return str(entry["typed"])
    return shown(template, name, entry["value"]) if entry["value"] is not None else str(NONE)


def amended_box(found: Return, form: InputForm) -> list[dict[str, Any]]:
    """What stands in the box that is about to be amended."""
    template = checker_for(found.template_id).template
    name = str(form["cell"].value() or "")
    cell = template.cells.get(name)
    if cell is None:
        return []
    kept: dict[str, Any] | None = found.values["cells"].get(name)
    if cell.panel.repeats:
        text = str(form["row"].value() or "")
        rows = found.values["rows"].get(cell.panel.code, [])
        number = int(text) if text.isascii() and text.isdigit() else 0
        kept = rows[number - 1].get(cell.element.code) if 0 < number <= len(rows) else None
    return [
        {"label": _("Box"), "value": f"{cell.panel.label} · {cell.label}", "wide": True},
        {"label": _("Stands there now"), "value": _entry_words(template, name, kept) or NOTHING},
        {"label": _("Written by"), "value": (kept or {}).get("by", "") or NOTHING},
    ]
