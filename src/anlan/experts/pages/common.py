"""Shared by the room's pages."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.experts.rules import READERS
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from anlan.kernel.forms import InputForm

R = TypeVar("R")


def reader_of(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    if actor.role not in READERS:
        raise Forbidden
    return actor


def attempt(form: InputForm, take: Callable[[dict[str, Any]], R]) -> R | None:
    """Take the verb with what was sent; its reasons appear at the fields."""
    try:
        return take(form.payload())
    except (Invalid, Conflict) as problem:
        form.refuse(problem)
    return None


def form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    """422 when it came back with reasons."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "form.html", {"form": form, "columns": 2, **context}, status=status)
