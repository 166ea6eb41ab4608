"""Risk points into a workbook: one row a source, in the columns that the import reads."""

from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.kernel.exchange.export import export_rows
from anlan.registry import exporting
from anlan.registry.models import Export
from anlan.risks import jobs, workbook
from anlan.risks.queries import Filters, read_filters, walk

KIND = "risk_points"


def ask_export(*, actor: Actor, filters: Filters, language: str) -> Export:
    asked = exporting.ask(actor=actor, kind=KIND, asked=filters.query(), language=language)
    jobs.write_export.defer(export_id=str(asked.pk))
    return asked


def write_rows(stream: IO[bytes], actor: Actor, filters: Filters) -> int:
    """Every point the filter finds in the actor's scope, in the order of the list; how many rows."""
    return export_rows(stream, workbook.export_columns(), _rows(actor, filters), title=_("Risk points"))


def _rows(actor: Actor, filters: Filters) -> Iterator[list[Any]]:
    for portion in walk(actor, filters):
        yield from workbook.export_lines(portion)


def write_waiting(export_id: UUID) -> None:
    exporting.write(export_id, lambda stream, actor, asked: write_rows(stream, actor, read_filters(QueryDict(asked))))
