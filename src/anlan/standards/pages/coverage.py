"""What no published checklist covers, and the rows behind each figure."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.kernel import clock
from anlan.kernel.pages import read_place, write_place
from anlan.registry.facilities import facilities, facility_names
from anlan.registry.queries import industry_names, region_names
from anlan.standards.forms import CountyFilter
from anlan.standards.pages.checklists import listed_url
from anlan.standards.pages.common import official_of
from anlan.standards.queries import coverage as queries


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    actor = official_of(request)
    form = CountyFilter(actor, request.GET or None)
    form.is_valid()
    county = form.cleaned_data.get("county") if form.is_bound else None
    found = queries.coverage(actor, clock.today(), county=county)
    fields, kinds = industry_names(), facilities()
    places = region_names(found.counties)
    scope = {"county": str(county)} if county else {}
    by_industry = [
        _line(one, fields.get(code, code), {**scope, "industry": code}) for code, one in _worst(found.industries)
    ]
    for line, (code, one) in zip(by_industry, _worst(found.industries), strict=True):
        line["lists"] = {"value": one.lists, "url": listed_url(industry=code, campaign="none")}
    context = {
        "title": _("What no checklist covers"),
        "crumbs": [{"label": _("Checklists"), "url": reverse("standards:checklists")}, {"label": _("Coverage")}],
        "filter_form": form,
        "figures": [
            {"label": _("Enterprises without a list of their industry"), "value": found.bare, "url": rows_url(**scope),
             "words": _("of %(n)s") % {"n": f"{found.total:,}"}},
            {"label": _("Industries without any list"), "value": len(found.bare_industries), "url": "#industries"},
            {"label": _("Kinds of facility nobody asks about"), "value": len(found.bare_facilities), "url": "#facilities"},
        ],
        "industries": by_industry,
        "facilities": [_line(one, kinds.get(code, code), {**scope, "facility": code}) for code, one in _worst(found.facilities)],
        "counties": [
            _line(one, places.get(code, str(code)), {"county": str(code)}) for code, one in sorted(found.counties.items())
        ],
    }  # fmt: skip
    return render(request, "standards/coverage.html", context)


def _worst(figures: dict[Any, queries.Figure]) -> list[tuple[Any, queries.Figure]]:
    """Those with the most enterprises that nothing covers come first."""
    return sorted(figures.items(), key=lambda one: (-one[1].bare, -one[1].total, one[0]))


def _line(figure: queries.Figure, label: str, query: dict[str, str]) -> dict[str, Any]:
    return {"label": label, "total": figure.total, "bare": figure.bare, "url": rows_url(**query)}


def rows_url(**query: str) -> str:
    address = reverse("standards:coverage-rows")
    return f"{address}?{urlencode(query)}" if query else address


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    actor = official_of(request)
    fields, kinds = industry_names(), facilities()
    form = CountyFilter(actor, request.GET or None)
    form.is_valid()
    industry, facility = request.GET.get("industry", ""), request.GET.get("facility", "")
    asked = queries.Bare(
        county=form.cleaned_data.get("county") if form.is_bound else None,
        industry=industry if industry in fields else "",
        facility=facility if facility in kinds else "",
    )
    page = queries.bare_enterprises(
        actor, clock.today(), asked, after=read_place(request.GET.get("after", ""), str, UUID)
    )
    places = region_names(row.region for row in page.rows)
    table = {
        "id": "coverage-rows",
        "label": _("Enterprises"),
        "columns": [
            {"key": "name", "label": _("Enterprise name"), "kind": "link", "lead": True, "always": True},
            {"key": "region", "label": _("Region")},
            {"key": "industry", "label": _("Industry")},
            {"key": "facilities", "label": _("Equipment, processes and places"), "kind": "tags"},
        ],
        "rows": [
            {"id": str(row.pk), "url": reverse("registry:enterprise", args=[row.pk]),
             "cells": {"name": row.name, "region": places.get(row.region, ""), "industry": fields.get(row.industry_id, ""),
                       "facilities": facility_names(row.facilities)}}
            for row in page.rows
        ],
        "page": {"next": write_place(page.after), "previous": None},
        "empty": {"title": _("All of them are covered."), "icon": "circle-check"},
    }  # fmt: skip
    context = {"title": _title(asked, fields, kinds), "table": table, "crumbs": _crumbs()}
    return render(request, "list.html", context)


def _title(asked: queries.Bare, fields: dict[str, str], kinds: dict[str, str]) -> str:
    place = region_names([asked.county])[asked.county] if asked.county else ""
    if asked.facility:
        words = _("Enterprises with “%(facility)s” that no item asks about") % {"facility": kinds[asked.facility]}
    elif asked.industry:
        words = _("Enterprises of “%(industry)s” without a list of their industry") % {
            "industry": fields[asked.industry]
        }
    else:
        words = _("Enterprises without a list of their industry")
    return f"{place} · {words}" if place else words


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Checklists"), "url": reverse("standards:checklists")},
        {"label": _("Coverage"), "url": reverse("standards:coverage")},
        {"label": _("Enterprises")},
    ]
