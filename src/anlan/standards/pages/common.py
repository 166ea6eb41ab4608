"""Shared by the pages of checklists, laws and coverage."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound, SignInNeeded
from anlan.standards.models import Edition
from anlan.standards.states import AT_WORK

READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def actor_of(request: HttpRequest) -> Actor:
    """What may be asked on a visit is open to officials and enterprises; citizens have no business with it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    if actor.role not in READERS:
        raise Forbidden
    return actor


def official_of(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor.role not in roles.OFFICIALS:
        raise Forbidden
    return actor


def seen(actor: Actor, edition: Edition) -> Edition:
    """Enterprises see what is or was in force; a draft is the officials' own."""
    never_held = edition.in_force_from is None and (edition.state in AT_WORK or edition.state == "withdrawn")
    if never_held and actor.role not in roles.OFFICIALS:
        raise NotFound
    return edition


def form_page(request: HttpRequest, form: Any, template: str = "form.html", **context: Any) -> HttpResponse:
    """422 when it came back with reasons."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def download(stream: Any, name: str) -> FileResponse:
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)
