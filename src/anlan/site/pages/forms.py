"""Forms of the site's pages: the verb decides what is right, its reasons appear at the fields."""

from collections.abc import Callable
from typing import Any

from django import forms

from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.forms import refuse
from anlan.kernel.refusals import Refused


def attempt(form: forms.Form, take: Callable[[dict[str, Any]], object]) -> bool:
    """Take the verb with what was typed; False when it was refused, with the reasons at the fields."""
    if not form.is_valid():
        return False
    try:
        take(form.cleaned_data)
    except (Invalid, Conflict, Refused) as problem:
        refuse(form, problem)
        return False
    return True


def day_field(**facts: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts)
