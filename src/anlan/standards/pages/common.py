"""Shared by the pages of checklists, laws and coverage."""

from django.http import HttpRequest

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.standards.models import Edition
from anlan.standards.states import AT_WORK


def official_of(request: HttpRequest) -> Actor:
    return reader_of(request, among=roles.OFFICIALS)


def seen(actor: Actor, edition: Edition) -> Edition:
    """Enterprises see what is or was in force; a draft is the officials' own."""
    never_held = edition.in_force_from is None and (edition.state in AT_WORK or edition.state == "withdrawn")
    if never_held and actor.role not in roles.OFFICIALS:
        raise NotFound
    return edition
