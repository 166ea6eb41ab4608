"""The list of visits: filters in the address, export of exactly what is filtered."""

from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.inspections.forms import SEARCHES, FilterForm, chosen_options
from anlan.inspections.grounds import may_know
from anlan.inspections.models import Visit
from anlan.inspections.pages.common import url_of
from anlan.inspections.queries.filters import read_filters
from anlan.inspections.queries.visits import COUNTED, bodies_of, count_visits, enterprises_of, visits, walk
from anlan.inspections.rules import PLANNERS
from anlan.inspections.wording import (
    check_words,
    day_words,
    due_view,
    kind_words,
    reason_words,
    state_view,
    state_words,
    style_words,
)
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.pages import download, picked, picker_name, read_place, write_place
from anlan.kernel.phrases import listed
from anlan.registry.queries import industry_names, region_names

MOST_EXPORTED = 5000


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    filters = read_filters(request.GET)
    page = visits(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), date.fromisoformat, UUID),
        before=read_place(request.GET.get("before", ""), date.fromisoformat, UUID),
    )
    context = {
        "title": _("Visits"),
        "views": views("inspections:visits", request),
        "tabs": tabs(actor, request),
        "filter_form": FilterForm(actor, request.GET or None),
        "may_plan": actor.role in PLANNERS,
        "table": {
            "id": "visits",
            "label": _("Visits"),
            "columns": columns(actor),
            "rows": rows(actor, page.rows),
            "page": {
                "next": write_place(page.after),
                "previous": write_place(page.before),
                "words": counted_words(count_visits(actor, filters)),
            },
            "export_url": reverse("inspections:export"),
            "create_url": reverse("inspections:plan") if actor.role in PLANNERS else "",
            "create_label": _("Plan a visit"),
            "empty": {
                "title": _("No visits here."),
                "text": _("Take a filter away, or plan one."),
                "icon": "clipboard-check",
            },
        },
    }
    return render(request, "inspections/visits.html", context)


def views(here: str, request: HttpRequest) -> list[dict[str, Any]]:
    """List, calendar and board of the same filters."""
    query = {key: one for key, one in request.GET.items() if one and key not in ("after", "before", "month")}
    words = (
        ("inspections:visits", _("List")),
        ("inspections:calendar", _("Calendar")),
        ("inspections:board", _("Board")),
    )
    return [
        {"label": label, "url": f"{reverse(name)}{f'?{urlencode(query)}' if query else ''}", "active": name == here}
        for name, label in words
    ]


def tabs(actor: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """The questions asked most, one press away."""
    today = clock.today().isoformat()
    asked: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Open"), {"state": "open"}),
        (_("Today"), {"from": today, "to": today}),
        (_("Overdue"), {"late": "1"}),
        (_("Filed"), {"state": "filed"}),
    ]
    if not actor.enterprises:
        asked.insert(2, (_("Mine"), {"mine": "1", "state": "open"}))
    here = {key: one for key, one in request.GET.items() if one and key not in ("after", "before")}
    url = reverse("inspections:visits")
    return [
        {"label": label, "url": f"{url}?{urlencode(query)}" if query else url, "active": query == here}
        for label, query in asked
    ]


def counted_words(counted: int) -> str:
    if counted > COUNTED:
        return _("more than %(n)s visits") % {"n": f"{COUNTED:,}"}
    return ngettext("%(n)s visit", "%(n)s visits", counted) % {"n": f"{counted:,}"}


