"""What the rooms' pages share: a form's page, verbs whose reasons appear at the fields, places in a list, downloads."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.forms import InputForm, Option, Source, picker_context, refuse
from anlan.kernel.refusals import Refused

R = TypeVar("R")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 60
"""Of a form's field."""


def form_page(request: HttpRequest, form: Any, template: str = "form.html", **context: Any) -> HttpResponse:
    """422 when the form came back with reasons: nothing was done then."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)


def attempt(form: InputForm, take: Callable[[dict[str, Any]], R]) -> R | None:
    """Take the verb with what was sent; its reasons appear at the fields. None when it was refused."""
    try:
        return take(form.payload())
    except (Invalid, Refused, Conflict) as problem:
        form.refuse(problem)
        return None


def attempt_typed(form: forms.Form, take: Callable[[dict[str, Any]], R]) -> R | None:
    """The same for a form that reads its fields itself: what was typed, emptied fields included."""
    if not form.is_valid():
        return None
    try:
        return take(dict(form.cleaned_data))
    except (Invalid, Refused, Conflict) as problem:
        refuse(form, problem)
        return None


def read_place(text: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """A list's cursor; one that was not made here begins at the top."""
    if not text:
        return None
    try:
        return read_cursor(text, *kinds)
    except Invalid:
        return None


def write_place(place: tuple[Any, ...] | None) -> str | None:
    return cursor(*place) if place else None


def picker_name(request: HttpRequest, kind: str, known: Collection[str]) -> str:
    """The field whose picker asks; NotFound for a kind or a name that no form has."""
    name = request.GET.get("name", "")
    if kind not in known or not name.isidentifier() or len(name) > LONGEST_NAME:
        raise NotFound
    return name


def picked(
    request: HttpRequest, name: str, options: Sequence[Option], template: str = "kernel/pick_options.html", **facts: Any
) -> HttpResponse:
    """What a picker found for the words typed so far."""
    words = request.GET.get(f"{name}_words", "").strip()
    context = {"name": name, "options": options, "searched": bool(words), "multiple": False, **facts}
    return render(request, template, context)


def offered(request: HttpRequest, source: Source, name: str) -> HttpResponse:
    """The same for a picker whose options come from a source: what is ticked stays on top."""
    return render(request, "kernel/pick_options.html", picker_context(source, name, request.GET))


def read_version(request: HttpRequest) -> int | None:
    """The version of the record that the sender saw."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def download(stream: Any, name: str, kind: str = XLSX) -> FileResponse:
    """What one post may see is kept by no cache."""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response
