"""Words of the room: what codes and fields are called where people read them."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from anlan.hazards.categories import category_name
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import GRADES, LISTING_LEVELS, SIGNERS, SOURCES, Hazard
from anlan.kernel import clock, timeline
from anlan.kernel.forms import yuan
from anlan.kernel.phrases import NOTHING, choice_words, left_words, listed, moment_words, plain_words

STYLES = [
    ("", gettext_lazy("ordinary")),
    ("notified", gettext_lazy("notified beforehand")),
    ("unannounced", gettext_lazy("unannounced")),
    ("covert", gettext_lazy("covert")),
    ("cross_region", gettext_lazy("cross-region")),
]
DECISIONS = [
    ("uphold", gettext_lazy("Uphold: it counts as claimed")),
    ("dismiss", gettext_lazy("Dismiss: it is no hazard")),
    ("resend", gettext_lazy("Send again: all sign anew")),
]
OPTIONS: dict[str, list[tuple[Any, Any]]] = {
    "source": SOURCES,
    "style": STYLES,
    "grade": GRADES[1:],
    "decision": DECISIONS,
    "level": LISTING_LEVELS,
}
"""The words of each choice of the steps' inputs."""

FIELDS: dict[str, Any] = {
    "place": gettext_lazy("Place"),
    "category": gettext_lazy("Category"),
    "description": gettext_lazy("What is wrong"),
    "source": gettext_lazy("Source"),
    "source_record": gettext_lazy("Source record"),
    "style": gettext_lazy("Style"),
    "found_at": gettext_lazy("Found at"),
    "finder_name": gettext_lazy("Finder"),
    "grade": gettext_lazy("Grade"),
    "basis": gettext_lazy("Basis"),
    "responsible_id": gettext_lazy("Responsible enterprise"),
    "rectify_due": gettext_lazy("Rectify by"),
    "due_at": gettext_lazy("Due"),
    "required_signers": gettext_lazy("Signers"),
    "asked_due": gettext_lazy("Date asked for"),
    "asked_reason": gettext_lazy("Why an extension is asked for"),
    "listing_level": gettext_lazy("Listed at level"),
    "published_at": gettext_lazy("Published"),
    "delisted_at": gettext_lazy("Delisted"),
    "use_stopped": gettext_lazy("Use stopped"),
    "stop_measure": gettext_lazy("Measure on site"),
    "measure_done": gettext_lazy("What was done"),
    "finished_on": gettext_lazy("Finished on"),
    "cost_fen": gettext_lazy("Cost (yuan)"),
    "failed_rounds": gettext_lazy("Failed rechecks"),
    "reopened": gettext_lazy("Reopened"),
    "recurrence": gettext_lazy("Recurrence"),
    "transferred_to": gettext_lazy("Transferred to"),
    "late": gettext_lazy("Overdue"),
    "reason": gettext_lazy("Reason"),
}
"""What the timeline shows of a change; other fields are the platform's own."""


def grade_words(code: str) -> str:
    return choice_words(GRADES, code)


def source_words(code: str) -> str:
    return choice_words(SOURCES, code)


def style_words(code: str) -> str:
    return choice_words(STYLES, code)


def signer_words(code: str) -> str:
    return choice_words(SIGNERS, code)


def step_words(name: str) -> str:
    return timeline.step_words(HAZARD, name)


def wait_words(name: str) -> str:
    """What is owed beside the state's own time limit."""
    return str(HAZARD.wait(name).label)


def state_words(code: str | None) -> str:
    return timeline.state_words(HAZARD, code)


def day_words(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""


def state_view(hazard: Hazard) -> dict[str, Any]:
    return timeline.state_view(HAZARD, hazard, "late" if hazard.late else "ready" if hazard.state == "accepted" else "")


def grade_view(hazard: Hazard) -> dict[str, str]:
    return {"label": grade_words(hazard.grade), "tone": "strong" if hazard.major else "plain"}


LIMITS: dict[str, Any] = {
    "found": gettext_lazy("Time to dispatch"),
    "dispatched": gettext_lazy("Time to sign"),
    "disputed": gettext_lazy("Time to arbitrate"),
    "claimed": gettext_lazy("Time to plan"),
    "rectifying": gettext_lazy("Time to rectify"),
    "rectified": gettext_lazy("Time to recheck"),
    "accepted": gettext_lazy("Time to close off"),
    "decide_extension": gettext_lazy("Time to decide on the extension"),
    "list": gettext_lazy("Time to list"),
    "publish": gettext_lazy("Time to publish"),
}
"""What a time limit is for: that of a state, and those beside it, by the step that is owed."""


def limit_words(state: str, step: str = "") -> str:
    return str(LIMITS.get(step) or LIMITS.get(state) or "")


def due_view(hazard: Hazard) -> dict[str, Any] | None:
    """Time left as words of working days and a bar; None when it waits for nothing."""
    if hazard.due_at is None:
        return None
    return {
        "label": limit_words(hazard.state),
        "due_at": hazard.due_at,
        "started_at": hazard.state_since,
        "words": left_words(hazard.due_at),
        "overdue": clock.now() > hazard.due_at,
    }


def change_words(field: str, value: Any, names: dict[str, str]) -> str:
    """A ledger value as people read it. `names` are enterprises by id."""
    if value in (None, "", []):
        return NOTHING
    match field:
        case "grade":
            return grade_words(value)
        case "source":
            return source_words(value)
        case "style":
            return style_words(value)
        case "category":
            return category_name(value)
        case "listing_level":
            return choice_words(LISTING_LEVELS, value)
        case "responsible_id":
            return names.get(str(value), str(value))
        case "required_signers":
            return listed(signer_words(one) for one in value)
        case "cost_fen":
            return yuan(int(value))
        case "found_at" | "due_at" | "published_at" | "delisted_at":
            return moment_words(_moment(value))
    return plain_words(value)


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
