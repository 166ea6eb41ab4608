"""Who asks: the actor of a request, for pages and operations alike."""

from collections.abc import Collection

from django.http import HttpRequest

from anlan.identity.roles import READERS
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, SignInNeeded


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    return actor


def reader_of(request: HttpRequest, among: Collection[str] = READERS) -> Actor:
    """The actor, when their role has business with what is asked for."""
    actor = actor_of(request)
    if actor.role not in among:
        raise Forbidden
    return actor
