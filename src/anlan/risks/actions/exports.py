"""Risk points into a workbook: one row a source, in the columns that the import reads."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.identity.acting import actor_for, in_office
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.ids import new_id
from anlan.registry import shelf
from anlan.registry.models import Export
from anlan.risks import jobs, workbook
from anlan.risks.queries import Filters, read_filters, walk

KIND = "risk_points"


def ask_export(*, actor: Actor, query: str, language: str) -> Export:
    if actor.person is None or actor.post is None:
        raise Forbidden
    asked = Export.objects.create(
        id=new_id(),
        filters={"kind": KIND, "query": query},
        person_id=actor.person,
        post_id=actor.post,
        language=language,
        created_at=clock.now(),
    )
    jobs.write_export.defer(export_id=str(asked.pk))
    return asked


def write_rows(stream: IO[bytes], actor: Actor, filters: Filters) -> int:
    """Every point the filter finds in the actor's scope, in the order of the list; how many rows."""
    return export_rows(stream, workbook.export_columns(), _rows(actor, filters), title=_("Risk points"))


def _rows(actor: Actor, filters: Filters) -> Iterator[list[Any]]:
    for portion in walk(actor, filters):
        yield from workbook.export_lines(portion)


def write_waiting(export_id: UUID) -> None:
    """The job; run again from the start when it was killed."""
    with scope.acting(SYSTEM):
        asked = Export.objects.filter(pk=export_id, state__in=("waiting", "running")).first()
        if asked is None:
            return
        posts = Post.objects.filter(in_office(clock.today()), pk=asked.post_id, person__is_active=True)
        held = posts.select_related("person", "organisation").first()
        actor = actor_for(held) if held else None
        Export.objects.filter(pk=export_id).update(state="running" if actor else "failed")
    if actor is None:
        return
    with tempfile.TemporaryDirectory() as folder, override(asked.language):
        path = Path(folder) / "export.xlsx"
        with path.open("wb") as stream, scope.acting(actor):
            count = write_rows(stream, actor, read_filters(QueryDict(asked.filters["query"])))
        digest, _size = shelf.keep(path)
    with scope.acting(SYSTEM):
        Export.objects.filter(pk=export_id).update(state="done", done=count, sha256=digest)
