"""Sending messages: one row a person, made in the transaction of what it tells about."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

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
    done_by: UUID | None = None,
) -> int:
    """
    Send one message to each (person, post), each person once; returns how many. `facts["why"]` is shown to the reader.

    What the person `done_by`, who acts now, was told of the subject before counts as read.
    """
    unique = dict(to)
    if done_by is not None:
        Message.objects.filter(person_id=done_by, subject_id=subject_id, read_at=None).update(read_at=clock.now())
    if unique:
        ids = [new_id() for _one in unique]
        same: list[Any] = [kind, Jsonb(encode(facts)), url, subject_type, subject_id, clock.now()]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [*same, ids, list(unique), list(unique.values())])
    return len(unique)


# Plain SQL: nearly every step tells somebody, and the ORM would spend longer on making it than PostgreSQL on doing it.
_INSERT = (
    "INSERT INTO notify_message (id, person_id, post_id, kind, facts, url, subject_type, subject_id, at)"
    " SELECT one.id, one.person, one.post, %s, %s, %s, %s, %s::uuid, %s::timestamptz"
    " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS one(id, person, post)"
)


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
