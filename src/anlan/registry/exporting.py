"""Long lists on their way into workbooks: asked for as a post, written by a job in its scope, fetched as that post alone."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.utils.translation import override

from anlan.identity.acting import actor_in_office
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.ids import new_id
from anlan.registry import shelf
from anlan.registry.models import Export

Write = Callable[[IO[bytes], Actor, Any], int]
"""Into a stream, in an actor's scope, what was asked for → how many rows."""


def ask(*, actor: Actor, kind: str, asked: Any, language: str) -> Export:
    """`asked` are the list's filters as JSON. The caller defers the job."""
    if actor.person is None or actor.post is None:
        raise Forbidden
    return Export.objects.create(
        id=new_id(),
        filters={"kind": kind, "asked": asked},
        person_id=actor.person,
        post_id=actor.post,
        language=language,
        created_at=clock.now(),
    )


def write(export_id: UUID, rows: Write) -> None:
    """The job's work; begun anew when it was killed, nothing when it is done."""
    with scope.acting(SYSTEM):
        export = Export.objects.filter(pk=export_id, state__in=("waiting", "running")).first()
        if export is None:
            return
        actor = actor_in_office(export.post_id)
        Export.objects.filter(pk=export_id).update(state="running" if actor else "failed")
    if actor is None:
        return
    with tempfile.TemporaryDirectory() as folder, override(export.language):
        path = Path(folder) / "export.xlsx"
        with path.open("wb") as stream, scope.acting(actor):
            count = rows(stream, actor, export.filters["asked"])
        digest, _size = shelf.keep(path)
    with scope.acting(SYSTEM):
        Export.objects.filter(pk=export_id).update(state="done", done=count, sha256=digest)


def export_of(actor: Actor, export_id: UUID, kind: str) -> Export:
    """Only for the post it was made as: what a post showed is out of sight when the post ends."""
    found = Export.objects.filter(pk=export_id, filters__kind=kind).first()
    if found is None or found.post_id != actor.post:
        raise NotFound
    return found
