"""Reading what went out."""

from django.db.models import Count

from anlan.channels.models import Outgoing
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.cursor import Place
from anlan.kernel.keyset import Page, page

STATES = tuple(code for code, _words in Outgoing.STATES)


def outbox(*, channel: str = "", state: str = "", after: Place | None = None, limit: int = 50) -> Page[Outgoing, Place]:
    """Newest first. Only for who may see it: the demo's visitors, an administrator."""
    with scope.acting(SYSTEM):
        rows = Outgoing.objects.all()
        if channel:
            rows = rows.filter(channel=channel)
        if state:
            rows = rows.filter(state=state)
        return page(rows, ("-at", "-id"), after=after, limit=limit)


def figures() -> dict[str, int]:
    """How many messages of the last month are in which state."""
    with scope.acting(SYSTEM):
        found = dict(Outgoing.objects.values_list("state").annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in STATES}
