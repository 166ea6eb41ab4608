"""Duties as they are listed: by place, with who holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.chain.models import Duty
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, page

Place = tuple[int, UUID]
COUNTED = 10_000


@dataclass(frozen=True, kw_only=True)
class DutyFilters:
    """`when`: now, ended, coming, or empty for all; `own` keeps the region itself alone."""

    words: str = ""
    region: int | None = None
    own: bool = False
    kind: str = ""
    part: str = ""
    industry: str = ""
    when: str = "now"


def running(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def seen(actor: Actor) -> Q:
    """The actor's territory; the policy adds its fields, and duties of no field are everybody's there."""
    return scope.within(actor, industry=None)


def _matching(filters: DutyFilters) -> Q:
    found, today = Q(), clock.today()
    if filters.region:
        low, high = subtree(filters.region)
        found &= Q(region=filters.region) if filters.own else Q(region__gte=low, region__lt=high)
    for name in ("kind", "part"):
        if value := getattr(filters, name):
            found &= Q(**{name: value})
    if filters.industry:
        found &= Q(industry_id=filters.industry)
    if filters.words:
        words = filters.words[:60]
        found &= (
            Q(organisation__name__icontains=words)
            | Q(person_name__icontains=words)
            | Q(post__person__name__icontains=words)
            | Q(matter__icontains=words)
        )
    match filters.when:
        case "now":
            found &= running(today)
        case "ended":
            found &= Q(valid_to__lt=today)
        case "coming":
            found &= Q(valid_from__gt=today)
    return found


def _rows(actor: Actor, filters: DutyFilters) -> QuerySet[Duty]:
    rows = Duty.objects.filter(seen(actor), _matching(filters))
    return rows.select_related("organisation", "post__person", "industry")


def duties(
    actor: Actor,
    filters: DutyFilters,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Page[Duty, Place]:
    """One page by place and id."""
    return page(_rows(actor, filters), ("region", "id"), after=after, before=before, limit=limit)


def count_duties(actor: Actor, filters: DutyFilters) -> int:
    """How many there are, up to `COUNTED` + 1."""
    rows = Duty.objects.filter(seen(actor), _matching(filters))
    return rows.values("pk").order_by()[: COUNTED + 1].count()


def walk(actor: Actor, filters: DutyFilters) -> Iterator[Duty]:
    """All of a filter in order, page by page."""
    at: Place | None = None
    while True:
        found = duties(actor, filters, after=at, limit=1000)
        yield from found.rows
        if found.after is None:
            return
        at = found.after


def duty(duty_id: UUID) -> Duty:
    found = Duty.objects.select_related("organisation", "post__person", "industry").filter(pk=duty_id).first()
    if found is None:
        raise NotFound
    return found


def slot(actor: Actor, *, region: int, kinds: tuple[str, ...], bit: int | None) -> list[Duty]:
    """Everything ever given in one cell of the matrix, what runs now and newest first."""
    rows = Duty.objects.filter(seen(actor), region=region, kind__in=kinds, industry_bit=bit)
    return list(rows.select_related("organisation", "post__person", "industry").order_by("-valid_from", "-id"))


def holder_words(one: Duty) -> str:
    """The person of a duty: the post's, or the name written down."""
    if one.post is not None:
        return str(one.post.person.name)
    return str(one.person_name)


def title_words(one: Duty) -> str:
    return str(one.title or (one.post.title if one.post else ""))
