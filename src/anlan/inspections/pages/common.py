"""Shared by the room's pages of visits."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anlan.identity import roles
from anlan.inspections.models import Visit
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Forbidden, Invalid, SignInNeeded

READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})


def actor_of(request: HttpRequest) -> Actor:
    """The reader; citizens and administrators have no business with visits."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    if actor.role not in READERS:
        raise Forbidden
    return actor


def url_of(visit: Visit | UUID) -> str:
    return reverse("inspections:visit", args=[getattr(visit, "pk", visit)])


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """422 when the form came back with reasons: nothing was done then."""
    form = context.get("form")
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def read_place(text: str) -> tuple[date, UUID] | None:
    """A list's cursor; one that was not made here begins at the top."""
    if not text:
        return None
    try:
        day, record = read_cursor(text, date.fromisoformat, UUID)
    except Invalid:
        return None
    return day, record


def write_place(place: tuple[date, UUID] | None) -> str | None:
    return cursor(place[0].isoformat(), place[1]) if place else None
