"""Shared by the room's pages."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.chain import rules
from anlan.chain.forms import ChainForm
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded

R = TypeVar("R")


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    return actor


def reader_of(request: HttpRequest) -> Actor:
    """The chain is for officials; enterprises see who answers for their hazards."""
    actor = actor_of(request)
    if not rules.reads_chain(actor):
        raise Forbidden
    return actor


def keeper_of(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not rules.keeps_chain(actor):
        raise Forbidden
    return actor


def attempt(form: ChainForm, take: Callable[[dict[str, Any]], R]) -> R | None:
    """Take the verb with what was typed; its reasons appear at the fields."""
    try:
        return take(form.payload())
    except (Invalid, Conflict) as problem:
        form.refuse(problem)
    return None


def form_page(request: HttpRequest, form: ChainForm, **context: Any) -> HttpResponse:
    """422 when it came back with reasons."""
    refused = request.method == "POST"
    return render(request, "form.html", {"form": form, **context}, status=422 if refused else 200)


def region_in(request: HttpRequest, actor: Actor) -> int | None:
    """The place of the address, when the post covers it; otherwise its own."""
    text = request.GET.get("region", "")
    code = int(text) if text.isascii() and text.isdigit() and len(text) == 12 else None
    return code if code is not None and actor.covers(code) else None
