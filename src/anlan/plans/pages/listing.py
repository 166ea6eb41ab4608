"""The list of items with its filters, the same as a workbook, and the units one picks from."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.kernel import clock
from anlan.kernel.pages import download, offered, picker_name, read_place, write_place
from anlan.plans.exporting import write
from anlan.plans.forms import FilterForm, unit_source
from anlan.plans.models import PlanItem
from anlan.plans.pages.common import Opened, asker, item_url, opened
from anlan.plans.queries import items, tree
from anlan.plans.wording import due_view, reached_words, state_view, target_words


@require_GET
def listing(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    filters = _filters(request, seen)
    page = items.items(
        seen.actor,
        filters,
        after=read_place(request.GET.get("after", ""), str, UUID),
        before=read_place(request.GET.get("before", ""), str, UUID),
    )
    context = seen.context("items") | {
        "tabs": _tabs(request, seen),
        "filter_form": FilterForm(seen.plan, tree.years(seen.plan), seen.year, request.GET or None),
        "table": _table(seen, page, items.count_items(seen.actor, filters)),
    }
    return render(request, "plans/items.html", context)


def _filters(request: HttpRequest, seen: Opened) -> items.Filters:
    asked = request.GET.copy()
    asked["plan"], asked["year"] = str(seen.plan.pk), str(seen.year)
    return items.read_filters(asked)


def _tabs(request: HttpRequest, seen: Opened) -> list[dict[str, Any]]:
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        (_("All"), {}),
        (_("To be signed for"), {"state": "assigned"}),
        (_("Under way"), {"state": "under_way"}),
        (_("To be verified"), {"state": "reported"}),
        (_("Key tasks"), {"key": "1"}),
        (_("Overdue"), {"late": "1"}),
    )
    here = {key: one for key, one in request.GET.items() if one and key not in ("after", "before", "year")}
    return [{"label": label, "url": seen.url("items", **query), "active": query == here} for label, query in asked]


def _table(seen: Opened, page: items.Page, counted: int) -> dict[str, Any]:
    if counted > items.COUNTED:
        words = _("more than %(n)s items") % {"n": f"{items.COUNTED:,}"}
    else:
        words = ngettext("%(n)s item", "%(n)s items", counted) % {"n": f"{counted:,}"}
    return {
        "id": "plan-items",
        "label": _("List of items"),
        "columns": [
            {"key": "code", "label": _("Ordinal"), "width": "narrow"},
            {"key": "name", "label": _("What is to be done"), "kind": "link", "lead": True, "always": True},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "unit", "label": _("Responsible unit")},
            {"key": "sub_plan", "label": _("Sub-plan")},
            {"key": "target", "label": _("Target")},
            {"key": "reached", "label": _("Done so far")},
            {"key": "day", "label": _("Due by"), "kind": "date"},
            {"key": "due", "label": _("Time left"), "kind": "time_left"},
            {"key": "key", "label": _("Key task"), "kind": "tags"},
            {"key": "number", "label": _("Number"), "hidden": True},
        ],
        "rows": [_row(one) for one in page.rows],
        "page": {"next": write_place(page.after), "previous": write_place(page.before), "words": words},
        "export_url": seen.url("export").partition("?")[0],
        "empty": {
            "title": _("No item here"),
            "text": _("Items come from the plan that the committee office brings in and publishes."),
            "icon": "checklist",
        },
    }


def _row(row: PlanItem) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "url": item_url(row),
        "tone": "muted" if row.state in ("withdrawn", "planned") else "",
        "cells": {
            "code": row.code,
            "name": row.name,
            "state": state_view(row),
            "unit": row.unit_name,
            "sub_plan": row.sub_plan.name,
            "target": target_words(row),
            "reached": reached_words(row),
            "day": row.due,
            "due": due_view(row),
            "key": [_("key")] if row.key else [],
            "number": row.number,
        },
    }


@require_GET
def export(request: HttpRequest, plan_id: UUID) -> HttpResponseBase:
    """Exactly what is filtered, in the columns of the template: it may be mended and brought in again."""
    seen = opened(request, plan_id)
    stream = BytesIO()
    write(stream, seen.actor, seen.plan, _filters(request, seen))
    stream.seek(0)
    return download(stream, f"{seen.title}-{seen.year}-{clock.today()}.xlsx")


@require_GET
def pick_unit(request: HttpRequest) -> HttpResponse:
    """What the picker of units finds while one types."""
    actor = asker(request)
    name = picker_name(request, "unit", ("unit",))
    return offered(request, unit_source(actor, name), name)
