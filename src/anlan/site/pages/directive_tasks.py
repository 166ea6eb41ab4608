"""On the workbench: the tasks from above that wait for this post."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.directives import queries
from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.models import DirectiveTask
from anlan.directives.wording import LIMITS, state_view
from anlan.kernel.actor import Actor
from anlan.site.pages.access import address
from anlan.site.pages.words import due_view

SHOWN = 10


def section(actor: Actor) -> list[dict[str, Any]]:
    """Nothing where nothing waits: not every post is given such tasks."""
    found = queries.waiting_for(actor, limit=SHOWN)
    if not found:
        return []
    return [
        {
            "title": _("Tasks from above that wait for you"),
            "rows": [_task(row, step) for row, step in found],
            "more": address("directives:tasks", query="state=open"),
            "empty": "",
        }
    ]


def _task(row: DirectiveTask, step: str) -> dict[str, Any]:
    url = address("directives:task", row.pk)
    return {
        "url": url,
        "number": row.number,
        "place": row.unit.name,
        "description": row.what,
        "enterprise": row.directive.title,
        "source": row.directive.reference,
        "finder": "",
        "found_at": row.created_at,
        "rectify_due": None,
        "state": state_view(row),
        "waits_for": "",
        "major": False,
        "due": due_view(row.due_at, since=row.state_since, label=str(LIMITS.get(row.state, ""))),
        "act": {"label": DIRECTIVE_TASK.step(step).label, "url": f"{url}steps/{step}/", "panel": step != "report"},
    }
