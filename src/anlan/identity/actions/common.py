"""Shared by the verbs: finding the account an administrator keeps, one-time passwords, notes."""

import secrets
import string
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from anlan.identity.acting import in_office
from anlan.identity.checks import NotYourself, hold
from anlan.identity.models import Person, Post
from anlan.identity.rules import require
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.ledger.write import write_note

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike on paper
ONE_TIME_LENGTH = 14


def kept_account(actor: Actor, person: UUID, verb: str) -> Person:
    """
    The account, locked, if this administrator keeps it: its home and all its posts lie in the administrator's territory.

    Raises Forbidden, NotFound, or Conflict when it is the administrator's own.
    """
    require(actor, verb)
    with scope.elevated("all posts of a person count, also those beyond the administrator's territory"):
        found = Person.objects.select_for_update().filter(pk=person).first()
        regions = set(Post.objects.filter(in_office(clock.today()), person_id=person).values_list("region", flat=True))
    if found is not None and found.region is not None:
        regions.add(found.region)
    if found is None or not regions or not all(actor.covers(region) for region in regions):
        raise NotFound
    hold(NotYourself(), found, actor)
    return found


def one_time_password() -> str:
    """Random, typeable from paper, and good enough for the rules it must pass."""
    while True:
        word = "".join(secrets.choice(_SIGNS) for _ in range(ONE_TIME_LENGTH))
        try:
            validate_password(word)
        except ValidationError:
            continue
        if not word.startswith(tuple(string.digits)):
            return word


def note_person(actor: Actor, person: Person, step: str, *, changes: dict[str, Any] | None = None, **data: Any) -> None:
    """The ledger's entry of an act on an account. Secrets never come here."""
    write_note(
        actor=actor,
        subject_type="person",
        subject_id=person.pk,
        step=step,
        changes=changes,
        data={"name": person.name, "username": person.username, **data},
        region=person.region or actor.region,
    )
