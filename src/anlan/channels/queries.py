"""Reading what went out."""

from dataclasses import dataclass

from django.db.models import Count, Q

from anlan.channels.models import Outgoing
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.cursor import Place

STATES = tuple(code for code, _words in Outgoing.STATES)


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: list[Outgoing]
    after: Place | None


def outbox(*, channel: str = "", state: str = "", after: Place | None = None, limit: int = 50) -> Page:
    """Newest first. Only for who may see it: the demo's visitors, an administrator."""
    with scope.acting(SYSTEM):
        rows = Outgoing.objects.all()
        if channel:
            rows = rows.filter(channel=channel)
        if state:
            rows = rows.filter(state=state)
        if after:
            at, record = after
            rows = rows.filter(Q(at__lt=at) | Q(id__lt=record), at__lte=at)
        found = list(rows.order_by("-at", "-id")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return Page(rows=found, after=(found[-1].at, found[-1].pk) if more else None)


def figures() -> dict[str, int]:
    """How many messages of the last month are in which state."""
    with scope.acting(SYSTEM):
        found = dict(Outgoing.objects.values_list("state").annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in STATES}
