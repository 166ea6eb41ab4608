"""Who may go on a visit: posts in office, certificates that hold on the day, nobody who must keep away."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.experts.models import Avoidance, Certificate
from anlan.experts.queries import employed
from anlan.identity import roles
from anlan.identity.acting import actor_for, in_office
from anlan.identity.models import Post
from anlan.inspections import needs, rulings
from anlan.inspections.models import Member, Visit
from anlan.inspections.numbers import county_of
from anlan.inspections.rules import CERTIFIED, GOERS
from anlan.kernel import scope
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.phrases import listed


def holding(people: Iterable[UUID], *, industry_bit: int, day: date) -> dict[UUID, str]:
    """Person → number of a certificate that holds in a field on a day."""
    ends = Q(valid_to=None) | Q(valid_to__gte=day)
    with scope.elevated("a certificate may have been issued in another region"):
        rows = Certificate.objects.filter(ends, person_id__in=list(people), valid_from__lte=day).order_by("number")
        return {row.person_id: row.number for row in rows if (row.industries >> industry_bit) & 1}


def avoiding(people: Iterable[UUID], enterprise: UUID, day: date) -> dict[UUID, str]:
    """Person → why they must keep away from an enterprise on a day: a declared avoidance, or a post of their own there."""
    wanted = list(people)
    ends = Q(until=None) | Q(until__gte=day)
    with scope.elevated("somebody of another region may have to keep away too"):
        rows = Avoidance.objects.filter(ends, person_id__in=wanted, enterprise_id=enterprise, since__lte=day)
        found = {row.person_id: f"{row.get_kind_display()} {row.reason}".strip() for row in rows}
        return {person: str(_("holds a post in it")) for person, _firm in employed(wanted, [enterprise], day)} | found


def posts_in_office(ids: Sequence[UUID], day: date) -> dict[UUID, Post]:
    with scope.elevated("those who come along may belong to a higher territory or to another region"):
        found = Post.objects.filter(in_office(day), pk__in=ids, person__is_active=True)
        return {post.pk: post for post in found.select_related("person", "organisation")}


def members_for(visit: Visit, data: needs.Assign) -> list[Member]:
    """The members of an assignment, unsaved; Invalid with the reason at the field that named them."""
    wrong: dict[str, list[Any]] = {}
    posts = posts_in_office(data.posts, visit.planned_on)
    people = [post.person_id for post in posts.values()]
    held = holding(people, industry_bit=visit.industry_bit, day=visit.planned_on)
    avoid = avoiding(people, visit.enterprise_id, visit.planned_on)
    made: list[Member] = []
    seen: set[UUID] = set()
    named = {"leader": [data.leader], "officers": data.officers, "experts": data.experts, "observers": data.observers}
    for field, ids in named.items():
        for id_ in dict.fromkeys(ids):
            post = posts.get(id_)
            if post is None or not _may_go(post, visit):
                wrong.setdefault(field, []).append(
                    _("Choose posts in office on that day, of this territory and field.")
                )
                continue
            if post.person_id in seen:
                wrong.setdefault(field, []).append(_("%(name)s is named twice.") % {"name": post.person.name})
                continue
            if why := avoid.get(post.person_id):
                wrong.setdefault(field, []).append(
                    _("%(name)s must keep away from this enterprise: %(why)s.") % {"name": post.person.name, "why": why}
                )
            if reason := _unfit(field, post):
                wrong.setdefault(field, []).append(reason)
            seen.add(post.person_id)
            made.append(_member(visit, post, field, held))
    _law_of_the_kind(visit, made, posts, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    return made


def _may_go(post: Post, visit: Visit) -> bool:
    """In their own territory and field; across regions whoever holds a post of the kind, by the visit's formal basis."""
    return post.role in GOERS and (
        visit.style == "cross_region" or actor_for(post).covers(visit.region, visit.industry_bit)
    )


def _unfit(field: str, post: Post) -> Any:
    if field == "officers" and post.role == roles.EXPERT:
        return _("%(name)s is an expert: name them among the experts.") % {"name": post.person.name}
    if field == "experts" and post.role != roles.EXPERT:
        return _("%(name)s holds no expert's post.") % {"name": post.person.name}
    return None


def _member(visit: Visit, post: Post, field: str, held: dict[UUID, str]) -> Member:
    role = {"leader": "leader", "officers": "officer", "experts": "expert", "observers": "observer"}[field]
    return Member(
        id=new_id(),
        visit=visit,
        role=role,
        person_id=post.person_id,
        post_id=post.pk,
        name=post.person.name,
        organisation_name=(post.organisation.name if post.organisation else "")[:120],
        certificate=held.get(post.person_id, "") if role != "observer" and post.role in CERTIFIED else "",
    )


def _law_of_the_kind(
    visit: Visit, made: Sequence[Member], posts: dict[UUID, Post], wrong: dict[str, list[Any]]
) -> None:
    leader = next((one for one in made if one.role == "leader"), None)
    leading = posts[leader.post_id].role if leader and leader.post_id else ""
    if visit.kind == "administrative":
        if leader and leading not in CERTIFIED:
            wrong.setdefault("leader", []).append(_("An administrative inspection is led by an officer."))
        needed = value(rulings.OFFICERS.key, visit.region)
        certified = [one for one in made if one.certificate and one.role in ("leader", "officer")]
        if len(certified) < needed:
            without = [one.name for one in made if one.role in ("leader", "officer") and not one.certificate]
            wrong.setdefault("officers", []).append(lacking(needed, without))
    elif visit.kind == "expert_help":
        if leader and leading != roles.EXPERT:
            wrong.setdefault("leader", []).append(_("Expert help is led by an expert."))
        if not any(posts[one.post_id].role == roles.GROUP_LEADER for one in made if one.post_id in posts):
            wrong.setdefault("officers", []).append(_("An inspection group's leader goes along with the experts."))
    elif leader and leading == roles.EXPERT:
        wrong.setdefault("leader", []).append(_("A supervision is led by an official, not by an expert."))
    if visit.style == "cross_region" and leader and leader.post_id:
        post = posts[leader.post_id]
        if post.region >= visit.county and county_of(post.region) == visit.county:
            wrong.setdefault("leader", []).append(_("A cross-region visit is led by somebody from elsewhere."))


def lacking(needed: int, without: Sequence[str]) -> Any:
    """How many certified officers are missing, and who holds no certificate."""
    if without:
        return _(
            "%(needed)s officers with a certificate that holds on that day are needed; none is held by %(names)s."
        ) % {
            "needed": needed,
            "names": listed(without),
        }
    return _("%(needed)s officers with a certificate that holds on that day are needed.") % {"needed": needed}
