"""Taking a report down for whoever calls, writes or stands at the counter; the caller's name is sealed as it is saved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.forms import InputForm
from anlan.kernel.ids import new_id
from anlan.kernel.pages import attempt, form_page
from anlan.kernel.reading import read_id
from anlan.registry.queries import region_choices
from anlan.reports import actions, needs
from anlan.reports.claims import code_of
from anlan.reports.forms.nouns import category_choices
from anlan.reports.models import Report
from anlan.reports.pages.desk import desk_actor

OWN = ("lon", "lat", "crs", "accuracy_m", "client_at", "channel", "joint", "employee_of", "wished_unit", "anonymous")
"""What a citizen's own device knows, what the desk decides next, and what follows from what was not said."""
ORDER = ("words", "address", "region", "category", "photos", "name", "phone")


def call_form(actor: Actor, data: Any = None) -> InputForm:
    options: dict[str, Any] = {
        "region": [(str(code), name) for code, name in region_choices(actor)],
        "category": category_choices(),
    }
    form = InputForm(needs.Submit, data, options=options, leave_out=OWN)
    form.fields["region"].help_text = _("Leave it open where the address names the township.")
    form.fields["name"].help_text = _("Sealed apart from the report. Leave both empty for somebody who gives no name.")
    form.order_fields(ORDER)
    return form


@require_http_methods(["GET", "POST"])
def take_down(request: HttpRequest) -> HttpResponse:
    """Whoever leaves no phone gets a claim code, shown once; else the desk opens with the new report."""
    actor = desk_actor(request)
    form = call_form(actor, request.POST if request.method == "POST" else None)
    own_id = read_id(request.POST.get("id", "")) or new_id()
    if request.method == "POST":
        made = attempt(form, lambda sent: _submit(actor, sent, own_id))
        if made is not None:
            return _taken(request, made, phone=form["phone"].data)
    return form_page(
        request,
        form,
        "reports/call.html",
        title=_("Take a call down"),
        submit_label=_("Take it down"),
        back_url=reverse("reports:desk"),
        own_id=own_id,
        intro=_("Whoever leaves no telephone number gets a claim code: the only way to hear of it again."),
    )


def _submit(actor: Actor, sent: dict[str, Any], own_id: UUID) -> Report:
    nobody = not sent.get("name") and not sent.get("phone")
    try:
        return actions.submit(actor=actor, data=sent | {"channel": "desk", "anonymous": nobody}, id=own_id)
    except Forbidden as no:
        raise Invalid(fields={"region": [_("Choose a place in your territory.")]}) from no


def _taken(request: HttpRequest, made: Report, *, phone: str) -> HttpResponse:
    url = f"{reverse('reports:desk')}?report={made.pk}"
    if phone:
        messages.success(request, _("Taken down as %(number)s.") % {"number": made.number})
        return redirect(url)
    context = {"title": _("Tell the caller this code"), "report": made, "code": code_of(made.pk), "desk_url": url}
    response = render(request, "reports/called.html", context)
    response["Cache-Control"] = "no-store"
    return response
