"""From a return to what the filling page draws and its script reads."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.campaigns.behind import has_rows
from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Return
from anlan.campaigns.pages.common import title_of
from anlan.campaigns.queries.filling import Box, Section, Sheet, Told, typed_of
from anlan.campaigns.returns.kept import ids_of
from anlan.campaigns.returns.template import Element
from anlan.kernel import clock
from anlan.kernel.phrases import listed
from anlan.kernel.timeline import state_words

NEW_ROW = "__id__"
LONG = 200
"""A text that may be longer is written into a box of several lines."""


def section(sheet: Sheet, found: Section) -> dict[str, Any]:
    return {
        "code": found.code,
        "place": f"p:{found.code}",
        "label": found.panel.label,
        "source": found.panel.source,
        "repeats": found.panel.repeats,
        "none": found.panel.none,
        "nothing": found.nothing,
        "mark": found.mark,
        "boxes": [box(sheet, one) for one in found.boxes],
        "columns": [_column(found.code, one) for one in found.panel.elements] if found.panel.repeats else [],
        "rows": [
            {"id": row.id, "number": row.number, "boxes": [box(sheet, one) for one in row.boxes]} for row in found.rows
        ],
        "counted": any(one.counted is not None for one in found.boxes),
        "last": any(one.last is not None for one in found.boxes),
    }


def box(sheet: Sheet, found: Box) -> dict[str, Any]:
    element = found.element
    return {
        "name": found.name,
        "place": found.place,
        "label": found.label,
        "unit": element.unit or ("元" if element.type == "money" else ""),
        "help": element.help,
        "kind": element.type,
        "long": element.type == "text" and element.longest > LONG,
        "needed": element.needed,
        "none": element.none,
        "options": [(one.code, one.label) for one in element.options],
        "words": _choice(found),
        "foreign": found.foreign,
        "counted": found.counted_said,
        "behind": behind_url(sheet, found),
        "last": found.last_said,
        "members": [box(sheet, one) for one in found.members],
    }


def _choice(found: Box) -> str:
    """A choice is shown by its code, however it was typed."""
    return str(found.value) if found.element.options and found.answered and found.value is not None else found.words


def _column(panel: str, element: Element) -> dict[str, Any]:
    """A heading of a panel with rows, and the blank box of a new row; the script puts the row's id in its place."""
    return {
        "place": f"r:{panel}:{NEW_ROW}:{element.code}",
        "label": element.label,
        "unit": element.unit,
        "help": element.help,
        "kind": element.type,
        "long": element.type == "text" and element.longest > LONG,
        "needed": element.needed,
        "options": [(one.code, one.label) for one in element.options],
    }


def behind_url(sheet: Sheet, found: Box) -> str:
    if found.counted is None or not has_rows(found.element.counted):
        return ""
    return reverse("campaigns:behind", args=[sheet.record.pk, found.element.counted])


def told(record: Return, one: Told) -> dict[str, Any]:
    rows = next((name for name in one.facts if has_rows(name)), "")
    return {
        "behind": reverse("campaigns:behind", args=[record.pk, rows]) if rows else "",
        "key": one.key,
        "check": one.check,
        "severity": one.severity,
        "panel": one.panel,
        "places": list(one.places),
        "row": one.row,
        "message": one.message,
        "instead": one.instead,
        "reason": one.reason,
        "unwritten": one.unwritten,
        "stops": one.stops,
    }


def answer(sheet: Sheet, *, values: bool, clashes: list[str] | tuple[str, ...] = ()) -> dict[str, Any]:
    """What the script needs after each save. `values` are all boxes, when somebody else wrote some of them."""
    record = sheet.record
    stands = _stands(sheet) if values or clashes else {}
    writers = _writers(sheet) if clashes else {}
    return {
        "version": record.version,
        "state": record.state,
        "state_words": state_words(RETURN, record.state),
        "at": f"{clock.now().astimezone(clock.SHANGHAI):%H:%M:%S}",
        "troubles": [told(record, one) for one in sheet.troubles],
        "sections": {one.code: one.mark for one in sheet.sections},
        "stopping": len(sheet.stopping),
        "values": stands if values else None,
        "rows": _rows(sheet) if values else None,
        "clashes": {place: {"words": stands.get(place, ""), "by": writers.get(place, "")} for place in clashes},
    }


def _stands(sheet: Sheet) -> dict[str, str]:
    found = typed_of(sheet.record)
    boxes = [one for part in sheet.sections for one in (*part.boxes, *(box for row in part.rows for box in row.boxes))]
    return found | {one.place: _choice(one) for one in boxes if one.element.options and one.place in found}


def _rows(sheet: Sheet) -> dict[str, list[str]]:
    return {one.code: ids_of(sheet.record.values, one.code) for one in sheet.sections if one.panel.repeats}


def _writers(sheet: Sheet) -> dict[str, str]:
    boxes = [one for part in sheet.sections for one in (*part.boxes, *(box for row in part.rows for box in row.boxes))]
    return {one.place: one.by for whole in boxes for one in (whole, *whole.members)}


def labels(sheet: Sheet, codes: list[str]) -> str:
    """Panels by name, in the order of the form."""
    return listed(one.panel.label for one in sheet.sections if one.code in codes)


def summary(sheet: Sheet) -> list[dict[str, Any]]:
    """What still stops handing in, panel by panel; for readers without a script, who else see it at the fields."""
    labels = {one.code: one.panel.label for one in sheet.sections}
    return [{"panel": labels.get(one.panel, title_of(sheet.record)), "message": one.message, "instead": one.instead,
             "place": one.places[0] if one.places else "", "unwritten": one.unwritten} for one in sheet.stopping]  # fmt: skip


def counted_blank(sheet: Sheet) -> int:
    """Boxes that the platform could fill and nobody did."""
    boxes = [one for part in sheet.sections if not part.nothing for one in part.boxes]
    return sum(one.counted is not None and not one.words for one in boxes)


def script_words() -> dict[str, str]:
    return {
        "saving": _("Saving…"),
        "saved": _("Saved at {at}"),
        "offline": _("No connection: {n} boxes are kept on this device and sent as soon as it is back."),
        "refused": _("Not saved: {words}"),
        "signed_out": _("You were signed out. Sign in again in another window; {n} boxes are kept here and sent then."),
        "recovered": _("{n} boxes that could not be sent last time were filled in again."),
        "clash": _("{by} wrote “{other}” here meanwhile."),
        "clash_empty": _("{by} emptied this box meanwhile."),
        "somebody": _("Somebody"),
        "use_mine": _("Keep mine"),
        "use_theirs": _("Take theirs"),
        "changed": _("Changed by somebody else just now"),
        "reason": _("Reason"),
        "reason_hint": _("If it is right as it stands, say why in a sentence; it then passes with your reason."),
        "reason_given": _("Passes with your reason."),
        "ready": _("Nothing stops it: it can be handed in."),
        "stops": _("{n} things stop it from being handed in"),
        "blank": _("{n} boxes are blank"),
        "row": _("Row {n}"),
        "look": _("Mend what is listed first; an incomplete return is bounced."),
        "not_yet": _("Wait until everything is saved."),
        "panels": _("{done} of {all} panels done"),
        "behind": _("Show what was counted"),
        "remove": _("Take this row away?"),
        "full": _("No more rows than {n}."),
        "gone": _("The return was handed in meanwhile. The page opens anew."),
    }  # fmt: skip
