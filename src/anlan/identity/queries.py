"""What others ask of identity: who holds which post where, and what a post is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from anlan.identity.acting import in_office, post_label
from anlan.identity.models import Organisation, Person, Post, Region, SignIn
from anlan.identity.paging import SIZE, Page, page
from anlan.identity.rules import require
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.kernel.models import Entry, Refusal
from anlan.kernel.scope import within


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A post as people are told of it."""

    post: UUID
    person: UUID
    name: str
    label: str
    role: str
    phone: str

    def __str__(self) -> str:
        return f"{self.name} ({self.label})"


def names_of(post_ids: Iterable[UUID]) -> dict[UUID, Named]:
    """The name and label of each post, ended ones too, in one query. Call inside `scope.elevated(reason)` for others' posts."""
    posts = Post.objects.filter(pk__in=set(post_ids)).select_related("person", "organisation")
    return {post.pk: named(post) for post in posts}


def named(post: Post) -> Named:
    return Named(
        post=post.pk,
        person=post.person_id,
        name=post.person.name,
        label=post_label(post),
        role=post.role,
        phone=post.person.phone,
    )


def posts_held(person_ids: Iterable[UUID]) -> list[Post]:
    """All posts in office today of some people: one query."""
    held = Post.objects.filter(in_office(clock.today()), Q(person_id__in=set(person_ids)))
    return list(held.select_related("person", "organisation").order_by("valid_from", "id"))


@dataclass(frozen=True, kw_only=True)
class PeopleFilter:
    """`state`: "", "open" or "closed"."""

    q: str = ""
    role: str = ""
    region: int | None = None
    organisation: UUID | None = None
    state: str = ""


def people(actor: Actor, filters: PeopleFilter, *, after: str = "", before: str = "", size: int = SIZE) -> Page[Person]:
    """Accounts kept in the actor's territory or holding a post there, by name; each with `posts_now` in one more query."""
    require(actor, "read_people")
    held = Post.objects.filter(person_id=OuterRef("pk"))
    kept = Q(region__isnull=False) & within(actor, region="region", industry=None)
    rows = Person.objects.filter(kept | Exists(held))
    if filters.q:
        words = filters.q.strip()
        rows = rows.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(phone=words))
    wanted = Q()
    if filters.role:
        wanted &= Q(role=filters.role)
    if filters.region:
        low, high = subtree(filters.region)
        wanted &= Q(region__gte=low, region__lt=high)
    if filters.organisation:
        wanted &= Q(organisation_id=filters.organisation)
    if wanted:
        rows = rows.filter(Exists(held.filter(in_office(clock.today()), wanted)))
    if filters.state in ("open", "closed"):
        rows = rows.filter(is_active=filters.state == "open")
    found = page(rows, ("name", "id"), after=after, before=before, size=size)
    posts: dict[UUID, list[Post]] = {}
    for post in posts_held(person.pk for person in found.rows):
        posts.setdefault(post.person_id, []).append(post)
    for person in found.rows:
        person.posts_now = posts.get(person.pk, [])  # type: ignore[attr-defined]
    return found


def person(actor: Actor, person_id: UUID) -> Person:
    """One account the actor may read, or NotFound."""
    require(actor, "read_people")
    found = Person.objects.filter(pk=person_id).first()
    if found is None or not (
        (found.region is not None and actor.covers(found.region)) or Post.objects.filter(person=found).exists()
    ):
        raise NotFound
    return found


def posts_ever(person_id: UUID) -> list[Post]:
    """All posts the reader may see of a person, the newest first."""
    found = Post.objects.filter(person_id=person_id).select_related("organisation", "person")
    return list(found.order_by("-valid_from", "-id"))


def organisations(
    actor: Actor, *, q: str = "", kind: str = "", region: int | None = None, after: str = "", before: str = ""
) -> Page[Organisation]:
    """By name. Enterprises, of which there may be a hundred thousand, come only when their kind is asked for."""
    require(actor, "read_organisations")
    rows = Organisation.objects.filter(within(actor, industry=None)).select_related("parent")
    if q:
        rows = rows.filter(name__icontains=q.strip())
    rows = rows.filter(kind=kind) if kind else rows.exclude(kind="enterprise")
    if region:
        low, high = subtree(region)
        rows = rows.filter(region__gte=low, region__lt=high)
    return page(rows, ("name", "id"), after=after, before=before)


def find_organisations(words: str, *, limit: int = 20) -> list[Organisation]:
    """Active organisations in sight whose name holds the words, for a picker."""
    rows = Organisation.objects.filter(active=True, name__icontains=words.strip()[:60])
    return list(rows.order_by("name")[:limit])


def sign_ins(
    actor: Actor, *, outcome: str = "", person: UUID | None = None, after: str = "", before: str = ""
) -> Page[SignIn]:
    """The sign-in history of the territory, with the failures of nobody's account when the reader has the whole city."""
    require(actor, "read_sign_ins")
    rows = SignIn.objects.all()
    if outcome:
        rows = rows.filter(outcome=outcome)
    if person:
        rows = rows.filter(person_id=person)
    return page(rows, ("at", "id"), newest=True, after=after, before=before)


def refusals(
    actor: Actor, *, status: int | None = None, person: UUID | None = None, after: str = "", before: str = ""
) -> Page[Refusal]:
    require(actor, "read_refusals")
    rows = Refusal.objects.all()
    if status:
        rows = rows.filter(status=status)
    if person:
        rows = rows.filter(person_id=person)
    return page(rows, ("at", "id"), newest=True, after=after, before=before)


RIGHTS = ("person", "post", "organisation", "regions", "setting")


def rights_changes(actor: Actor, *, after: str = "", before: str = "") -> Page[Entry]:
    """Ledger entries of accounts, posts, organisations and settings, the newest first."""
    require(actor, "read_rights")
    rows = Entry.objects.filter(subject_type__in=RIGHTS)
    return page(rows, ("at", "id"), newest=True, after=after, before=before)


def region_names(codes: Iterable[int | None]) -> dict[int, str]:
    wanted = {code for code in codes if code}
    return dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))


def region_choices(actor: Actor, *, depth: str = "township") -> list[tuple[int, str]]:
    """The regions of a territory down to a level, in code order, indented by level."""
    levels = LEVELS[: LEVELS.index(depth) + 1]
    rows = Region.objects.filter(within(actor, region="code", industry=None), level__in=levels).order_by("code")
    found = list(rows.values_list("code", "name", "level")[:5000])
    top = min((LEVELS.index(level) for _code, _name, level in found), default=0)
    return [(code, "\u3000" * (LEVELS.index(level) - top) + name) for code, name, level in found]


LEVELS = ("province", "city", "county", "township", "village")
