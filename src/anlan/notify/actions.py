"""Sending messages: one row a person, made in the transaction of what it tells about."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import encode
from anlan.notify.models import Message


def send(
    *,
    to: Iterable[tuple[UUID, UUID | None]],
    kind: str,
    facts: dict[str, Any],
    url: str = "",
    subject_type: str = "",
    subject_id: UUID | None = None,
) -> int:
    """Send one message to each (person, post), each person once; returns how many. `facts["why"]` is shown to the reader."""
    unique = dict(to)
    Message.objects.bulk_create(
        Message(
            id=new_id(),
            person_id=person,
            post_id=post,
            kind=kind,
            facts=encode(facts),
            url=url,
            subject_type=subject_type,
            subject_id=subject_id,
            at=clock.now(),
        )
        for person, post in unique.items()
    )
    return len(unique)


def mark_read(*, actor: Actor, ids: Iterable[UUID] | None = None) -> int:
    """Mark own messages as read (all when `ids` is None)."""
    if actor.person is None:
        return 0
    mine = Message.objects.filter(person_id=actor.person, read_at=None)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    return mine.update(read_at=clock.now())


KEPT_DAYS = 365


def purge_read(*, batch: int = 5000) -> int:
    """Remove messages read more than a year ago; what they told stays in the ledger. Returns how many."""
    with scope.acting(SYSTEM):
        old = Message.objects.filter(read_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).order_by("read_at")
        removed, _kinds = Message.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:batch])).delete()
    return removed
