"""Enterprises into a workbook: exactly what is filtered."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.kernel.exchange.export import export_rows
from anlan.registry import exporting, jobs
from anlan.registry.models import Export
from anlan.registry.queries import Filters, industry_names, region_names, walk
from anlan.registry.workbooks import export_columns, export_row

KIND = "enterprises"


def ask_export(*, actor: Actor, filters: Filters, language: str) -> Export:
    asked = exporting.ask(actor=actor, kind=KIND, asked=asdict(filters), language=language)
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
    exporting.write(export_id, lambda stream, actor, asked: write_rows(stream, actor, Filters(**asked)))
