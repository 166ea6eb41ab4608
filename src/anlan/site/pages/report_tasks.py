"""Citizens' reports on the workbench: what waits for a post, with its next step, and the figures of its territory."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.registry.queries import region_names
from anlan.reports.flow import REPORT
from anlan.reports.models import Report
from anlan.reports.office_wording import due_view
from anlan.reports.queries.office import category_names, figures, waiting
from anlan.reports.wording import state_view
from anlan.site.pages.access import address

NEXT = {
    "submitted": "screen",
    "screened": "dispatch",
    "returned": "dispatch",
    "dispatched": "verify",
    "handled": "review",
}
"""The step that usually comes next; the record's page offers the others."""


def section(actor: Actor, title: str, *, empty: str = "", limit: int = 10) -> dict[str, Any] | None:
    """None where nothing waits and nothing needs to be said of it."""
    rows = waiting(actor, limit=limit)
    if not rows and not empty:
        return None
    places, kinds = region_names(row.region for row in rows), category_names() if rows else {}
    return {
        "title": title,
        "rows": [_task(actor, row, places.get(row.region, ""), kinds.get(row.category_id or "", "")) for row in rows],
        "more": address("reports:list", query="mine=1"),
        "empty": empty,
    }


def _task(actor: Actor, row: Report, place: str, kind: str) -> dict[str, Any]:
    url = address("reports:record", row.pk)
    step = REPORT.step(NEXT[row.state])
    act = {"label": step.label, "url": f"{url}steps/{step.name}/", "panel": True} if step.by(actor, row) else None
    return {
        "url": url,
        "number": row.number,
        "place": row.address or place,
        "description": row.words,
        "enterprise": kind,
        "state": state_view(row),
        "urgent": row.urgent,
        "due": due_view(row),
        "act": act,
        "waits_for": "" if act else REPORT.state(row.state).waits_for,
    }


def counts(actor: Actor) -> list[dict[str, Any]]:
    """Open reports by where they stand; each number opens its rows."""
    found = figures(actor)
    return [
        _stat(_("To be sorted"), found.unsent, "state=unsent"),
        _stat(_("Urgent"), found.urgent, "urgent=1&state=open", late=True),
        _stat(_("Held for a person"), found.held, "held=1&state=open"),
        _stat(_("At a unit"), found.dispatched, "state=dispatched"),
        _stat(_("To be reviewed"), found.handled, "state=handled"),
        _stat(_("Overdue"), found.late, "late=1&state=open", late=True),
    ]


def _stat(label: str, value: int, query: str, *, late: bool = False) -> dict[str, Any]:
    return {
        "label": label,
        "value": f"{value:,}",
        "url": address("reports:list", query=query),
        "tone": "late" if late and value else "",
    }
