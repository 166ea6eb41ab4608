"""Shared by the pages: the actor, forms whose reasons come from the verbs, confirmations, lists."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from anlan.identity.paging import Page
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Invalid, SignInNeeded

R = TypeVar("R")


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    return actor


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form too; None while the form is only shown."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.Form, take: Callable[[dict[str, Any]], R]) -> R | None:
    """Take the verb with what was typed; its reasons appear at the fields. None when it was refused."""
    if not form.is_valid():
        return None
    typed = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    try:
        return take(typed)
    except Invalid as wrong:
        for field, reasons in wrong.fields.items():
            at = field if field in form.fields else None
            for reason in reasons:
                form.add_error(at, reason)
        if not wrong.fields:
            form.add_error(None, wrong.detail)
    except Conflict as conflict:
        form.add_error(None, conflict.detail)
    return None


def form_page(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    """The form's page; 422 when it came back with reasons."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "form.html", {"form": form, **context}, status=status)


def secret_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """Something that is shown this once and kept by nobody."""
    response = render(request, "identity/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def cursors(request: HttpRequest) -> dict[str, Any]:
    return {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}


def pager(page: Page[Any]) -> dict[str, Any]:
    return {"next": page.next, "previous": page.previous}
