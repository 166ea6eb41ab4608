"""Posts: given and ended by the security administrator, never to or by oneself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.identity.acting import post_label
from anlan.identity.actions.common import kept_account, note_person
from anlan.identity.checks import NotYourself, SeparatedPowers, hold
from anlan.identity.events import PostEnded, PostGiven
from anlan.identity.models import Organisation, Person, Post, Region
from anlan.identity.needs import NewPost, PostEnd
from anlan.identity.roles import ENTERPRISE_POSTS
from anlan.identity.rules import require
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.errors import Conflict, Invalid, NotFound, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.numbering import county_of
from anlan.kernel.wording import parsed


def give_post(*, actor: Actor, person: UUID, data: NewPost | dict[str, Any]) -> Post:
    """Put a person into office."""
    require(actor, "give_post")
    facts = parsed(NewPost, data)
    account = kept_account(actor, person, "give_post")
    first = facts.valid_from or clock.today()
    organisation = _organisation(facts)
    if wrong := _wrong_fields(actor, facts, first, organisation):
        raise Invalid(fields=wrong)
    with scope.elevated("all posts of a person count, also those beyond the administrator's territory"):
        to_come = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
        held = list(Post.objects.filter(to_come, person=account))
    hold(SeparatedPowers(), {post.role for post in held}, actor, facts.role)
    same = (facts.role, facts.region, facts.organisation)
    if any((post.role, post.region, post.organisation_id) == same for post in held):
        raise Conflict(_("This person already holds this post."), code="identity.post_twice")
    post = Post.objects.create(
        id=new_id(),
        person=account,
        role=facts.role,
        title=facts.title,
        region=facts.region,
        industries=facts.industries,
        organisation=organisation,
        valid_from=first,
        valid_to=facts.valid_to,
        created_at=clock.now(),
    )
    _note(actor, post, "give_post", industries=post.industries, valid_from=first, valid_to=facts.valid_to)
    PostGiven(post=post.pk, person=account.pk).emit()
    return post


def end_post(*, actor: Actor, post: UUID, data: PostEnd | dict[str, Any] | None = None) -> Post:
    """End a post, at once or after a last day; the person stops seeing what it showed with the next request."""
    require(actor, "end_post")
    facts = parsed(PostEnd, data or {})
    found = (
        Post.objects.select_for_update(of=("self",)).select_related("person", "organisation").filter(pk=post).first()
    )
    if found is None or not actor.covers(found.region):
        raise NotFound
    hold(NotYourself(), found.person, actor)
    last = facts.last_day or clock.today() - timedelta(days=1)
    if facts.last_day and facts.last_day < clock.today():
        raise Invalid(fields={"last_day": [_("A past that was acted in cannot be taken back; choose today or later.")]})
    if found.valid_to is not None and found.valid_to < clock.today():
        raise WrongState(_("This post has already ended."), code="identity.post_ended")
    before, found.valid_to = found.valid_to, last
    found.save(update_fields=["valid_to"])
    _note(actor, found, "end_post", changes={"valid_to": [before, last]}, reason=facts.reason)
    PostEnded(post=found.pk, person=found.person_id).emit()
    return found


def follow_enterprise(*, actor: Actor, enterprise: UUID, region: int) -> None:
    """
    An enterprise moved: the posts its people hold or will hold there go along, and the account of whoever holds no other
    post, when it was kept where the new place cannot be reached from. Ended posts stay as they were.

    The registry's own verb calls it, elevated; that the mover may move the enterprise was checked there.
    """
    to_come = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
    posts = Post.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    for post in posts.filter(to_come, organisation=enterprise).exclude(region=region).order_by("id"):
        before, post.region = post.region, region
        post.save(update_fields=["region"])
        _note(actor, post, "follow_enterprise", changes={"region": [before, region]})
    elsewhere = Post.objects.filter(to_come).exclude(organisation=enterprise).values("person_id")
    people = Person.objects.select_for_update(of=("self",)).filter(
        pk__in=Post.objects.filter(to_come, organisation=enterprise).values("person_id")
    )
    for person in people.exclude(pk__in=elsewhere).order_by("id"):
        if person.region is None or region == person.region or person.region in ancestors(region):
            continue
        before, person.region = person.region, county_of(region)
        person.save(update_fields=["region"])
        note_person(actor, person, "follow_enterprise", changes={"region": [before, person.region]})


def _organisation(facts: NewPost) -> Organisation | None:
    if facts.organisation is None:
        return None
    found = Organisation.objects.filter(pk=facts.organisation, active=True).first()
    if found is None:
        raise Invalid(fields={"organisation": [_("There is no such organisation in your territory.")]})
    return found


def _wrong_fields(actor: Actor, facts: NewPost, first: Any, organisation: Organisation | None) -> dict[str, list[Any]]:
    wrong: dict[str, list[Any]] = {}
    if not actor.covers(facts.region):
        wrong["region"] = [_("This place is outside your territory.")]
    elif not Region.objects.filter(code=facts.region).exists():
        wrong["region"] = [_("There is no region with this code.")]
    if facts.valid_to and facts.valid_to < first:
        wrong["valid_to"] = [_("The last day lies before the first.")]
    needs_enterprise = facts.role in ENTERPRISE_POSTS
    if needs_enterprise and organisation is None:
        wrong["organisation"] = [_("Choose the enterprise this person answers for.")]
    elif organisation and (organisation.kind == "enterprise") != needs_enterprise:
        wrong["organisation"] = [_("This organisation does not fit this post.")]
    if facts.industries == 0 and facts.role not in ENTERPRISE_POSTS:
        wrong["industries"] = [_("Choose at least one supervision field.")]
    return wrong


def _note(actor: Actor, post: Post, step: str, *, changes: dict[str, Any] | None = None, **data: Any) -> None:
    write_note(
        actor=actor,
        subject_type="post",
        subject_id=post.pk,
        step=step,
        changes=changes,
        data={"person": post.person_id, "name": post.person.name, "role": post.role, "label": post_label(post), **data},
        region=post.region,
    )
