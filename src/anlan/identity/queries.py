"""What others ask of identity: who holds which post where, and what a post is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q

from anlan.identity.acting import in_office, post_label
from anlan.identity.models import Post
from anlan.kernel import clock
from anlan.kernel.codes import ancestors


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


def holders(
    role: str | Iterable[str],
    region: int,
    industry_bit: int | None = None,
    enterprise: UUID | None = None,
    *,
    nearest: bool = False,
) -> list[Post]:
    """
    Posts in office today that hold `role` and whose territory and industries take in a record there.

    With `enterprise`, the posts of that enterprise, wherever they are. Ordered from the closest territory up; `nearest`
    keeps only the closest level that has anybody. Recipients mostly lie beyond the actor's own scope: call inside
    `scope.elevated(reason)`.
    """
    roles = [role] if isinstance(role, str) else list(role)
    found = Post.objects.filter(in_office(clock.today()), role__in=roles, person__is_active=True)
    if enterprise is not None:
        found = found.filter(organisation_id=enterprise)
    else:
        found = found.filter(region__in=[region, *ancestors(region)])
        if industry_bit is not None:
            found = found.annotate(fits=F("industries").bitand(1 << industry_bit)).exclude(fits=0)
    posts = list(found.select_related("person", "organisation").order_by("-region", "valid_from", "id"))
    if enterprise is None:
        # A code ends in more zeros the higher it stands, so among ancestors the greater code is the closer one.
        return [post for post in posts if post.region == posts[0].region] if nearest else posts
    return posts


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