def columns(actor: Actor) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = [
        {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
        {"key": "state", "label": _("State"), "kind": "state"},
        {"key": "enterprise", "label": _("Enterprise"), "width": "wide"},
        {"key": "day", "label": _("Day of the visit")},
        {"key": "kind", "label": _("Kind of visit")},
        {"key": "style", "label": _("Style")},
        {"key": "body", "label": _("The body that visits"), "hidden": True},
        {"key": "findings", "label": _("Findings"), "kind": "number"},
        {"key": "due", "label": _("Time left"), "kind": "time_left"},
        {"key": "region", "label": _("Region"), "hidden": True},
        {"key": "industry", "label": _("Supervision field"), "hidden": True},
        {"key": "check", "label": _("Counts as"), "hidden": True},
        {"key": "reason", "label": _("Occasion"), "hidden": True},
    ]
    return shown if may_know(actor) else [one for one in shown if one["key"] != "reason"]


def rows(actor: Actor, found: list[Visit]) -> list[dict[str, Any]]:
    names = enterprises_of(found)
    bodies = bodies_of(found)
    places = region_names(row.region for row in found)
    fields = industry_names() if found else {}
    return [
        {
            "id": str(row.pk),
            "url": url_of(row),
            "tone": "" if row.open else "muted",
            "cells": {
                "number": row.number,
                "state": state_view(row),
                "enterprise": names[row.enterprise_id].name,
                "day": day_words(row),
                "kind": kind_words(row.kind),
                "style": style_words(row.style),
                "body": listed(bodies.get(str(one), "") for one in [row.organisation_id, *row.joined] if one),
                "findings": row.findings_count if row.arrived_at else None,
                "due": due_view(row),
                "region": places.get(row.region, ""),
                "industry": fields.get(row.industry_id, row.industry_id),
                "check": check_words(row.check_kind),
                "reason": reason_words(row.reason) if may_know(actor) else "",
            },
        }
        for row in found
    ]


COLUMNS = (
    Column(key="number", title=gettext_lazy("Number"), width=24),
    Column(key="state", title=gettext_lazy("State"), width=12),
    Column(key="enterprise", title=gettext_lazy("Enterprise"), width=30),
    Column(key="uscc", title=gettext_lazy("Unified social credit code"), width=22),
    Column(key="region", title=gettext_lazy("Region"), width=24),
    Column(key="industry", title=gettext_lazy("Supervision field"), width=16),
    Column(key="kind", title=gettext_lazy("Kind of visit"), width=14),
    Column(key="check", title=gettext_lazy("Counts as"), width=14),
    Column(key="style", title=gettext_lazy("Style"), width=10),
    Column(key="reason", title=gettext_lazy("Occasion"), width=14),
    Column(key="body", title=gettext_lazy("The body that visits"), width=24),
    Column(key="planned_on", title=gettext_lazy("Day of the visit"), kind="date", width=12),
    Column(key="arrived_at", title=gettext_lazy("Arrived at"), kind="datetime"),
    Column(key="left_at", title=gettext_lazy("Left at"), kind="datetime"),
    Column(key="findings", title=gettext_lazy("Findings"), width=10),
    Column(key="filed_at", title=gettext_lazy("Filed at"), kind="datetime"),
)


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """Exactly what is filtered, in its order, up to a bound; what is longer is narrowed first."""
    actor = reader_of(request)
    filters = read_filters(request.GET)
    stream = BytesIO()
    fields = industry_names()
    lines = (line for portion in walk(actor, filters, most=MOST_EXPORTED) for line in _lines(actor, portion, fields))
    export_rows(stream, COLUMNS, lines, title=_("Visits"))
    stream.seek(0)
    return download(stream, f"{_('Visits')}-{clock.today()}.xlsx")


def _lines(actor: Actor, found: list[Visit], fields: dict[str, str]) -> list[list[Any]]:
    names = enterprises_of(found)
    bodies = bodies_of(found)
    places = region_names(row.region for row in found)
    return [
        [
            row.number, state_words(row.state), names[row.enterprise_id].name, names[row.enterprise_id].uscc,
            places.get(row.region, ""), fields.get(row.industry_id, row.industry_id), kind_words(row.kind),
            check_words(row.check_kind), style_words(row.style),
            reason_words(row.reason) if may_know(actor) else "",
            bodies.get(str(row.organisation_id), ""), row.planned_on, row.arrived_at, row.left_at,
            str(row.findings_count), row.filed_at,
        ]
        for row in found
    ]  # fmt: skip


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """What a picker finds while one types."""
    actor = reader_of(request)
    name = picker_name(request, kind, SEARCHES)
    words, chosen = request.GET.get(f"{name}_words", ""), request.GET.get("chosen", "")
    more = {key: str(one) for key, one in request.GET.items()}
    found = chosen_options(kind, [chosen]) if chosen else SEARCHES[kind](actor, words.strip()[:100], more)
    return picked(request, name, found, checked=bool(chosen))
