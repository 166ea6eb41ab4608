"""Shared by the room's pages."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded

R = TypeVar("R")
NOBODY = UUID(int=0)
READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    return actor


def reader_of(request: HttpRequest) -> Actor:
    """Citizens and administrators have no business with enterprises."""
    actor = actor_of(request)
    if actor.role not in READERS:
        raise Forbidden
    return actor


def attempt(form: forms.Form, take: Callable[[dict[str, Any]], R]) -> R | None:
    """Take the verb with what was typed, emptied fields included; its reasons appear at the fields."""
    if not form.is_valid():
        return None
    try:
        return take(dict(form.cleaned_data))
    except Invalid as wrong:
        for name, reasons in wrong.fields.items():
            for reason in reasons:
                form.add_error(name if name in form.fields else None, str(reason))
        if not wrong.fields:
            form.add_error(None, wrong.detail)
    except Conflict as conflict:
        form.add_error(None, conflict.detail)
    return None


def form_page(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    """422 when it came back with reasons."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "form.html", {"form": form, "columns": 2, **context}, status=status)


def read_place(text: str) -> tuple[str, UUID] | None:
    """A list's cursor; one that was not made here begins at the top."""
    if not text:
        return None
    try:
        name, record = read_cursor(text, str, UUID)
    except Invalid:
        return None
    return name, record


def write_place(place: tuple[str, UUID] | None) -> str | None:
    return cursor(*place) if place else None
