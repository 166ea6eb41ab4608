"""Who is how far: by unit, by region and industry system, and which items are behind by how much."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.kernel.numbering import county_of
from anlan.plans.models import PlanItem
from anlan.plans.pages.common import Opened, item_url, opened
from anlan.plans.pages.trees import figures
from anlan.plans.queries.progress import Standing, Tally, standings, tallied
from anlan.plans.queries.tree import sub_plans
from anlan.plans.wording import bar_view, behind_words, kind_words, percent, state_view
from anlan.registry.queries import region_names

MOST = 30
"""Items listed as behind: the worst."""
Entry = tuple[str, str, Tally]
"""Words, an address, sums."""


@require_GET
def units(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    rows = standings(seen.plan, seen.year)
    entries = [
        (name or _("no unit"), seen.url("items", unit=unit or "", q="" if unit else name), sums)
        for (unit, name), sums in tallied(rows, lambda one: (one.unit, one.unit_name)).items()
    ]
    tables = [{"title": _("By responsible unit"), "table": board("plan-units", _("Responsible unit"), entries)}]
    return render(request, "plans/board.html", seen.context("units") | _context(seen, rows, tables))


@require_GET
def regions(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    rows = standings(seen.plan, seen.year)
    sums = tallied(rows, lambda one: county_of(one.region))
    names = region_names(sums)
    places = [(names.get(code, str(code)), seen.url("items", region=code), one) for code, one in sums.items()]
    subs: dict[str, list[Entry]] = {}
    for sub, one in sub_plans(seen.plan, seen.year, rows):
        words = sub.name if sub.kind == "own" else f"{sub.code} {sub.unit_name or sub.name}"
        if one.total or seen.mine:  # what lies beyond one's sight is not empty
            subs.setdefault(sub.kind, []).append((words, reverse("plans:sub-plan", args=[sub.pk]), one))
    tables = [{"title": _("By region"), "table": board("plan-regions", _("Region"), places)}]
    tables += [
        {
            "title": _("Sub-plans: %(kind)s") % {"kind": kind_words(kind)},
            "table": board(f"plan-{kind}", _("Sub-plan"), found),
        }
        for kind, found in subs.items()
    ]
    return render(request, "plans/board.html", seen.context("regions") | _context(seen, rows, tables))


def _context(seen: Opened, rows: list[Standing], tables: list[dict[str, Any]]) -> dict[str, Any]:
    return {"figures": figures(seen, rows), "tables": tables, "behind": _behind(rows)}


def board(name: str, label: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """The worst first: whoever is past a day, then whoever lags most."""
    found = sorted(entries, key=lambda one: (-one[2].overdue, -one[2].gap, one[0]))
    return {
        "id": name,
        "label": label,
        "columns": [
            {"key": "name", "label": label, "kind": "link", "lead": True, "always": True},
            {"key": "bar", "label": _("Done so far"), "template": "plans/_bar_cell.html", "width": "wide"},
            {"key": "done", "label": _("Items done"), "kind": "number"},
            {"key": "total", "label": _("Items"), "kind": "number"},
            {"key": "keys", "label": _("Key tasks"), "align": "end"},
            {"key": "overdue", "label": _("Past their day"), "kind": "number"},
            {"key": "behind", "label": _("Behind"), "kind": "number"},
            {"key": "gap", "label": _("Lag behind the time gone"), "align": "end"},
            {"key": "worst", "label": _("Worst (days)"), "kind": "number"},
        ],
        "rows": [
            {
                "id": f"{name}-{number}",
                "url": url,
                "cells": {
                    "name": words,
                    "bar": bar_view(one),
                    "done": one.done,
                    "total": one.total,
                    "keys": f"{one.key_done} / {one.key_total}" if one.key_total else "",
                    "overdue": one.overdue,
                    "behind": one.behind,
                    "gap": percent(one.gap) if one.gap else "",
                    "worst": one.worst_days,
                },
            }
            for number, (words, url, one) in enumerate(found, start=1)
        ],
        "empty": {"title": _("No items this year"), "icon": "checklist"},
    }


def _behind(rows: list[Standing]) -> dict[str, Any]:
    worst = sorted((one for one in rows if one.behind), key=lambda one: (-one.behind_days, one.code))[:MOST]
    items = PlanItem.objects.in_bulk([one.id for one in worst])
    return {
        "id": "plan-behind",
        "label": _("Items that are behind"),
        "columns": [
            {"key": "code", "label": _("Ordinal"), "width": "narrow"},
            {"key": "name", "label": _("What is to be done"), "kind": "link", "lead": True, "always": True},
            {"key": "unit", "label": _("Responsible unit")},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "due", "label": _("Due by"), "kind": "date"},
            {"key": "words", "label": _("By how much"), "width": "wide"},
        ],
        "rows": [
            {
                "id": str(one.id),
                "url": item_url(one.id),
                "cells": {
                    "code": one.code,
                    "name": items[one.id].name,
                    "unit": one.unit_name,
                    "state": state_view(items[one.id]),
                    "due": items[one.id].due,
                    "words": behind_words(one),
                },
            }
            for one in worst
        ],
        "empty": {"title": _("Nobody is behind"), "icon": "circle-check"},
    }
