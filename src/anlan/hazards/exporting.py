"""The list as a workbook: exactly what is filtered, in the order of the list."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from anlan.files.actions import store
from anlan.hazards.categories import category_name
from anlan.hazards.models import Export, Hazard
from anlan.hazards.queries import HazardFilters, enterprise_names, hazards, read_filters, walk
from anlan.hazards.queries.list import Order
from anlan.hazards.wording import grade_words, source_words, state_words, style_words
from anlan.identity.acting import actor_in_office
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.ids import new_id
from anlan.registry.queries import industry_names, region_names

AT_ONCE = 5000
"""Longer lists are written by a job."""
PORTION = 1000

COLUMNS = (
    Column(key="number", title=_("Number"), width=24),
    Column(key="state", title=_("State"), width=10),
    Column(key="grade", title=_("Grade"), width=12),
    Column(key="late", title=_("Overdue"), kind="bool", width=8),
    Column(key="enterprise", title=_("Enterprise"), width=30),
    Column(key="region", title=_("Region"), width=24),
    Column(key="place", title=_("Place"), width=24),
    Column(key="description", title=_("What is wrong"), width=50, multiline=True),
    Column(key="category", title=_("Category"), width=14),
    Column(key="industry", title=_("Supervision field"), width=16),
    Column(key="source", title=_("Source"), width=16),
    Column(key="style", title=_("Style"), width=12),
    Column(key="finder", title=_("Finder"), width=12),
    Column(key="found_at", title=_("Found at"), kind="datetime"),
    Column(key="due_at", title=_("Due"), kind="datetime"),
    Column(key="rectify_due", title=_("Rectify by"), kind="date", width=12),
    Column(key="finished_on", title=_("Finished on"), kind="date", width=12),
    Column(key="cost", title=_("Cost (yuan)"), kind="decimal", places=2, width=14),
    Column(key="closed_at", title=_("Closed off at"), kind="datetime"),
    Column(key="basis", title=_("Basis"), width=50),
)


def lines(found: list[Hazard]) -> list[list[Any]]:
    names = enterprise_names(row.responsible_id or row.enterprise_id for row in found)
    places = region_names(row.region for row in found)
    fields = industry_names()
    return [
        [
            row.number, state_words(row.state), grade_words(row.grade), row.late,
            names.get(row.responsible_id or row.enterprise_id, ""), places.get(row.region, ""), row.place,  # type: ignore[arg-type]
            row.description, category_name(row.category), fields.get(row.industry_id, row.industry_id),
            source_words(row.source), style_words(row.style) if row.style else "", row.finder_name, row.found_at, row.due_at,
            row.rectify_due, row.finished_on, _yuan(row.cost_fen), row.closed_at, row.basis,
        ]
        for row in found
    ]  # fmt: skip


def _yuan(fen: int | None) -> Decimal | None:
    """A number, so that a column of costs can be summed."""
    return None if fen is None else Decimal(fen) / 100


def write(stream: IO[bytes], portions: Iterable[list[list[Any]]]) -> int:
    """Returns how many rows were written."""
    return export_rows(stream, COLUMNS, (line for portion in portions for line in portion), title=_("Hazards"))


def write_now(stream: IO[bytes], actor: Actor, filters: HazardFilters, order: Order) -> int:
    return write(stream, (lines(portion) for portion in walk(actor, filters, order=order)))


def order_of(params: Any) -> Order:
    return "due" if params.get("sort") == "due_at" else "newest"


def file_name(moment: datetime, filters: HazardFilters) -> str:
    """What it is, and the days it was narrowed to; without such, the day it was asked for."""
    days = [str(day) for day in (filters.found_from, filters.found_to) if day]
    return f"{_('Hazards')}-{'_'.join(days) or clock.day_of(moment)}.xlsx"


def ask_for_export(*, actor: Actor, query: str) -> Export:
    """A long list: written by a job in the asker's scope, kept until its asker fetches it."""
    from anlan.hazards.jobs import write_export

    if actor.person is None or actor.post is None:
        raise Forbidden
    export = Export.objects.create(
        id=new_id(), query=query[:2000], person_id=actor.person, post_id=actor.post,
        language=get_language() or "zh-hans", created_at=clock.now(),
    )  # fmt: skip
    write_export.defer(export_id=str(export.pk))
    return export


def write_waiting(export_id: UUID) -> None:
    """The job; run again from the start when it was killed."""
    with scope.acting(SYSTEM):
        export = Export.objects.filter(pk=export_id, state__in=("waiting", "running")).first()
        if export is None:
            return
        actor = actor_in_office(export.post_id)
    _note(export_id, state="running" if actor else "failed", done=0)
    if actor is None:
        return
    with override(export.language), NamedTemporaryFile(suffix=".xlsx") as file:
        write(file, _portions(actor, export))
        file.flush()
        digest = store().put(Path(file.name))
    _note(export_id, state="done", sha256=digest)


def _portions(actor: Actor, export: Export) -> Iterator[list[list[Any]]]:
    """Each portion is read in a transaction of its own, so that progress shows and no snapshot grows old."""
    params = QueryDict(export.query)
    filters, order = read_filters(params), order_of(params)
    written, after = 0, None
    while True:
        with scope.acting(actor):
            page = hazards(actor, filters, order=order, after=after, limit=PORTION)
            portion = lines(page.rows)
        written += len(portion)
        _note(export.pk, done=written)
        yield portion
        after = page.after
        if after is None:
            return


def _note(export_id: UUID, **facts: Any) -> None:
    with scope.acting(SYSTEM):
        Export.objects.filter(pk=export_id).update(**facts)


def export_of(actor: Actor, export_id: UUID) -> Export:
    """Only for the post it was made as: what a post showed is out of sight when the post ends."""
    found = Export.objects.filter(pk=export_id).first()
    if found is None or found.post_id != actor.post:
        raise NotFound
    return found
