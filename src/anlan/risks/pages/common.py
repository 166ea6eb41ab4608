"""Shared by the room's pages."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.forms import InputForm
from anlan.kernel.refusals import Refused
from anlan.registry.pages.common import reader_of
from anlan.risks import rules
from anlan.risks.models import RiskPoint

R = TypeVar("R")

__all__ = ["attempt", "form_page", "keeper_of", "read_place", "reader_of", "url_of", "write_place"]


def keeper_of(request: HttpRequest, point: RiskPoint) -> Actor:
    """The reader, when their post keeps this point."""
    actor = reader_of(request)
    if not rules.keeps(actor, point):
        raise Forbidden
    return actor


def url_of(point: RiskPoint | UUID) -> str:
    return reverse("risks:point", args=[getattr(point, "pk", point)])


def attempt(form: InputForm, take: Callable[[], R]) -> R | None:
    """Take the verb; its reasons appear at the fields."""
    try:
        return take()
    except (Invalid, Refused, Conflict) as wrong:
        form.refuse(wrong)
        return None


def form_page(request: HttpRequest, form: Any, template: str = "form.html", **context: Any) -> HttpResponse:
    """422 when it came back with reasons."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read_place(text: str) -> tuple[date | None, UUID] | None:
    """A list's cursor; one that was not made here begins at the top."""
    if not text:
        return None
    try:
        day, record = read_cursor(text, _day, UUID)
    except Invalid:
        return None
    return day, record


def write_place(place: tuple[date | None, UUID] | None) -> str | None:
    return cursor(place[0] or "", place[1]) if place else None
