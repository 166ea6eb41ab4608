"""Words of the officials' pages: what the timeline shows of a change, what a time limit is for."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from anlan.kernel import clock
from anlan.kernel.phrases import NOTHING, left_words, moment_words, plain_words
from anlan.reports.models import Report
from anlan.reports.wording import outcome_words

FIELDS: dict[str, Any] = {
    "category_id": gettext_lazy("Kind of report"),
    "industry_id": gettext_lazy("Supervision field"),
    "public_words": gettext_lazy("Words the public reads"),
    "public_place": gettext_lazy("Place the public reads"),
    "public": gettext_lazy("Shown on the plaza"),
    "held": gettext_lazy("Held for a person"),
    "unit_id": gettext_lazy("Unit"),
    "enterprise_id": gettext_lazy("Enterprise"),
    "outcome": gettext_lazy("Outcome"),
    "reason": gettext_lazy("Reason the reporter reads"),
    "answer": gettext_lazy("What the reporter is told"),
    "hazard_number": gettext_lazy("Hazard"),
    "satisfied": gettext_lazy("Satisfied"),
    "due_at": gettext_lazy("Due"),
    "late": gettext_lazy("Overdue"),
}
"""What the timeline shows of a change; other fields are the platform's own."""
LIMITS: dict[str, Any] = {
    "submitted": gettext_lazy("Time to look at it"),
    "screened": gettext_lazy("Time to send it to a unit"),
    "returned": gettext_lazy("Time to send it elsewhere"),
    "dispatched": gettext_lazy("Time to look on the spot"),
    "verified": gettext_lazy("Time to rectify"),
    "handled": gettext_lazy("Time to review"),
}


def due_view(report: Report) -> dict[str, Any] | None:
    """Time left as words of working days and a bar; None when it waits for nothing."""
    if report.due_at is None or report.state not in LIMITS:
        return None
    return {
        "label": str(LIMITS[report.state]),
        "due_at": report.due_at,
        "started_at": report.state_since,
        "words": left_words(report.due_at),
        "overdue": clock.now() > report.due_at,
    }


def change_words(field: str, value: Any, names: dict[str, str]) -> str:
    """A ledger value as people read it. `names` are units, enterprises, kinds and fields by their id or code."""
    if value in (None, "", []):
        return NOTHING
    if field == "outcome":
        return outcome_words(value)
    if field == "due_at":
        return moment_words(_moment(value))
    if field in ("unit_id", "enterprise_id", "category_id", "industry_id"):
        return names.get(str(value), str(value))
    return plain_words(value)


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
