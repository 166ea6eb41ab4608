"""Draws as they were held."""

from typing import Any
from uuid import UUID

from anlan.identity.paging import Page, page
from anlan.inspections.models import Draw
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.scope import within


def draws(actor: Actor, *, after: str = "", before: str = "") -> Page[Draw]:
    """Newest first."""
    rows = Draw.objects.filter(within(actor)).defer("published")
    return page(rows, ["number", "id"], newest=True, after=after, before=before)


def draw(draw_id: UUID) -> Draw:
    found = Draw.objects.filter(pk=draw_id).first()
    if found is None:
        raise NotFound
    return found


def by_number(number: str) -> Draw:
    found = Draw.objects.filter(number=number.strip().upper()).first()
    if found is None:
        raise NotFound
    return found


def record_of(row: Draw) -> dict[str, Any]:
    """What is published: from this alone anybody computes the result (`inspections.drawing`)."""
    return {"published": row.published, "result": row.result, "digest": row.digest}
