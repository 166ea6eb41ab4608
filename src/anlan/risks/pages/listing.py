"""The list of risk points."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_day_if_any
from anlan.kernel.pages import picked, picker_name, read_place, write_place
from anlan.registry.queries import industry_names, region_names
from anlan.registry.rules import imports
from anlan.risks import queries, rules
from anlan.risks.forms import PointFilter, find_enterprises, site_options
from anlan.risks.models import RiskPoint
from anlan.risks.pages.common import url_of
from anlan.risks.queries import Filters
from anlan.risks.wording import risk_view, tier_words


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    filters = queries.read_filters(request.GET)
    after, before = (read_place(request.GET.get(name, ""), as_day_if_any, UUID) for name in ("after", "before"))
    if filters.overdue:  # a place of the other order says nothing here
        after, before = (one if one and one[0] else None for one in (after, before))
    page = queries.points(actor, filters, after=after, before=before)
    keeper = rules.keeps_points(actor)
    table = {
        "id": "risk-points",
        "label": _("Risk points"),
        "columns": _columns(),
        "rows": rows_of(page.rows),
        "page": {
            "next": write_place(page.after),
            "previous": write_place(page.before),
            "words": counted(queries.count_points(actor, filters)),
        },
        "export_url": reverse("risks:export"),
        "create_url": reverse("risks:register") if keeper else "",
        "create_label": _("Register risk point"),
        "empty": {"title": _("No risk points here."), "icon": "map-pin"},
    }
    context = {
        "title": _("Risk points"),
        "filter_form": PointFilter(actor, request.GET or None, filters.enterprise),
        "table": table,
        "tabs": _tabs(actor, filters),
        "imports": imports(actor, "risk_points"),
    }
    return render(request, "risks/points.html", context)


def _tabs(actor: Actor, filters: Filters) -> list[dict[str, Any]]:
    """What one asks most, each with how many, counted up to a bound."""
    found = []
    asked: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Red"), {"colour": "red"}),
        (_("Orange"), {"colour": "orange"}),
        (_("Assessment overdue"), {"overdue": "1"}),
        (_("Not assessed"), {"colour": "none"}),
    ]
    now = filters.query()
    for label, query in asked:
        wanted = queries.read_filters(query)
        count = queries.count_points(actor, wanted)
        words = f"{queries.COUNTED:,}+" if count > queries.COUNTED else f"{count:,}"
        url = f"{reverse('risks:points')}?{urlencode(query)}" if query else reverse("risks:points")
        found.append({"label": f"{label} {words}", "url": url, "active": wanted.query() == now})
    return found


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "label": _("Name of the risk point"), "kind": "link", "lead": True, "always": True},
        {"key": "number", "label": _("Number")},
        {"key": "risk", "label": _("Risk"), "kind": "risk"},
        {"key": "enterprise", "label": _("Enterprise")},
        {"key": "unit", "label": _("Risk unit")},
        {"key": "region", "label": _("Region")},
        {"key": "industry", "label": _("Supervision field"), "hidden": True},
        {"key": "tier", "label": _("Tier that answers")},
        {"key": "reassess_by", "label": _("Assess again by"), "template": "risks/_due.html"},
        {"key": "place", "label": _("Place"), "hidden": True},
        {"key": "assessed_on", "label": _("Assessed on"), "kind": "date", "hidden": True},
    ]


def rows_of(found: list[RiskPoint]) -> list[dict[str, Any]]:
    places = region_names(row.region for row in found)
    fields = industry_names() if found else {}
    return [
        {
            "id": str(row.pk),
            "url": url_of(row),
            "tone": "" if row.active else "muted",
            "cells": {
                "name": row.name,
                "number": row.number,
                "risk": risk_view(row.colour),
                "enterprise": row.enterprise.name,
                "unit": row.unit.name if row.unit else "",
                "region": places.get(row.region, ""),
                "industry": fields.get(row.industry_id, row.industry_id),
                "tier": tier_words(row.tier),
                "reassess_by": due_cell(row.reassess_by) if row.active else None,
                "place": row.place,
                "assessed_on": row.assessed_on,
            },
        }
        for row in found
    ]


def due_cell(day: date | None) -> dict[str, Any] | None:
    if day is None:
        return None
    return {"day": day, "overdue": day < clock.today(), "days": (clock.today() - day).days}


def counted(count: int) -> str:
    if count > queries.COUNTED:
        return _("more than %(n)s risk points") % {"n": f"{queries.COUNTED:,}"}
    return ngettext("%(n)s risk point", "%(n)s risk points", count) % {"n": f"{count:,}"}


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """What a picker finds while one types."""
    actor = reader_of(request)
    name = picker_name(request, kind, ("enterprise", "site"))
    words = request.GET.get(f"{name}_words", "").strip()[:100]
    found = find_enterprises(actor, words) if kind == "enterprise" else site_options(request.GET.get("enterprise", ""))
    return picked(request, name, found)
