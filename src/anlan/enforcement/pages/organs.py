"""Issuing organs: each organisation's word, its seal and who may use it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.enforcement import queries
from anlan.enforcement.actions import set_organ
from anlan.enforcement.models import Organ
from anlan.enforcement.needs import OrganFacts
from anlan.enforcement.pages.common import crumb
from anlan.enforcement.rules import ISSUERS, SETTERS, sets_organ
from anlan.identity.asking import reader_of
from anlan.identity.holders import Whom, holders
from anlan.identity.models import Organisation
from anlan.identity.roles import ROLES
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.forms import InputForm, Question, asked
from anlan.kernel.pages import attempt, form_page
from anlan.registry.queries import region_names

OFFICIAL = ("office", "regulator", "inspector", "leader")


@require_GET
def organs(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request, ISSUERS | SETTERS)
    entered = queries.organs(actor)
    bodies = _bodies(actor)
    known = {one.organisation_id for one in entered}
    places = region_names([*(one.region for one in entered), *(one.region for one in bodies)])
    context = {
        "crumbs": crumb({"label": _("Issuing organs")}),
        "organs": [
            {
                "row": one,
                "place": places.get(one.region, ""),
                "keepers": len(one.keepers),
                "url": reverse("enforcement:organ", args=[one.organisation_id])
                if sets_organ(actor, one.region)
                else "",
            }
            for one in entered
        ],
        "bodies": [
            {"row": one, "place": places.get(one.region, ""), "url": reverse("enforcement:organ", args=[one.pk])}
            for one in bodies
            if one.pk not in known and sets_organ(actor, one.region)
        ],
    }
    return render(request, "enforcement/organs.html", context)


def _bodies(actor: Actor) -> list[Organisation]:
    """Organisations of the territory that could issue."""
    rows = Organisation.objects.filter(scope.within(actor, industry=None), active=True)
    return list(rows.exclude(kind__in=("enterprise", "group")).order_by("region", "name")[:200])


@require_http_methods(["GET", "POST"])
def organ(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    actor = reader_of(request, ISSUERS | SETTERS)
    body = Organisation.objects.filter(pk=organisation_id).exclude(kind="enterprise").first()
    if body is None:
        raise NotFound
    if not sets_organ(actor, body.region):
        raise Forbidden
    row = Organ.objects.filter(organisation=body).first()
    form = _form(body, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _kept(actor, body, form):
        messages.success(request, _("Kept: %(name)s.") % {"name": body.name})
        return redirect("enforcement:organs")
    return form_page(
        request,
        form,
        title=_("Issuing organ: %(name)s") % {"name": body.name},
        crumbs=crumb({"label": _("Issuing organs"), "url": reverse("enforcement:organs")}, {"label": body.name}),
        submit_label=_("Keep"),
        back_url=reverse("enforcement:organs"),
        intro=_("A seal is kept already. Send another picture to replace it.") if row and row.seal_id else "",
    )


def _kept(actor: Actor, body: Organisation, form: InputForm) -> Organ | None:
    return attempt(form, lambda sent: set_organ(actor=actor, organisation=body.pk, data=_one_seal(sent)))


def _one_seal(sent: dict[str, Any]) -> dict[str, Any]:
    seal = sent.get("seal")
    return sent | {"seal": seal[-1]} if isinstance(seal, list) and seal else sent


def _form(body: Organisation, row: Organ | None, data: Any) -> InputForm:
    initial: dict[str, Any] = {"name": body.name}
    if row is not None:
        initial = {
            "name": row.name, "word": row.word, "review_body": row.review_body, "court": row.court,
            "seal_mm": row.seal_mm, "keepers": row.keepers,
        }  # fmt: skip

    def keepers(question: Question) -> forms.Field:
        with scope.elevated("who of the organ's territory may be named as a keeper of its seal"):
            posts = [one for one in holders(Whom(roles=OFFICIAL, region=body.region)) if one.region == body.region]
        choices = {str(one.person_id): f"{one.person.name} · {one.title or ROLES[one.role].label}" for one in posts}
        return asked(question, forms.CheckboxSelectMultiple(choices=list(choices.items())))

    return InputForm(OrganFacts, data, initial=initial, makers={"keepers": keepers, "seal": _seal})


def _seal(question: Question) -> forms.Field:
    widget = forms.MultipleHiddenInput({"data-widget": "photos", "data-url": "/files/", "data-max": "1"})
    return asked(question, widget)
