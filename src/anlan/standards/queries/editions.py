"""Checklists with their editions, for their pages and the API."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.errors import NotFound
from anlan.kernel.text import words as words_of
from anlan.standards.models import Checklist, Edition, Item
from anlan.standards.queries.checklists import in_force
from anlan.standards.states import AT_WORK

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class ListFilters:
    words: str = ""
    industry: str = ""
    """A field's code, or `common` for lists of all fields."""
    campaign: str = ""
    """A campaign's name; `any` for those of some campaign, `none` for those of no campaign."""
    region: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A checklist as its list shows it: the edition in force today, the next one, the one at work."""

    checklist: Checklist
    current: Edition | None
    coming: Edition | None
    at_work: Edition | None

    @property
    def items(self) -> int:
        shown = self.current or self.coming or self.at_work
        return int(getattr(shown, "item_count", 0)) if shown else 0


@dataclass(frozen=True, kw_only=True)
class KeptPage:
    rows: list[Kept]
    next: str | None


def around(actor: Actor) -> Q:
    """Lists that hold somewhere in the actor's territory: made for it, for a part of it, or for what lies above it."""
    if actor.region is None:
        return Q() if actor.is_system else Q(pk__in=[])
    place = Q(region__in=[actor.region, *ancestors(actor.region)])
    for low, high in actor.regions:
        place |= Q(region__gte=low, region__lt=high)
    return place


def kept_lists(actor: Actor, filters: ListFilters | None = None, *, after: str = "", limit: int = PAGE) -> KeptPage:
    """By code; lists in use first come out of the same order, so that a page can be found again."""
    filters = filters or ListFilters()
    rows = Checklist.objects.filter(around(actor), code__gt=after)
    for word in words_of(filters.words):
        rows = rows.filter(Q(zh__icontains=word) | Q(en__icontains=word) | Q(code__icontains=word))
    if filters.industry:
        rows = rows.filter(industry_id=None if filters.industry == "common" else filters.industry)
    if filters.campaign == "any":
        rows = rows.exclude(campaign="")
    elif filters.campaign:
        rows = rows.filter(campaign="" if filters.campaign == "none" else filters.campaign)
    if filters.region is not None:
        rows = rows.filter(region=filters.region)
    editions = Edition.objects.exclude(state="withdrawn").annotate(item_count=Count("items")).order_by("number")
    found = list(
        rows.select_related("industry").prefetch_related(Prefetch("editions", editions)).order_by("code")[: limit + 1]
    )
    today = clock.today()
    kept = [_kept(row, list(row.editions.all()), today) for row in found[:limit]]
    return KeptPage(rows=kept, next=kept[-1].checklist.code if len(found) > limit else None)


def _kept(checklist: Checklist, editions: list[Edition], today: date) -> Kept:
    dated = [one for one in editions if one.in_force_from is not None]
    now = [one for one in dated if _holds(one, today)]
    coming = [one for one in dated if one.state == "published" and one.in_force_from and one.in_force_from > today]
    at_work = [one for one in editions if one.state in AT_WORK]
    return Kept(
        checklist=checklist,
        current=now[-1] if now else None,
        coming=coming[-1] if coming else None,
        at_work=at_work[-1] if at_work else None,
    )


def _holds(edition: Edition, day: date) -> bool:
    start, end = edition.in_force_from, edition.in_force_to
    return start is not None and start <= day and (end is None or end >= day)


def campaigns() -> list[str]:
    """Names of campaigns that have a list in use."""
    rows = Checklist.objects.filter(active=True).exclude(campaign="").values_list("campaign", flat=True)
    return sorted(set(rows))


def checklist(checklist_id: UUID) -> Checklist:
    found = Checklist.objects.select_related("industry").filter(pk=checklist_id).first()
    if found is None:
        raise NotFound
    return found


def editions_of(parent: Checklist) -> list[Edition]:
    """Newest first, with the number of their items."""
    return list(Edition.objects.filter(checklist=parent).annotate(item_count=Count("items")).order_by("-number"))


def edition(edition_id: UUID) -> Edition:
    found = Edition.objects.select_related("checklist__industry").filter(pk=edition_id).first()
    if found is None:
        raise NotFound
    return found


def item(item_id: UUID, *, held: bool = False) -> Item:
    """`held`: its edition, by which all changes of its items go one after the other."""
    if held:
        Edition.objects.select_for_update(of=("self",)).filter(items=item_id).first()
    rows = Item.objects.select_related("edition__checklist__industry", "law_clause__law", "major_clause__criteria")
    found = rows.filter(pk=item_id).first()
    if found is None:
        raise NotFound
    return found


def editions_in_force(day: date) -> list[Edition]:
    """Every edition in force somewhere on a day, of lists in use."""
    rows = Edition.objects.filter(in_force(day), checklist__active=True).select_related("checklist")
    return list(rows.prefetch_related("items"))
