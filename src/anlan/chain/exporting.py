"""The list of duties as a workbook that can be read in again."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import pgettext_lazy

from anlan.chain import queries
from anlan.chain.queries import DutyFilters
from anlan.chain.workbooks import export_columns, export_row
from anlan.kernel.actor import Actor
from anlan.kernel.exchange.export import export_rows
from anlan.registry.queries import industry_names, region_names


def duties_file(actor: Actor, filters: DutyFilters) -> BytesIO:
    stream = BytesIO()
    export_rows(stream, export_columns(), _rows(actor, filters), title=pgettext_lazy("responsibility", "Duties"))
    stream.seek(0)
    return stream


def _rows(actor: Actor, filters: DutyFilters) -> Iterator[list[Any]]:
    fields = industry_names()
    places: dict[int, str] = {}
    for one in queries.walk(actor, filters):
        if one.region not in places:
            places |= region_names([one.region])
        yield export_row(one, places, fields)
