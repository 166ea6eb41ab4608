"""Forms of the site's pages: the verb decides what is right, its reasons appear at the fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.refusals import Refused


def attempt(form: forms.Form, take: Callable[[dict[str, Any]], object]) -> bool:
    """Take the verb with what was typed; False when it was refused, with the reasons at the fields."""
    if not form.is_valid():
        return False
    try:
        take(form.cleaned_data)
    except Invalid as wrong:
        for field, reasons in wrong.fields.items():
            for reason in reasons:
                form.add_error(field if field in form.fields else None, str(reason))
        if not wrong.fields:
            form.add_error(None, wrong.detail)
    except (Conflict, Refused) as conflict:
        form.add_error(None, conflict.detail)
    else:
        return True
    return False


def form_page(request: HttpRequest, form: forms.Form, *, template: str = "form.html", **context: Any) -> HttpResponse:
    """422 when the form came back with reasons: nothing was done then."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def day_field(**facts: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts)
