"""Reading the inbox: one's own messages, newest first."""

from uuid import UUID

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.cursor import Place
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, page
from anlan.notify.models import Message

COUNTED = 100
"""Counting stops here; the bell shows 99+ then."""


def _own(actor: Actor) -> QuerySet[Message]:
    return Message.objects.filter(person_id=actor.person) if actor.person else Message.objects.none()


def unread_count(actor: Actor) -> int:
    """How many of one's own messages are unread, up to `COUNTED`."""
    return _own(actor).filter(read_at=None).values("pk").order_by()[:COUNTED].count()


def inbox(
    actor: Actor, *, unread: bool = False, after: Place | None = None, before: Place | None = None, limit: int = 30
) -> Page[Message, Place]:
    """One page, newest first. `after` and `before` are the time and id of a row at the page's edge."""
    rows = _own(actor)
    if unread:
        rows = rows.filter(read_at=None)
    return page(rows, ("-at", "-id"), after=after, before=before, limit=limit)


def message(actor: Actor, message_id: UUID) -> Message:
    found = _own(actor).filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return found
