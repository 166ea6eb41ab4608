"""Officers' certificates, and whom somebody must not check."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.experts import actions, needs, queries, rules
from anlan.experts.forms import CertificateFilter, EndForm, form
from anlan.experts.models import Avoidance, Certificate
from anlan.experts.pages.common import reader_of
from anlan.experts.pages.experts import field_words, tabs
from anlan.identity.pages.common import asked, list_page
from anlan.identity.pages.common import attempt as attempt_plain
from anlan.identity.paging import Page
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.pages import attempt, form_page


@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    filters = CertificateFilter(request.GET or None)
    return list_page(
        request,
        title=_("Officers' certificates"),
        form=filters,
        fetch=partial(queries.certificates, actor, **asked(filters)),
        table=partial(_certificates, actor),
        tabs=tabs(request),
    )


def _certificates(actor: Actor, page: Page[Certificate]) -> dict[str, Any]:
    names = queries.names([row.person_id for row in page.rows])
    keeper = rules.keeps_officers(actor)
    rows = [
        {
            "id": row.pk,
            "cells": {
                "person": names.get(row.person_id, ""),
                "number": row.number,
                "issuer": row.issuer,
                "fields": field_words(row.industries),
                "from": row.valid_from,
                "to": row.valid_to,
                "state": _validity(row.valid_from, row.valid_to),
            },
            "actions": _ending(keeper, "experts:end-certificate", row.pk, row.valid_to),
        }
        for row in page.rows
    ]
    return {
        "id": "certificates",
        "label": _("Officers' certificates"),
        "columns": [
            {"key": "person", "label": _("Officer"), "lead": True, "always": True},
            {"key": "number", "label": _("Certificate number")},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "fields", "label": _("Supervision fields")},
            {"key": "issuer", "label": _("Issued by")},
            {"key": "from", "label": _("Valid from"), "kind": "date"},
            {"key": "to", "label": _("Valid until"), "kind": "date"},
        ],
        "rows": rows,
        "create_url": reverse("experts:add-certificate") if keeper else "",
        "create_label": _("Register a certificate"),
        "empty": {"title": _("No certificate is registered."), "icon": "id-badge-2"},
    }


def _validity(first: Any, last: Any) -> dict[str, Any]:
    today = clock.today()
    if last is not None and last < today:
        return {"label": _("ended"), "tone": "muted"}
    if first > today:
        return {"label": _("not yet valid"), "tone": "waiting"}
    return {"label": _("valid"), "tone": "done"}


def _ending(keeper: bool, name: str, pk: UUID, last: Any) -> list[dict[str, Any]]:
    if not keeper or (last is not None and last < clock.today()):
        return []
    return [{"label": _("End"), "url": reverse(name, args=[pk]), "panel": True}]


def add_certificate(request: HttpRequest) -> HttpResponse:
    actor = _keeper(request)
    shown = form(
        needs.CertificateFacts, actor, request.POST if request.method == "POST" else None, {"since": clock.today()}
    )
    if (
        request.method == "POST"
        and attempt(shown, lambda typed: actions.add_certificate(actor=actor, data=typed)) is not None
    ):
        messages.success(request, _("The certificate is registered."))
        return redirect("experts:certificates")
    return form_page(request, shown, title=_("Register a certificate"), back_url=reverse("experts:certificates"))


def end_certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    actor = _keeper(request)
    return _end(
        request,
        lambda typed: actions.end_certificate(actor=actor, certificate=certificate_id, **typed),
        title=_("End the certificate"),
        back="experts:certificates",
    )


@require_GET
def avoidances(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        title=_("Avoidances"),
        fetch=partial(queries.avoidances, actor),
        table=partial(_avoidances, actor),
        tabs=tabs(request),
    )


def _avoidances(actor: Actor, page: Page[Avoidance]) -> dict[str, Any]:
    names, kinds = queries.names([row.person_id for row in page.rows]), dict(Avoidance.KINDS)
    keeper = rules.keeps_officers(actor)
    rows = [
        {
            "id": row.pk,
            "cells": {
                "person": names.get(row.person_id, ""),
                "enterprise": row.enterprise.name,
                "kind": kinds[row.kind],
                "reason": row.reason,
                "from": row.since,
                "to": row.until,
                "state": _validity(row.since, row.until),
            },
            "actions": _ending(keeper and row.person_id != actor.person, "experts:end-avoidance", row.pk, row.until),
        }
        for row in page.rows
    ]
    return {
        "id": "avoidances",
        "label": _("Avoidances"),
        "columns": [
            {"key": "person", "label": _("Person"), "lead": True, "always": True},
            {"key": "enterprise", "label": _("Enterprise")},
            {"key": "kind", "label": _("Kind of avoidance")},
            {"key": "reason", "label": _("Reason")},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "from", "label": _("From"), "kind": "date"},
            {"key": "to", "label": _("Until"), "kind": "date"},
        ],
        "rows": rows,
        "create_url": reverse("experts:declare-avoidance"),
        "create_label": _("Declare an avoidance"),
        "empty": {"title": _("Nobody has declared an avoidance."), "icon": "user-x"},
    }


def declare_avoidance(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    initial = {"since": clock.today(), "person": None if rules.keeps_officers(actor) else actor.person}
    shown = form(needs.AvoidanceFacts, actor, request.POST if request.method == "POST" else None, initial)
    if (
        request.method == "POST"
        and attempt(shown, lambda typed: actions.declare_avoidance(actor=actor, data=typed)) is not None
    ):
        messages.success(request, _("The avoidance is declared."))
        return redirect("experts:avoidances")
    return form_page(request, shown, title=_("Declare an avoidance"), back_url=reverse("experts:avoidances"))


def end_avoidance(request: HttpRequest, avoidance_id: UUID) -> HttpResponse:
    actor = _keeper(request)
    return _end(
        request,
        lambda typed: actions.end_avoidance(actor=actor, avoidance=avoidance_id, **typed),
        title=_("End the avoidance"),
        back="experts:avoidances",
    )


def _end(request: HttpRequest, take: Callable[[dict[str, Any]], Any], *, title: str, back: str) -> HttpResponse:
    shown = EndForm(request.POST if request.method == "POST" else None, initial={"last": clock.today()})
    if request.method == "POST" and attempt_plain(shown, take) is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(back)
    return form_page(request, shown, title=title, back_url=reverse(back), columns=1)


def _keeper(request: HttpRequest) -> Actor:
    actor = reader_of(request)
    if not rules.keeps_officers(actor):
        raise Forbidden
    return actor
