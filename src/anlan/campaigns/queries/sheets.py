"""Returns as workbooks to take away: one, or all of a month that one may see."""

import zipfile
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import IO
from uuid import UUID

from django.db.models import Q

from anlan.campaigns.beside import beside
from anlan.campaigns.models import Return
from anlan.campaigns.states import WRITING
from anlan.campaigns.versions import checker_for
from anlan.campaigns.workbooks.cells import MOST_BOOKS
from anlan.campaigns.workbooks.writing import Shown, write
from anlan.identity.models import Organisation
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound


def to_fill(record: UUID) -> Return:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    row = Return.objects.select_related("unit").filter(pk=record).first()
    if row is None:
        raise NotFound
    return row


def unit_names(rows: Iterable[Return]) -> dict[UUID, str]:
    return dict(Organisation.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", "name"))


def book_name(record: Return) -> str:
    """Of the file, as people look for it."""
    return f"{record.unit.name}-{record.month:%Y-%m}.xlsx"


def book(record: Return) -> BytesIO:
    stream = BytesIO()
    write(
        stream,
        Shown(record=record, unit=record.unit.name, checker=checker_for(record.template_id), beside=beside(record)),
    )
    stream.seek(0)
    return stream


def written_in(actor: Actor, campaign: UUID, month: date) -> list[Return]:
    """Returns of a month that the actor's unit fills in or looks at first, while their units write them."""
    mine = Q(unit_id=actor.organisation) | Q(reviewer_id=actor.organisation)
    rows = Return.objects.select_related("unit").filter(mine, campaign=campaign, month=month, state__in=WRITING)
    return list(rows.order_by("region", "id")[:MOST_BOOKS]) if actor.organisation else []


def books(rows: list[Return], stream: IO[bytes]) -> None:
    """An archive with a workbook a return. Units of one name are told apart."""
    taken: set[str] = set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for row in rows:
            name, number = book_name(row), 2
            while name in taken:
                name = book_name(row).replace(".xlsx", f"-{number}.xlsx")
                number += 1
            taken.add(name)
            archive.writestr(name, book(row).getvalue())
