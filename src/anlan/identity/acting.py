"""From a stored post to the actor whose scope a transaction carries."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from anlan.identity.models import Post
from anlan.identity.roles import AUDITOR, ROLES
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree


def in_office(day: date) -> Q:
    """Posts held on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def actor_for(post: Post) -> Actor:
    """The actor a post makes: its territory as ranges, its industries as a mask, its enterprise if it has one."""
    role = ROLES[post.role]
    territory = role.scope == "territory"
    administers = role.scope == "none"
    organisation = post.organisation
    return Actor(
        person=post.person_id,
        name=post.person.name,
        post=post.pk,
        post_label=post_label(post),
        role=post.role,
        region=post.region,
        # Administrators have a territory but no industry: they see its people and posts, and no record of any industry.
        regions=(subtree(post.region),) if territory or administers else (),
        industries=post.industries if territory else 0,
        enterprises=(organisation.pk,) if role.scope == "enterprise" and organisation else (),
        organisation=organisation.pk if organisation else None,
        organisation_name=organisation.name if organisation else "",
        audits=administers or post.role == AUDITOR,
        desk=role.desk,
        fieldless=role.fieldless,
    )


def actor_in_office(post: UUID) -> Actor | None:
    """Whoever acts as a post today; None when it ended or its account was closed."""
    found = Post.objects.filter(in_office(clock.today()), pk=post, person__is_active=True)
    held = found.select_related("person", "organisation").first()
    return actor_for(held) if held else None


def post_label(post: Post) -> str:
    """How a post is named in the ledger: organisation and title, or the role's word."""
    parts = [post.organisation.name if post.organisation else "", post.title or str(ROLES[post.role].label)]
    return " ".join(part for part in parts if part)


def posts_of(person: UUID, day: date | None = None) -> list[Post]:
    """A person's posts in office, in a stable order; needs that person's own scope or more."""
    held = Post.objects.filter(in_office(day or clock.today()), person_id=person)
    return list(held.select_related("organisation", "person").order_by("valid_from", "id"))
