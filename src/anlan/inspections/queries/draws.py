"""Draws as they were held."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anlan.identity.models import Organisation
from anlan.identity.paging import Page, page
from anlan.inspections.models import Draw, DrawNotice, Visit
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.ledger.read import Act, acts_of
from anlan.kernel.models import Entry
from anlan.kernel.scope import within


def draws(actor: Actor, *, after: str = "", before: str = "") -> Page[Draw]:
    """Newest first."""
    rows = Draw.objects.filter(within(actor)).defer("published")
    return page(rows, ["number", "id"], newest=True, after=after, before=before)


def announced(actor: Actor) -> list[DrawNotice]:
    """Announced and not held, newest first; the oldest of a great many are left to their own pages."""
    return list(DrawNotice.objects.filter(within(actor), draw=None).defer("published").order_by("-number")[:50])


def notice(notice_id: UUID) -> DrawNotice:
    found = DrawNotice.objects.filter(pk=notice_id).first()
    if found is None:
        raise NotFound
    return found


def held(notice_id: UUID) -> bool:
    return Draw.objects.filter(pk=notice_id).exists()


def replaced(visits: Iterable[Visit]) -> dict[UUID, list[Act]]:
    """Of drawn visits: who was put in another's place afterwards, and why."""
    ids = [one.pk for one in visits]
    entries = list(Entry.objects.filter(subject_id__in=ids, step="reassign").order_by("version"))
    found: dict[UUID, list[Act]] = defaultdict(list)
    for entry, act in zip(entries, acts_of(entries), strict=True):
        found[entry.subject_id].append(act)
    return dict(found)


def visits_of(row: Draw) -> list[UUID]:
    """Planned from it, by number; only those the reader sees."""
    return list(Visit.objects.filter(draw=row).order_by("number").values_list("pk", flat=True))


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


def body_of(row: Draw | DrawNotice) -> Organisation | None:
    """The body that was announced to visit; None for draws announced before bodies were."""
    told = row.published["asked"].get("body")
    with scope.elevated("whoever sees a draw sees who visits"):
        return Organisation.objects.filter(pk=told["id"]).first() if told else None


def announcement_of(row: DrawNotice) -> dict[str, Any]:
    """What is published beforehand."""
    return {"announced": row.published, "digest": row.digest}


def record_of(row: Draw) -> dict[str, Any]:
    """What is published: from this alone anybody computes the result (`inspections.drawing`)."""
    return {"published": row.published, "result": row.result, "digest": row.digest}
