"""The second officer: another certified person of the same territory, or who visits there from elsewhere, named by their post."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.hazards.models import Hazard
from anlan.hazards.rules import is_inspector, is_regulator
from anlan.identity.acting import actor_for, in_office, post_label
from anlan.identity.models import Post
from anlan.inspections.models import Member
from anlan.kernel import clock, scope
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking


def visitors(hazard: Hazard, posts: Iterable[UUID]) -> set[UUID]:
    """
    Of these posts, those that are on a cross-region visit to the hazard's enterprise now, with a certificate: on its formal
    basis they order there as those at home do. Call it elevated.
    """
    if hazard.enterprise_id is None:
        return set()
    rows = Member.objects.filter(
        post_id__in=list(posts),
        visit__enterprise_id=hazard.enterprise_id,
        visit__kind="administrative",
        visit__style="cross_region",
        visit__state__in=("under_way", "recorded"),
        role__in=("leader", "officer"),
    )
    found = rows.exclude(certificate="").values_list("post_id", flat=True)
    return {post for post in found if post is not None}


def second_officers(taking: Taking, posts: Sequence[UUID]) -> list[dict[str, Any]]:
    """Check that each named post is in office here, is not the actor and did not rectify; returns who they are."""
    hazard = taking.record
    with scope.elevated("a second officer may belong to a higher territory"):
        found = list(
            Post.objects.filter(in_office(clock.today()), pk__in=posts).select_related("person", "organisation")
        )
        visiting = visitors(hazard, posts)
    people: list[dict[str, Any]] = []
    for post in found:
        officer = actor_for(post)
        serves = post.pk in visiting or is_inspector(officer, hazard) or is_regulator(officer, hazard)
        if not serves or officer.person == taking.actor.person or str(officer.person) in hazard.rectifier_ids:
            continue
        people.append(
            {"person": str(officer.person), "post": str(post.pk), "name": officer.name, "label": post_label(post)}
        )
    if len({one["person"] for one in people}) != len(set(posts)):
        raise Invalid(
            fields={
                "officers": [
                    _("The second officer must be another inspector or regulator in office here who did not rectify.")
                ]
            }
        )
    return people
