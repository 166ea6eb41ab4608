"""Readers of the pool: lists for pages, and what inspections ask on a day."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from anlan.experts.models import Absence, Avoidance, Certificate, Expert, ExpertGroup
from anlan.identity.acting import in_office
from anlan.identity.models import Person, Post
from anlan.identity.paging import Page, page
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.kernel.scope import within


def in_force(day: date, first: str = "since", last: str = "until") -> Q:
    return Q(**{f"{first}__lte": day}) & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": day}))


def experts(
    actor: Actor, *, q: str = "", level: str = "", region: int | None = None, industry: int | None = None,
    specialty: str = "", free_on: date | None = None, after: str = "", before: str = "",
) -> Page[Expert]:  # fmt: skip
    """Of the territory, by name; `free_on` leaves out those who are absent that day or no longer in the pool."""
    rows = Expert.objects.filter(within(actor, industry=None) | Q(person_id=actor.person or UUID(int=0)))
    if q:
        rows = rows.filter(Q(name__contains=q) | Q(employer__contains=q) | Q(title__contains=q))
    if level:
        rows = rows.filter(level=level)
    if region:
        low, high = subtree(region)
        rows = rows.filter(region__gte=low, region__lt=high)
    if industry is not None:
        rows = rows.annotate(fits=F("industries").bitand(1 << industry)).exclude(fits=0)
    if specialty:
        rows = rows.filter(specialties__contains=[specialty])
    if free_on:
        rows = free(rows, free_on)
    return page(rows.prefetch_related("groups"), ["name", "id"], after=after, before=before)


def free(rows: QuerySet[Expert], day: date) -> QuerySet[Expert]:
    away = Absence.objects.filter(expert=OuterRef("pk"), first__lte=day, last__gte=day)
    return rows.filter(in_force(day)).exclude(Exists(away))


def expert(expert_id: UUID, *, held: bool = False) -> Expert:
    """`held` until the transaction ends, for whoever changes a part of it and keeps the rest."""
    rows = Expert.objects.select_for_update(of=("self",)) if held else Expert.objects.all()
    found = rows.prefetch_related("groups", "absences").filter(pk=expert_id).first()
    if found is None:
        raise NotFound
    return found


def groups(actor: Actor) -> list[ExpertGroup]:
    rows = ExpertGroup.objects.filter(within(actor, industry=None)).select_related("leader")
    return list(rows.prefetch_related("members").order_by("-active", "name")[:500])


def group(group_id: UUID, *, held: bool = False) -> ExpertGroup:
    """`held` as an expert is."""
    rows = ExpertGroup.objects.select_for_update(of=("self",)) if held else ExpertGroup.objects.all()
    found = rows.prefetch_related("members").filter(pk=group_id).first()
    if found is None:
        raise NotFound
    return found


def certificates(actor: Actor, *, q: str = "", after: str = "", before: str = "") -> Page[Certificate]:
    rows = Certificate.objects.filter(within(actor, industry=None))
    if q:
        people = Person.objects.filter(name__contains=q).values_list("pk", flat=True)[:500]
        rows = rows.filter(Q(number__contains=q) | Q(person_id__in=list(people)))
    return page(rows, ["number", "id"], after=after, before=before)


def avoidances(actor: Actor, *, after: str = "", before: str = "") -> Page[Avoidance]:
    own = Q(person_id=actor.person or UUID(int=0))
    rows = Avoidance.objects.filter(within(actor, industry=None) | own).select_related("enterprise")
    return page(rows, ["since", "id"], newest=True, after=after, before=before)


def names(people: Collection[UUID | None]) -> dict[UUID, str]:
    return dict(Person.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))


def certified(people: Collection[UUID], day: date, industry_bit: int) -> dict[UUID, str]:
    """Of these people, those whose certificate holds on the day for the field → its number. Call it elevated when they lie beyond the actor."""
    rows = Certificate.objects.filter(in_force(day, "valid_from", "valid_to"), person_id__in=people)
    fitting = [row for row in rows.order_by("valid_from") if (row.industries >> industry_bit) & 1]
    return {row.person_id: row.number for row in fitting}


def avoided(people: Collection[UUID], enterprises: Collection[UUID], day: date) -> dict[tuple[UUID, UUID], str]:
    """(person, enterprise) → why they must not meet that day: a declared avoidance's kind, or a post held there. Call it elevated."""
    rows = Avoidance.objects.filter(in_force(day), person_id__in=people, enterprise_id__in=enterprises)
    return employed(people, enterprises, day) | {(row.person_id, row.enterprise_id): row.kind for row in rows}


OWN_POST = "own_post"
"""Somebody's own post in an enterprise keeps them away as a declared avoidance does, whether or not they declared it."""


def employed(people: Collection[UUID], enterprises: Collection[UUID], day: date) -> dict[tuple[UUID, UUID], str]:
    """(person, enterprise) of posts in office that day."""
    held = Post.objects.filter(in_office(day), person_id__in=people, organisation_id__in=enterprises)
    return {
        (person, firm): OWN_POST
        for person, firm in held.values_list("person_id", "organisation_id")
        if firm is not None
    }


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How what an expert found held up: counted by the room that knows the hazards."""

    found: int = 0
    dismissed: int = 0
    major: int = 0
    closed: int = 0

    @property
    def held_share(self) -> int | None:
        """Of what was decided, the percentage that was recognised."""
        return round(100 * (self.found - self.dismissed) / self.found) if self.found else None


_standing: list[Callable[[Collection[UUID]], dict[UUID, Standing]]] = []


def standing_by(count: Callable[[Collection[UUID]], dict[UUID, Standing]]) -> None:
    """A downstream room says how to count what people found; call it from `AppConfig.ready`."""
    _standing.append(count)


def standings(people: Collection[UUID | None]) -> dict[UUID, Standing]:
    asked = {one for one in people if one}
    return _standing[0](asked) if _standing and asked else {}


def in_pool(row: Expert, day: date | None = None) -> bool:
    today = day or clock.today()
    return row.since <= today and (row.until is None or row.until >= today)


def expert_of_absence(absence_id: UUID) -> UUID:
    found = Absence.objects.filter(pk=absence_id).values_list("expert_id", flat=True).first()
    if found is None:
        raise NotFound
    return found
