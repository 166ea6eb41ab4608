"""What people do with their own account."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity import factors, tokens
from anlan.identity.actions.common import note_person
from anlan.identity.models import ApiToken, Person, Post
from anlan.identity.needs import NewToken
from anlan.identity.rules import require
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.kernel.wording import parsed

MOST_TOKENS = 20


def confirm_second_factor(*, person: UUID, code: str) -> bool:
    """
    Whether `code` is the person's present second factor: an authenticator app's code or an unused recovery code.

    The account's password never counts, and a code counts once. Raises TooManyTries (429) after five wrong ones.
    """
    return factors.accept_code(person, code) is not None


def issue_token(*, actor: Actor, data: NewToken | dict[str, Any]) -> tuple[ApiToken, str]:
    """A token of the post the actor acts as; the secret is returned once and stored as a hash."""
    require(actor, "issue_token")
    facts = parsed(NewToken, data)
    if actor.person is None or actor.post is None:
        raise Forbidden
    post = Post.objects.select_related("person").get(pk=actor.post, person_id=actor.person)
    if ApiToken.objects.filter(person_id=actor.person, revoked_at=None).count() >= MOST_TOKENS:
        raise Conflict(_("You have twenty tokens. Revoke one you no longer use."), code="identity.too_many_tokens")
    secret = tokens.issue_token(post=post, name=facts.name, expires_at=clock.now() + timedelta(days=facts.days))
    made = ApiToken.objects.get(digest=tokens.digest(secret))
    note_person(
        actor, post.person, "issue_token", token=made.pk, token_name=made.name, post=post.pk, until=made.expires_at
    )
    return made, secret


def revoke_token(*, actor: Actor, token: UUID) -> ApiToken:
    """Revoke one of one's own tokens."""
    require(actor, "revoke_token")
    if actor.person is None:
        raise Forbidden
    found = ApiToken.objects.select_for_update(of=("self",)).filter(pk=token, person_id=actor.person).first()
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        found.save(update_fields=["revoked_at"])
        note_person(actor, Person.objects.get(pk=actor.person), "revoke_token", token=found.pk, token_name=found.name)
    return found
