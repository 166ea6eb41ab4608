"""Reading the inbox: one's own messages, newest first."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.cursor import Place
from anlan.kernel.errors import NotFound
from anlan.notify.models import Message

COUNTED = 100
"""Counting stops here; the bell shows 99+ then."""


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: list[Message]
    after: Place | None
    before: Place | None


def _own(actor: Actor) -> QuerySet[Message]:
    return Message.objects.filter(person_id=actor.person) if actor.person else Message.objects.none()


def unread_count(actor: Actor) -> int:
    """How many of one's own messages are unread, up to `COUNTED`."""
    return _own(actor).filter(read_at=None).values("pk").order_by()[:COUNTED].count()


def inbox(
    actor: Actor, *, unread: bool = False, after: Place | None = None, before: Place | None = None, limit: int = 30
) -> Page:
    """One page, newest first. `after` and `before` are the time and id of a row at the page's edge."""
    back = before is not None
    rows = _own(actor)
    if unread:
        rows = rows.filter(read_at=None)
    if place := before or after:
        at, record = place
        # The first comparison chooses the index, the second settles messages of one moment.
        if back:
            rows = rows.filter(Q(at__gt=at) | Q(id__gt=record), at__gte=at)
        else:
            rows = rows.filter(Q(at__lt=at) | Q(id__lt=record), at__lte=at)
    found = list(rows.order_by(*(("at", "id") if back else ("-at", "-id")))[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if back:
        found.reverse()
    return Page(
        rows=found,
        after=(found[-1].at, found[-1].pk) if found and (more or back) else None,
        before=(found[0].at, found[0].pk) if found and (more if back else after is not None) else None,
    )


def message(actor: Actor, message_id: UUID) -> Message:
    found = _own(actor).filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return found
