"""Words of the room: what codes, fields and changes are called where people read them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from anlan.enforcement.forms import OUTCOMES, WAYS
from anlan.enforcement.kinds import Field, Kind
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.states import DRAFTS
from anlan.kernel import timeline
from anlan.kernel.flow.declare import flows
from anlan.kernel.forms import yuan
from anlan.kernel.phrases import left_words

FIELDS: dict[str, Any] = {
    "number": pgettext_lazy("instrument", "Number"),
    "reason": gettext_lazy("Reason"),
    "way": gettext_lazy("Way of service"),
    "served_on": gettext_lazy("Served on"),
    "answer_due": gettext_lazy("Answer due"),
    "text_digest": gettext_lazy("Digest of the words"),
    "decide_by": gettext_lazy("To be decided by"),
}
"""What the timeline shows of a change; other fields are the platform's own."""
LIMITS: dict[str, Any] = {
    "drafted": gettext_lazy("Review"),
    "returned": gettext_lazy("Mend"),
    "reviewed": pgettext_lazy("instrument", "Approve"),
    "approved": gettext_lazy("Number and seal"),
    "numbered": gettext_lazy("Serve"),
    "served": gettext_lazy("Answer or file"),
    "answered": gettext_lazy("Put to file"),
}
CASE_LIMITS: dict[str, Any] = {
    "investigated": gettext_lazy("Decide"),
    "notified": gettext_lazy("Decide"),
    "decided": gettext_lazy("Perform"),
    "performed": gettext_lazy("Close the case"),
}
OVER = ("filed", "withdrawn", "discarded", "closed", "dropped")


def way_words(way: str) -> str:
    return str(dict(WAYS).get(way, ""))


def outcome_words(outcome: str) -> str:
    return str(dict(OUTCOMES).get(outcome, ""))


def state_view(record: Instrument | Case) -> dict[str, Any]:
    flow = flows["instrument" if isinstance(record, Instrument) else "penalty_case"]
    return timeline.state_view(flow, record, "late" if record.late and record.state not in OVER else "")


def due_view(record: Instrument | Case) -> dict[str, Any] | None:
    """Time left in the state; nothing where nothing is waited for."""
    if record.due_at is None:
        return None
    labels = LIMITS if isinstance(record, Instrument) else CASE_LIMITS
    return {
        "due_at": record.due_at,
        "started_at": record.state_since,
        "words": left_words(record.due_at),
        "overdue": record.late,
        "label": str(labels.get(record.state, "")),
    }


def title_of(record: Instrument, kind: Kind) -> str:
    return _("%(kind)s to %(addressee)s") % {"kind": kind.label, "addressee": record.addressee}


def name_of(record: Instrument, kind: Kind) -> str:
    """What it is cited by: its number, or that it has none yet."""
    if record.number:
        return record.number
    return _("%(kind)s, not numbered") % {"kind": kind.label} if record.state in DRAFTS else str(kind.label)


def value_words(field: Field, value: Any) -> str:
    """One value in the reader's language."""
    if value in (None, ""):
        return "–"
    match field.type:
        case "money":
            return _("%(yuan)s yuan") % {"yuan": yuan(value)}
        case "choice":
            return next((str(one.label) for one in field.choices if one.code == value), str(value))
        case "moment":
            return str(value).replace("T", " ")
    return str(value)


def day_words(day: date | None) -> str:
    return day.isoformat() if day else ""
