"""Who is behind with their own checks, for those who supervise; and an enterprise's archive to take away."""

from datetime import date
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.inspections.pages import self_check_shapes as shapes
from anlan.inspections.pages.self_check import own_page
from anlan.inspections.periods import MONTHLY, end_of
from anlan.inspections.queries import self_check as queries
from anlan.inspections.self_check_exporting import write_archive, write_workbook
from anlan.inspections.self_check_forms import MonthFilter
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.pages import download, read_place, write_place
from anlan.kernel.reading import reach_of
from anlan.registry.queries import enterprise as enterprise_of
from anlan.registry.queries import region_names


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """An enterprise's people see their own; everybody else who is behind."""
    actor = reader_of(request)
    return own_page(request, actor) if actor.role in roles.ENTERPRISE_POSTS else behind(request, actor)


def behind(request: HttpRequest, actor: Actor) -> HttpResponse:
    month = shapes.month_asked(request.GET.get("month"), clock.today())
    given = request.GET.copy()
    given["month"] = f"{month:%Y-%m}"
    form = MonthFilter(actor, given)
    form.is_valid()
    clean = form.cleaned_data
    asked: dict[str, Any] = {
        "month": month,
        "cycle": clean.get("cycle") or "",
        "region": reach_of(clean.get("region")),
    }
    rows, place = queries.behind(
        actor, **asked, only_missed=not clean.get("every"), after=read_place(request.GET.get("after", ""), int, UUID)
    )
    counts = queries.territory_figures(actor, **asked)
    regions = region_names(one.region for one in rows)
    total = counts["done"] + counts["late"] + counts["missed"]
    context = {
        "title": _("Own checks"),
        "filter_form": form,
        "figures": [
            {"label": _("Enterprises with a running cycle"), "value": counts["enterprises"]},
            {"label": _("Done in time"), "value": counts["done"], "tone": "accent"},
            {"label": _("Done late"), "value": counts["late"]},
            {"label": _("Missed"), "value": counts["missed"], "tone": "late" if counts["missed"] else ""},
            {
                "label": _("In time"),
                "value": round(100 * counts["done"] / total) if total else "–",
                "unit": "%" if total else "",
            },
        ],
        "table": {
            "id": "self-checks-behind",
            "label": _("Own checks"),
            "columns": [
                {"key": "name", "label": _("Enterprise"), "kind": "link", "lead": True, "always": True},
                {"key": "region", "label": _("Region")},
                {"key": "missed", "label": _("Missed"), "kind": "number"},
                {"key": "late", "label": _("Done late"), "kind": "number"},
                {"key": "done", "label": _("Done in time"), "kind": "number"},
                {"key": "rate", "label": _("In time (%)"), "kind": "number"},
            ],
            "rows": [_row(one, month, regions) for one in rows],
            "page": {"next": write_place(place), "previous": None},
            "empty": {"title": _("Nobody missed a check in this month."), "icon": "circle-check"},
        },
    }
    return render(request, "list.html", context)


def _row(one: queries.Behind, month: date, regions: dict[int, str]) -> dict[str, Any]:
    return {
        "id": str(one.enterprise),
        "url": f"{reverse('inspections:self-checks-of', args=[one.enterprise])}?month={month:%Y-%m}",
        "cells": {
            "name": one.name,
            "region": regions.get(one.region, ""),
            "missed": one.missed,
            "late": one.late,
            "done": one.done,
            "rate": one.rate,
        },
    }


def _span(request: HttpRequest) -> tuple[date, date]:
    """The asked month, or the twelve months up to this one."""
    day = clock.today()
    if request.GET.get("month"):
        month = shapes.month_asked(request.GET["month"], day)
        return month, end_of(MONTHLY, month)
    return day.replace(day=1, year=day.year - 1), end_of(MONTHLY, day.replace(day=1))


def _file_name(enterprise: Any, first: date, last: date, ending: str) -> str:
    return f"{_('Own checks')}-{enterprise.name}-{first:%Y%m}-{last:%Y%m}.{ending}"


@require_GET
def export(request: HttpRequest, enterprise_id: UUID) -> HttpResponseBase:
    reader_of(request)
    enterprise, (first, last) = enterprise_of(enterprise_id), _span(request)
    stream = BytesIO()
    write_workbook(stream, enterprise.pk, first, last)
    stream.seek(0)
    return download(stream, _file_name(enterprise, first, last, "xlsx"))


@require_GET
def archive(request: HttpRequest, enterprise_id: UUID) -> HttpResponseBase:
    actor = reader_of(request)
    enterprise, (first, last) = enterprise_of(enterprise_id), _span(request)
    stream = TemporaryFile()  # noqa: SIM115 -- the answer reads it and closes it
    write_archive(stream, actor, enterprise.pk, first, last)
    stream.seek(0)
    return download(stream, _file_name(enterprise, first, last, "zip"), "application/zip")
