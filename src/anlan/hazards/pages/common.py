"""Shared by the room's pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anlan.hazards.models import Hazard
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Forbidden, Invalid, SignInNeeded

READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})


def actor_of(request: HttpRequest) -> Actor:
    """The reader; citizens and administrators have no business with hazards."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    if actor.role not in READERS:
        raise Forbidden
    return actor


def person_of(actor: Actor) -> UUID:
    """Saved views and exports belong to a person; the platform itself has none."""
    if actor.person is None:
        raise Forbidden
    return actor.person


def url_of(hazard: Hazard | UUID) -> str:
    return reverse("hazards:record", args=[getattr(hazard, "pk", hazard)])


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """422 when the form came back with reasons: nothing was done then."""
    form = context.get("form")
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def read_place(text: str) -> tuple[datetime, UUID] | None:
    """A list's cursor; one that was not made here begins at the top."""
    if not text:
        return None
    try:
        moment, record = read_cursor(text, datetime.fromisoformat, UUID)
    except Invalid:
        return None
    return (moment, record) if moment.tzinfo else None


def write_place(place: tuple[datetime, UUID] | None) -> str | None:
    return cursor(place[0].isoformat(), place[1]) if place else None
