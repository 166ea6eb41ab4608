"""Long lists into a workbook: exactly what is filtered, by a job with progress."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.identity.acting import actor_for, in_office
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.ids import new_id
from anlan.registry import jobs, shelf
from anlan.registry.models import Export
from anlan.registry.queries import Filters, industry_names, region_names, walk
from anlan.registry.workbooks import export_columns, export_row


def ask_export(*, actor: Actor, filters: Filters, language: str) -> Export:
    if actor.person is None or actor.post is None:
        raise Forbidden
    asked = Export.objects.create(
        id=new_id(),
        filters={
            "words": filters.words,
            "region": filters.region,
            "industry": filters.industry,
            "status": filters.status,
        },
        person_id=actor.person,
        post_id=actor.post,
        language=language,
        created_at=clock.now(),
    )
    jobs.write_export.defer(export_id=str(asked.pk))
    return asked


def write_rows(stream: IO[bytes], actor: Actor, filters: Filters) -> int:
    """Xlsx of every enterprise the filter finds in the actor's scope, in the order of the list; how many."""
    return export_rows(stream, export_columns(), _rows(actor, filters), title=_("Enterprises"))


def _rows(actor: Actor, filters: Filters) -> Iterator[list[Any]]:
    industry = industry_names()
    names: dict[int, str] = {}
    for row in walk(actor, filters):
        if row.region not in names:
            names |= region_names([row.region])
        yield export_row(row, names, industry)


def write_waiting(export_id: UUID) -> None:
    """The job; run again from the start when it was killed."""
    with scope.acting(SYSTEM):
        asked = Export.objects.filter(pk=export_id, state__in=("waiting", "running")).first()
        if asked is None:
            return
        post = Post.objects.filter(in_office(clock.today()), pk=asked.post_id, person__is_active=True)
        held = post.select_related("person", "organisation").first()
        actor = actor_for(held) if held else None
        Export.objects.filter(pk=export_id).update(state="running" if actor else "failed")
    if actor is None:
        return
    with tempfile.TemporaryDirectory() as folder, override(asked.language):
        path = Path(folder) / "export.xlsx"
        with path.open("wb") as stream, scope.acting(actor):
            count = write_rows(stream, actor, Filters(**asked.filters))
        digest, _size = shelf.keep(path)
    with scope.acting(SYSTEM):
        Export.objects.filter(pk=export_id).update(state="done", done=count, sha256=digest)
