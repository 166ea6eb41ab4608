"""Words of the room: what codes and fields are called where people read them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from anlan.inspections.flow import VISIT
from anlan.inspections.models import Answer, Member, OnSite, Visit, VisitSignature
from anlan.inspections.models.visit import CHECKS, KINDS, REASONS, STYLES
from anlan.inspections.rules import members_of
from anlan.inspections.states import BEFORE
from anlan.kernel import clock, timeline
from anlan.kernel.phrases import choice_words, left_words, moment_words, plain_words

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


def kind_words(code: str) -> str:
    return choice_words(KINDS, code)


def style_words(code: str) -> str:
    return choice_words(STYLES, code)


def reason_words(code: str) -> str:
    return choice_words(REASONS, code)


def check_words(code: str) -> str:
    return choice_words(CHECKS, code)


def role_words(code: str) -> str:
    return choice_words(Member.ROLES, code)


def answer_words(code: str) -> str:
    return choice_words(Answer.VALUES, code)


def measure_words(code: str) -> str:
    return choice_words(OnSite.KINDS, code)


def party_words(code: str) -> str:
    return choice_words(VisitSignature.PARTIES, code)


def taken_on(visit: Visit, signature: VisitSignature) -> str:
    """The name of the member on whose device another member signed."""
    if signature.taken_by_id is None:
        return ""
    return next((one.name for one in members_of(visit) if one.person == signature.taken_by_id), "")


def step_words(name: str) -> str:
    return timeline.step_words(VISIT, name)


def state_words(code: str | None) -> str:
    return timeline.state_words(VISIT, code)


def day_words(visit: Visit) -> str:
    """The day, or from–to."""
    if visit.planned_to and visit.planned_to != visit.planned_on:
        return f"{visit.planned_on.isoformat()} – {visit.planned_to.isoformat()}"
    return visit.planned_on.isoformat()


def state_view(visit: Visit) -> dict[str, Any]:
    return timeline.state_view(VISIT, visit, "late" if visit.late else "")


def due_view(visit: Visit) -> dict[str, Any] | None:
    if visit.due_at is None or not visit.open or visit.state == "signed":
        return None
    return {
        "due_at": visit.due_at,
        "started_at": None if visit.state in BEFORE else visit.state_since,
        "words": left_words(visit.due_at),
        "overdue": clock.now() > visit.due_at,
    }


def change_words(field: str, value: Any) -> str:
    """A ledger value as people read it."""
    if value and field in ("arrived_at", "left_at"):
        return moment_words(datetime.fromisoformat(value))
    return plain_words(value)
