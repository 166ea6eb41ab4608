"""Words of the room: what codes and fields are called where people read them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from anlan.inspections.flow import VISIT
from anlan.inspections.models import Answer, Member, OnSite, Visit, VisitSignature
from anlan.inspections.models.visit import CHECKS, KINDS, REASONS, STYLES
from anlan.inspections.rules import members_of
from anlan.inspections.states import BEFORE
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.workdays import CalendarExhausted

TONES = {"new": "waiting", "moving": "active", "attention": "disputed", "done": "done", "quiet": "muted"}
OPTIONS: dict[str, list[tuple[Any, Any]]] = {
    "kind": KINDS,
    "check": CHECKS,
    "style": STYLES,
    "reason": REASONS,
}
"""The words of each choice of the plan."""
MEASURES = OnSite.KINDS
PARTIES = VisitSignature.PARTIES
FIELDS: dict[str, Any] = {
    "planned_on": gettext_lazy("Day of the visit"),
    "planned_to": gettext_lazy("At the latest on"),
    "arrived_at": gettext_lazy("Arrived at"),
    "arrived_distance_m": gettext_lazy("Metres from the registered place"),
    "left_at": gettext_lazy("Left at"),
    "summary": gettext_lazy("What was seen"),
    "met_name": gettext_lazy("Received by"),
    "findings_count": gettext_lazy("Findings"),
    "refused": gettext_lazy("Refused to sign"),
    "late": gettext_lazy("Overdue"),
    "cancel_reason": gettext_lazy("Reason"),
}
"""What the timeline shows of a change; other fields are the platform's own."""


def _in(choices: Any, code: Any) -> str:
    return str(dict(choices).get(code, code))


def kind_words(code: str) -> str:
    return _in(KINDS, code)


def style_words(code: str) -> str:
    return _in(STYLES, code)


def reason_words(code: str) -> str:
    return _in(REASONS, code)


def check_words(code: str) -> str:
    return _in(CHECKS, code)


def role_words(code: str) -> str:
    return _in(Member.ROLES, code)


def answer_words(code: str) -> str:
    return _in(Answer.VALUES, code)


def measure_words(code: str) -> str:
    return _in(OnSite.KINDS, code)


def party_words(code: str) -> str:
    return _in(VisitSignature.PARTIES, code)


def taken_on(visit: Visit, signature: VisitSignature) -> str:
    """The name of the member on whose device another member signed."""
    if signature.taken_by_id is None:
        return ""
    return next((one.name for one in members_of(visit) if one.person == signature.taken_by_id), "")


def listed(items: Iterable[str]) -> str:
    """Several things in a row, as the reader's language divides them."""
    return pgettext("between the things of a list", ", ").join(items)


def step_words(name: str) -> str:
    return str(VISIT.step(name).label) if VISIT.has(name) else name


def state_words(code: str | None) -> str:
    return str(VISIT.state(code).label) if code else ""


def moment_words(moment: datetime | None) -> str:
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else ""


def day_words(visit: Visit) -> str:
    """The day, or from–to."""
    if visit.planned_to and visit.planned_to != visit.planned_on:
        return f"{visit.planned_on.isoformat()} – {visit.planned_to.isoformat()}"
    return visit.planned_on.isoformat()


def state_view(visit: Visit) -> dict[str, Any]:
    state = VISIT.state(visit.state)
    tone = "late" if visit.late else TONES[state.tone]
    return {"code": visit.state, "label": state.label, "tone": tone}


def due_view(visit: Visit) -> dict[str, Any] | None:
    if visit.due_at is None or not visit.open or visit.state == "signed":
        return None
    return {
        "due_at": visit.due_at,
        "started_at": None if visit.state in BEFORE else visit.state_since,
        "words": left_words(visit.due_at),
        "overdue": clock.now() > visit.due_at,
    }


def left_words(due: datetime) -> str:
    try:
        left = working_days().days_left(due, clock.now())
    except CalendarExhausted:
        return moment_words(due)
    if left < 0:
        return ngettext("%(n)s working day overdue", "%(n)s working days overdue", -left) % {"n": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}


def change_words(field: str, value: Any) -> str:
    """A ledger value as people read it."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field in ("arrived_at", "left_at"):
        try:
            return moment_words(datetime.fromisoformat(str(value)))
        except ValueError:
            return str(value)
    return str(value)


def day_of(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.SHANGHAI).date() if moment else None
