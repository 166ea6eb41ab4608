"""Shared by the room's pages."""

from uuid import UUID

from django.urls import reverse

from anlan.hazards.models import Hazard
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden


def person_of(actor: Actor) -> UUID:
    """Saved views and exports belong to a person; the platform itself has none."""
    if actor.person is None:
        raise Forbidden
    return actor.person


def url_of(hazard: Hazard | UUID) -> str:
    return reverse("hazards:record", args=[getattr(hazard, "pk", hazard)])
