"""Organisations and regions."""

import csv
import io
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity import actions, queries
from anlan.identity.asking import actor_of
from anlan.identity.models import Organisation, Region
from anlan.identity.pages.common import asked, attempt, list_page, sent
from anlan.identity.pages.forms import OrganisationFilterForm, OrganisationForm, RegionsForm, organisation_options
from anlan.identity.paging import Page
from anlan.identity.regions import load_regions
from anlan.identity.rules import may, require
from anlan.kernel.actor import Actor
from anlan.kernel.codes import format_region
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.pages import form_page, picked

LIST = "identity:organisations"
MOST_BYTES = 2_000_000


def organisations(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = OrganisationFilterForm(actor, request.GET or None)
    return list_page(
        request,
        title=_("Organisations"),
        form=form,
        fetch=partial(queries.organisations, actor, **asked(form)),
        table=partial(_organisations_table, actor),
    )


def _organisations_table(actor: Actor, page: Page[Organisation]) -> dict[str, Any]:
    areas = queries.region_names(one.region for one in page.rows)
    kinds = dict(Organisation.KINDS)
    edits = may(actor, "edit_organisation")
    rows = []
    for one in page.rows:
        link = reverse("identity:organisation", args=[one.pk]) if edits else ""
        state = {"label": _("active"), "tone": "done"} if one.active else {"label": _("closed"), "tone": "stopped"}
        cells = {
            "name": one.name,
            "kind": kinds[one.kind],
            "region": areas.get(one.region, one.region),
            "phone": one.phone,
            "parent": one.parent.name if one.parent else "",
            "state": state,
        }
        rows.append({"id": one.pk, "url": link, "cells": cells})
    table = {
        "id": "organisations",
        "label": _("Organisations"),
        "columns": [
            {"key": "name", "label": _("Name"), "kind": "link" if edits else "text", "lead": True, "always": True},
            {"key": "kind", "label": _("Kind")},
            {"key": "region", "label": _("Region")},
            {"key": "parent", "label": _("Stands below")},
            {"key": "phone", "label": _("Phone")},
            {"key": "state", "label": _("State"), "kind": "state"},
        ],
        "rows": rows,
    }
    if may(actor, "create_organisation"):
        table |= {"create_url": reverse("identity:new-organisation"), "create_label": _("Add an organisation")}
    return table


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What the picker of a form finds while one types."""
    require(actor_of(request), "read_organisations")
    words = request.GET.get("organisation_words", "")
    options = organisation_options(queries.find_organisations(words)) if words.strip() else []
    return picked(request, "organisation", options)


def new_organisation(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "create_organisation")
    form = OrganisationForm(actor, sent(request))
    made = None
    if request.method == "POST":
        made = attempt(form, lambda typed: actions.create_organisation(actor=actor, data=typed))
    if made:
        messages.success(request, _("The organisation is added."))
        return redirect(LIST)
    return form_page(request, form, title=_("Add an organisation"), back_url=reverse(LIST), columns=2)


def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "edit_organisation")
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    initial = {name: getattr(found, name) for name in ("name", "kind", "region", "phone", "active")}
    form = OrganisationForm(actor, sent(request), initial=initial | {"parent": str(found.parent_id or "")})
    changed = None
    if request.method == "POST":
        kept = {"industries": found.industries}
        changed = attempt(
            form,
            lambda typed: actions.edit_organisation(
                actor=actor, organisation=found.pk, data=typed | kept | {"active": typed.get("active", False)}
            ),
        )
    if changed:
        messages.success(request, _("The organisation is changed."))
        return redirect(LIST)
    return form_page(request, form, title=found.name, back_url=reverse(LIST), columns=2)


def regions(request: HttpRequest) -> HttpResponse:
    """The regions below one (`parent`), or the topmost of the actor's territory."""
    actor = actor_of(request)
    require(actor, "read_organisations")
    above = request.GET.get("parent", "")
    here = (
        Region.objects.filter(pk=int(above)).first()
        if above.isascii() and above.isdigit() and len(above) == 12
        else None
    )
    if here:
        found = Region.objects.filter(parent=here)
    else:
        found = Region.objects.filter(code=actor.region) if actor.region else Region.objects.filter(parent=None)
    columns = [
        {"key": "name", "label": _("Name"), "kind": "link", "lead": True, "always": True},
        {"key": "code", "label": _("Code")},
        {"key": "lon", "label": _("Longitude")},
        {"key": "lat", "label": _("Latitude")},
    ]
    rows = [
        {
            "id": one.code,
            "url": f"?parent={one.code}",
            "cells": {"name": one.name, "code": format_region(one.code), "lon": one.lon or "", "lat": one.lat or ""},
        }
        for one in found.order_by("code")[:1000]
    ]
    table: dict[str, Any] = {"id": "regions", "label": _("Regions"), "columns": columns, "rows": rows}
    if may(actor, "load_regions"):
        table |= {"create_url": reverse("identity:load-regions"), "create_label": _("Load a table")}
    return render(
        request,
        "list.html",
        {
            "title": here.name if here else _("Regions"),
            "crumbs": _region_crumbs(here),
            "table": table,
        },
    )


def _region_crumbs(here: Region | None) -> list[dict[str, str]]:
    trail: list[dict[str, str]] = []
    while here is not None:
        trail.insert(0, {"label": here.name, "url": f"?parent={here.code}"})
        here = here.parent
    return [{"label": _("Regions"), "url": reverse("identity:regions")}, *trail]


def regions_load(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "load_regions")
    form = RegionsForm(sent(request), request.FILES or None)
    if request.method == "POST":
        count = attempt(form, lambda typed: load_regions(_rows(typed["table"]), actor=actor))
        if count:
            messages.success(request, _("%(count)s regions are loaded.") % {"count": count})
            return redirect("identity:regions")
    return render(
        request,
        "identity/regions_load.html",
        {
            "form": form,
            "title": _("Load a table of regions"),
            "back_url": reverse("identity:regions"),
            "submit_label": _("Load"),
            "intro": _("All rows are loaded or none. A code that is already here gets the new name."),
        },
        status=422 if form.errors else 200,
    )


def _rows(file: Any) -> list[dict[str, str]]:
    if file.size > MOST_BYTES:
        raise Invalid(fields={"table": [_("The table is larger than two megabytes.")]})
    try:
        text = file.read().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid(fields={"table": [_("This is not a CSV table in UTF-8.")]}) from None
    if rows and "code" not in rows[0]:
        raise Invalid(fields={"table": [_("The first row names the columns; “code” is missing.")]})
    return [
        {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)} for row in rows
    ]
