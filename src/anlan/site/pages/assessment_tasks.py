"""Yearly assessments on the workbench: what waits for a post, of its own unit and of those it assesses."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment
from anlan.assessments.queries import waiting_for
from anlan.assessments.wording import due_view, state_view
from anlan.kernel.actor import Actor
from anlan.site.pages.access import address

SHOWN = 5


def sections(actor: Actor) -> list[dict[str, Any]]:
    """None where nothing waits: for most of the year there is nothing to say."""
    rows = waiting_for(actor, limit=SHOWN)
    if not rows:
        return []
    tasks = [_task(row, step) for row, step in rows]
    return [{"title": _("Yearly assessments"), "rows": tasks, "more": address("assessments:list"), "empty": ""}]


def _task(row: Assessment, step: str) -> dict[str, Any]:
    url = address("assessments:record", row.pk)
    return {
        "url": url,
        "number": row.number,
        "place": row.unit_name,
        "description": _("Assessment of %(year)s") % {"year": row.year},
        "enterprise": "",
        "state": state_view(row),
        "waits_for": "",
        "major": False,
        "due": due_view(row),
        "act": {"label": str(ASSESSMENT.step(step).label), "url": url, "panel": False},
    }
