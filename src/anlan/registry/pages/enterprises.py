"""Enterprises: the list, one of them, and its forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.identity.roles import ROLES
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.pages import attempt_typed, form_page, read_place, write_place
from anlan.registry import actions, panels, queries, rules
from anlan.registry.facilities import facility_names
from anlan.registry.forms import CloseForm, EnterpriseFilter, EnterpriseForm
from anlan.registry.inputs import SCALES
from anlan.registry.models import Enterprise, Placed
from anlan.registry.queries import Filters

TONES = {"active": "active", "suspended": "stopped", "closed": "muted"}


def filters_of(form: EnterpriseFilter) -> Filters:
    """What of the address can be used; a filter nobody offered counts as absent."""
    form.is_valid()
    clean = form.cleaned_data if form.is_bound else {}
    return Filters(
        words=(clean.get("q") or "").strip(),
        region=clean.get("region"),
        industry=clean.get("industry") or "",
        status=clean.get("status") or "",
    )


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    form = EnterpriseFilter(actor, request.GET or None)
    filters = filters_of(form)
    page = queries.enterprises(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), str, UUID),
        before=read_place(request.GET.get("before", ""), str, UUID),
    )
    keeper = rules.keeps_enterprises(actor)
    table = {
        "id": "enterprises",
        "label": _("Enterprises"),
        "columns": _columns(),
        "rows": _rows(page.rows),
        "page": {
            "next": write_place(page.after),
            "previous": write_place(page.before),
            "words": _counted(queries.count_enterprises(actor, filters)),
        },
        "export_url": reverse("registry:export"),
        "create_url": reverse("registry:register") if keeper else "",
        "create_label": _("Register enterprise"),
    }
    context = {
        "title": _("Enterprises"),
        "filter_form": form,
        "table": table,
        "imports": rules.imports(actor, "enterprises"),
    }
    return render(request, "registry/enterprises.html", context)


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "label": _("Enterprise name"), "kind": "link", "lead": True, "always": True},
        {"key": "uscc", "label": _("Unified social credit code")},
        {"key": "region", "label": _("Region")},
        {"key": "industry", "label": _("Industry")},
        {"key": "status", "label": _("Status"), "kind": "state"},
        {"key": "principal", "label": _("Principal")},
        {"key": "principal_phone", "label": _("Principal's phone"), "hidden": True},
        {"key": "manager", "label": _("Safety manager"), "hidden": True},
        {"key": "manager_phone", "label": _("Safety manager's phone"), "hidden": True},
        {"key": "employees", "label": _("Employees"), "kind": "number", "hidden": True},
        {"key": "scale", "label": _("Scale"), "hidden": True},
        {"key": "grade", "label": _("Grade of supervision"), "hidden": True},
        {"key": "facilities", "label": _("Equipment, processes and places"), "kind": "tags", "hidden": True},
        {"key": "address", "label": _("Address"), "hidden": True},
    ]


def _rows(found: list[Enterprise]) -> list[dict[str, Any]]:
    places = queries.region_names(row.region for row in found)
    fields = queries.industry_names() if found else {}
    scales = dict(SCALES)
    return [
        {
            "id": str(row.pk),
            "url": reverse("registry:enterprise", args=[row.pk]),
            "tone": "muted" if row.status == "closed" else "",
            "cells": {
                "name": row.name,
                "uscc": row.uscc,
                "region": places.get(row.region, ""),
                "industry": fields.get(row.industry_id, row.industry_id),
                "status": status_view(row),
                "principal": row.principal_name,
                "principal_phone": row.principal_phone,
                "manager": row.safety_manager_name,
                "manager_phone": row.safety_manager_phone,
                "employees": row.employees,
                "scale": scales.get(row.scale, "") if row.scale else "",
                "grade": row.grade,
                "facilities": facility_names(row.facilities),
                "address": row.address,
            },
        }
        for row in found
    ]


def status_view(row: Enterprise) -> dict[str, Any]:
    return {"code": row.status, "label": dict(Enterprise.STATUSES)[row.status], "tone": TONES[row.status]}


def _counted(count: int) -> str:
    if count > queries.COUNTED:
        return _("more than %(n)s enterprises") % {"n": f"{queries.COUNTED:,}"}
    return ngettext("%(n)s enterprise", "%(n)s enterprises", count) % {"n": f"{count:,}"}


@require_GET
def enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = queries.enterprise(enterprise_id)
    keeper, own = rules.keeps(actor, record), rules.answers_for(actor, record)
    open_ = record.status != "closed"
    context = {
        "record": record,
        "title": record.name,
        "number": record.uscc,
        "state": status_view(record),
        "crumbs": [{"label": _("Enterprises"), "url": reverse("registry:enterprises")}, {"label": record.name}],
        "facts": _facts(record),
        "sites": [
            {"site": site, "place": point_words(site), "url": reverse("registry:edit-site", args=[site.pk])}
            for site in queries.sites_of(record.pk)
        ],
        "posts": [
            {"name": post.person.name, "label": post.title or str(ROLES[post.role].label), "phone": post.person.phone}
            for post in queries.posts_of_enterprise(record.pk)
        ],
        "may_edit": open_ and (keeper or own),
        "may_close": open_ and keeper,
        "panels": panels.shown(request, record),
    }
    return render(request, "registry/enterprise.html", context)


def _facts(record: Enterprise) -> list[dict[str, Any]]:
    places = queries.region_names([record.region])
    scale = dict(SCALES)[record.scale] if record.scale else ""
    return [
        {"label": _("Unified social credit code"), "value": record.uscc},
        {"label": _("Industry"), "value": queries.industry_names().get(record.industry_id, "")},
        {"label": _("Region"), "value": places[record.region]},
        {"label": _("Address"), "value": record.address},
        {"label": _("Principal"), "value": _person(record.principal_name, record.principal_phone)},
        {"label": _("Safety manager"), "value": _person(record.safety_manager_name, record.safety_manager_phone)},
        {"label": _("Employees"), "value": record.employees},
        {"label": _("Scale"), "value": scale},
        {"label": _("Grade of supervision"), "value": record.grade},
        {
            "label": _("Equipment, processes and places"),
            "value": facility_names(record.facilities),
            "template": "components/cells/tags.html",
            "wide": True,
        },
        {"label": _("Coordinates"), "value": point_words(record)},
    ]


def _person(name: str, phone: str) -> str:
    return " ".join(part for part in (name, phone) if part)


def point_words(record: Placed) -> str:
    """WGS 84, and in brackets as it was given."""
    if record.lon is None:
        return ""
    given = ""
    if record.original_system != "wgs84":
        given = f" ({dict(Placed.SYSTEMS)[record.original_system]} {record.original_lon}, {record.original_lat})"
    return f"{record.lon}, {record.lat}{given}"


def register(request: HttpRequest) -> HttpResponse:
    actor = _keeper(request)
    form = EnterpriseForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (
        made := attempt_typed(form, lambda typed: actions.register_enterprise(actor=actor, data=typed))
    ):
        messages.success(request, _("“%(name)s” is registered.") % {"name": made.name})
        return redirect("registry:enterprise", made.pk)
    return form_page(
        request,
        form,
        title=_("Register enterprise"),
        submit_label=_("Register"),
        draft="enterprise-new",
        back_url=reverse("registry:enterprises"),
    )


def edit(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = queries.enterprise(enterprise_id)
    keeper = rules.keeps(actor, record)
    if not keeper and not rules.answers_for(actor, record):
        raise Forbidden
    form = EnterpriseForm(actor, request.POST if request.method == "POST" else None, record=record, keeper=keeper)
    if request.method == "POST" and (
        attempt_typed(form, lambda typed: actions.edit_enterprise(actor=actor, enterprise=enterprise_id, data=typed))
        is not None
    ):
        messages.success(request, _("The changes are saved."))
        return redirect("registry:enterprise", enterprise_id)
    return form_page(
        request,
        form,
        title=_("Change %(name)s") % {"name": record.name},
        intro=""
        if keeper
        else _("You keep the contacts of your enterprise; the rest is kept by the office and the regulator."),
        back_url=reverse("registry:enterprise", args=[enterprise_id]),
    )


def close(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = queries.enterprise(enterprise_id)
    if not rules.keeps(actor, record):
        raise Forbidden
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (
        attempt_typed(
            form, lambda typed: actions.close_enterprise(actor=actor, enterprise=enterprise_id, reason=typed["reason"])
        )
        is not None
    ):
        messages.success(request, _("The enterprise is closed."))
        return redirect("registry:enterprise", enterprise_id)
    return form_page(
        request,
        form,
        columns=1,
        title=_("Close %(name)s") % {"name": record.name},
        submit_label=_("Close enterprise"),
        submit_tone="danger",
        consequences=[
            _("The record can no longer be changed and no site can be added."),
            _("Its hazards and its history stay; open hazards stay open."),
        ],
        back_url=reverse("registry:enterprise", args=[enterprise_id]),
    )


def _keeper(request: HttpRequest) -> Actor:
    actor = reader_of(request)
    if not rules.keeps_enterprises(actor):
        raise Forbidden
    return actor
