"""What waits for whom: the same rows on the workbench and in the list of tasks."""

from django.db.models import QuerySet

from anlan.directives.models import DirectiveTask
from anlan.directives.queries.board import given
from anlan.directives.rules import UNIT_ROLES
from anlan.directives.states import WORKING
from anlan.identity import roles
from anlan.kernel.actor import Actor

SHOWN = 20
NEXT = {
    "assigned": "sign",
    "signed_for": "start",
    "under_way": "report",
    "returned": "report",
    "handed_back": "reassign",
    "reported": "verify",
    "verified": "close",
}
"""The step that one takes next in each state."""


def waiting_for(actor: Actor, *, limit: int = SHOWN) -> list[tuple[DirectiveTask, str]]:
    """Tasks with the step this post takes next, what is due first: those of the own unit, and what the office must settle."""
    found: list[DirectiveTask] = []
    if actor.role == roles.OFFICE:
        settle = (
            given(actor).filter(state__in=["handed_back", "reported", "verified"]).exclude(reported_by=actor.person)
        )
        found += _first(settle, limit)
    if actor.role in UNIT_ROLES and actor.organisation:
        own = DirectiveTask.objects.filter(unit=actor.organisation, state__in=["assigned", *WORKING])
        found += _first(own, limit)
    return [(row, NEXT[row.state]) for row in found[:limit]]


def _first(rows: QuerySet[DirectiveTask], limit: int) -> list[DirectiveTask]:
    chosen = rows.select_related("unit", "directive").defer("directive__text", "directive__normalised")
    return list(chosen.order_by("due_at", "id")[:limit])
