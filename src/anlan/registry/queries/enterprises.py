"""Enterprises in the caller's scope: pages by name, one by one, and all of a filter for an export."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.identity.models import Post
from anlan.kernel.actor import Actor
from anlan.kernel.codes import tidy
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, behind, cut
from anlan.kernel.reading import reach_of
from anlan.kernel.scope import within
from anlan.registry import search
from anlan.registry.models import Enterprise, Site

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z]{4,18}")


Place = tuple[str, UUID]
BY_NAME = ("name", "id")


@dataclass(frozen=True, kw_only=True)
class Filters:
    words: str = ""
    region: int | None = None
    industry: str = ""
    status: str = ""

    @property
    def code(self) -> str:
        """The beginning of a credit code, when that is what the words are."""
        text = tidy(self.words)
        return text if _CODE.fullmatch(text) else ""

    @property
    def range(self) -> tuple[int, int] | None:
        return reach_of(self.region)


def enterprises(
    actor: Actor,
    filters: Filters | None = None,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Page[Enterprise, Place]:
    """One page ordered by name. `after` and `before` are the name and id of a row at the page's edge."""
    filters = filters or Filters()
    rows = _slice(actor, filters, at=before or after, back=before is not None, cap=limit + 1)
    return cut(rows, lambda row: (row.name, row.pk), after=after, before=before, limit=limit)


def _slice(actor: Actor, filters: Filters, *, at: Place | None, back: bool, cap: int) -> list[Enterprise]:
    rows = Enterprise.objects.select_related("industry")
    if filters.words and not filters.code:
        ids = search.find(
            filters.words,
            within=filters.range,
            industry=filters.industry or None,
            status=filters.status or None,
            at=at,
            back=back,
            cap=cap,
        )
        return list(behind(rows.filter(pk__in=ids), BY_NAME, None, back=back)) if ids else []
    return list(behind(rows.filter(_seen(actor), _matching(filters)), BY_NAME, at, back=back)[:cap])


def _seen(actor: Actor) -> Q:
    """The actor's scope as plain comparisons, for the index; the policy stands behind it."""
    return Q(pk__in=actor.enterprises) if actor.enterprises else within(actor)


def _matching(filters: Filters) -> Q:
    found = Q()
    if filters.code:
        found &= Q(uscc__gte=filters.code, uscc__lt=f"{filters.code}~")
    if filters.range:
        found &= Q(region__gte=filters.range[0], region__lt=filters.range[1])
    if filters.industry:
        found &= Q(industry_id=filters.industry)
    if filters.status:
        found &= Q(status=filters.status)
    return found


def count_enterprises(actor: Actor, filters: Filters) -> int:
    """How many there are, up to `COUNTED` + 1."""
    if filters.words and not filters.code:
        place = {"within": filters.range, "industry": filters.industry or None, "status": filters.status or None}
        return len(search.find(filters.words, **place, cap=COUNTED + 1))  # type: ignore[arg-type]
    rows: QuerySet[Enterprise] = Enterprise.objects.filter(_seen(actor), _matching(filters))
    return rows.values("pk").order_by()[: COUNTED + 1].count()


def walk(actor: Actor, filters: Filters, *, step: int = 2000) -> Iterator[Enterprise]:
    """All of a filter, in order; each call to the database is bounded."""
    at: tuple[str, UUID] | None = None
    while rows := _slice(actor, replace(filters), at=at, back=False, cap=step):
        yield from rows
        if len(rows) < step:
            return
        at = (rows[-1].name, rows[-1].pk)


def enterprise(enterprise_id: UUID) -> Enterprise:
    found = Enterprise.objects.select_related("industry").filter(pk=enterprise_id).first()
    if found is None:
        raise NotFound
    return found


def sites_of(enterprise_id: UUID) -> list[Site]:
    return list(Site.objects.filter(enterprise_id=enterprise_id).order_by("name"))


def site(site_id: UUID) -> Site:
    found = Site.objects.select_related("enterprise").filter(pk=site_id).first()
    if found is None:
        raise NotFound
    return found


def posts_of_enterprise(enterprise_id: UUID) -> list[Post]:
    """Posts of the enterprise in office today, as far as the caller sees them."""
    from anlan.identity.acting import in_office
    from anlan.kernel import clock

    held = Post.objects.filter(in_office(clock.today()), organisation_id=enterprise_id)
    return list(held.select_related("person").order_by("role", "person__name"))
