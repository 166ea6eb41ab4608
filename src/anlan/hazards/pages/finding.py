"""A new finding, made for a phone: photos first, then where, then what."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.hazards import actions
from anlan.hazards.forms import complete, known_at, register_form
from anlan.hazards.models import Hazard
from anlan.hazards.pages.common import url_of
from anlan.hazards.pages.suggesting import for_finding
from anlan.hazards.queries import detail
from anlan.hazards.rules import FINDERS
from anlan.hazards.wording import state_view
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import form_page
from anlan.kernel.reading import read_id
from anlan.kernel.refusals import Refused

FIRST = ("photos", "enterprise", "site", "risk_point", "place", "category", "description")
"""What is asked before anything else; the rest is mostly known already."""


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    if actor.role not in FINDERS:
        raise Forbidden(_("Your post does not register findings."))
    known = known_at(actor, request.GET)
    form = register_form(actor, request.POST if request.method == "POST" else None, known=known)
    if request.method == "POST":
        done = _register(request, actor, form)
        if done is not None:
            return done
    context = {
        "title": _("New finding"),
        "submit_label": _("Register"),
        "draft": "" if known else "hazard-new",
        "back_url": reverse("hazards:list"),
        "first": [form[name] for name in FIRST],
        "rest": [form[name] for name in form.fields if name not in FIRST and not form[name].is_hidden],
        "hidden": [form[name] for name in form.fields if form[name].is_hidden and name not in FIRST],
        "same": _same(actor, request.POST),
    }
    context |= for_finding(request.POST)
    return form_page(request, form, "hazards/new.html", **context)


def _register(request: HttpRequest, actor: Actor, form: InputForm) -> HttpResponse | None:
    try:
        hazard = actions.register_hazard(actor=actor, data=complete(actor, form.payload()))
    except (Invalid, Refused, Conflict) as wrong:
        form.refuse(wrong)
        return None
    if hazard.version > 1:
        messages.success(
            request, _("This is known already: your finding was added to %(number)s.") % {"number": hazard.number}
        )
    else:
        messages.success(request, _("Registered as %(number)s.") % {"number": hazard.number})
    return redirect(url_of(hazard))


@require_GET
def same(request: HttpRequest) -> HttpResponse:
    """Open hazards it may be one of, for the form that is being filled."""
    actor = reader_of(request)
    return render(request, "hazards/_same.html", {"same": _same(actor, request.GET)})


def _same(actor: Actor, typed: Any) -> list[dict[str, Any]]:
    enterprise = read_id(typed.get("enterprise"))
    if enterprise is None:
        return []
    found: list[Hazard] = detail.perhaps_the_same(actor, enterprise=enterprise, place=typed.get("place", "")[:200])
    return [
        {
            "number": row.number,
            "place": row.place,
            "words": row.description[:80],
            "url": url_of(row),
            "state": state_view(row),
        }
        for row in found
    ]
