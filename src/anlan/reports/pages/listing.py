"""The list of reports: filters in the address, export of exactly what is filtered."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.pages import download, picked, picker_name, read_place, write_place
from anlan.kernel.phrases import choice_words
from anlan.registry.queries import industry_names, region_names
from anlan.reports.forms import SEARCHES, FilterForm, chosen_options, search
from anlan.reports.models import Report
from anlan.reports.models.report import CHANNELS
from anlan.reports.office_wording import due_view
from anlan.reports.pages.common import official_of, url_of
from anlan.reports.queries import COUNTED, count_reports, reports
from anlan.reports.queries.office import category_names, read_filters, unit_names, walk
from anlan.reports.rules import DESK
from anlan.reports.wording import outcome_words, state_view, state_words

MOST_EXPORTED = 5000


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = official_of(request)
    filters = read_filters(request.GET)
    page = reports(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), as_moment, UUID),
        before=read_place(request.GET.get("before", ""), as_moment, UUID),
    )
    context = {
        "title": _("Citizens' reports"),
        "tabs": tabs(actor, request),
        "filter_form": FilterForm(actor, request.GET or None),
        "table": {
            "id": "reports",
            "label": _("Citizens' reports"),
            "columns": columns(),
            "rows": rows(page.rows),
            "page": {
                "next": write_place(page.after),
                "previous": write_place(page.before),
                "words": counted_words(count_reports(actor, filters)),
            },
            "export_url": reverse("reports:export"),
            "create_url": reverse("reports:call") if actor.role in DESK else "",
            "create_label": _("Take a call down"),
            "empty": {
                "title": _("No reports here."),
                "text": _("Take a filter away; what citizens report appears here once it is yours to see."),
                "icon": "message-report",
            },
        },
    }
    return render(request, "reports/list.html", context)


def tabs(actor: Actor, request: HttpRequest) -> list[dict[str, Any]]:
    """The questions asked most, one press away."""
    asked: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Open"), {"state": "open"}),
        (_("Waits for me"), {"mine": "1"}),
        (_("Overdue"), {"late": "1", "state": "open"}),
        (_("Urgent"), {"urgent": "1", "state": "open"}),
    ]
    if actor.role in DESK:
        asked += [(_("Sent back"), {"state": "returned"}), (_("To be reviewed"), {"state": "handled"})]
    here = {key: one for key, one in request.GET.items() if one and key not in ("after", "before")}
    url = reverse("reports:list")
    return [
        {"label": label, "url": f"{url}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else url,
         "active": query == here}
        for label, query in asked
    ]  # fmt: skip


def counted_words(counted: int) -> str:
    if counted > COUNTED:
        return _("more than %(n)s reports") % {"n": f"{COUNTED:,}"}
    return ngettext("%(n)s report", "%(n)s reports", counted) % {"n": f"{counted:,}"}


def columns() -> list[dict[str, Any]]:
    return [
        {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
        {"key": "state", "label": _("State"), "kind": "state"},
        {"key": "what", "label": _("What is wrong"), "template": "reports/_what.html", "width": "wide"},
        {"key": "category", "label": _("Kind of report")},
        {"key": "unit", "label": _("Unit")},
        {"key": "due", "label": _("Time left"), "kind": "time_left"},
        {"key": "reported", "label": _("Reported at"), "kind": "date"},
        {"key": "outcome", "label": _("Outcome")},
        {"key": "region", "label": _("Region"), "hidden": True},
        {"key": "joined", "label": _("Others who reported it"), "kind": "number", "hidden": True},
        {"key": "returns", "label": _("Times sent back"), "kind": "number", "hidden": True},
        {"key": "industry", "label": _("Supervision field"), "hidden": True},
        {"key": "channel", "label": _("Channel"), "hidden": True},
        {"key": "hazard", "label": _("Hazard"), "hidden": True},
        {"key": "answered", "label": _("Answered at"), "kind": "datetime", "hidden": True},
    ]


def rows(found: list[Report]) -> list[dict[str, Any]]:
    names = unit_names(row.unit_id for row in found)
    places = region_names(row.region for row in found)
    kinds = category_names() if found else {}
    fields = industry_names() if found else {}
    return [
        {
            "id": str(row.pk),
            "url": url_of(row),
            "tone": "" if row.open else "muted",
            "cells": {
                "number": row.number,
                "state": state_view(row),
                "what": {
                    "place": row.address or places.get(row.region, ""),
                    "region": places.get(row.region, "") if row.address else "",
                    "words": row.words,
                    "urgent": row.urgent if row.open else "",
                    "held": row.held,
                    "joined": row.joined,
                },
                "category": kinds.get(row.category_id or "", ""),
                "region": places.get(row.region, ""),
                "unit": names.get(row.unit_id, "") if row.unit_id else "",
                "due": due_view(row),
                "reported": row.reported_at,
                "outcome": outcome_words(row.outcome) if row.outcome else "",
                "joined": row.joined or None,
                "returns": row.returns or None,
                "industry": fields.get(row.industry_id or "", ""),
                "channel": choice_words(CHANNELS, row.channel),
                "hazard": row.hazard_number,
                "answered": row.answered_at,
            },
        }
        for row in found
    ]


COLUMNS = (
    Column(key="number", title=gettext_lazy("Number"), width=22),
    Column(key="state", title=gettext_lazy("State"), width=12),
    Column(key="outcome", title=gettext_lazy("Outcome"), width=14),
    Column(key="category", title=gettext_lazy("Kind of report"), width=16),
    Column(key="words", title=gettext_lazy("What is wrong"), width=60),
    Column(key="region", title=gettext_lazy("Region"), width=24),
    Column(key="address", title=gettext_lazy("Where"), width=30),
    Column(key="unit", title=gettext_lazy("Unit"), width=24),
    Column(key="industry", title=gettext_lazy("Supervision field"), width=16),
    Column(key="channel", title=gettext_lazy("Channel"), width=14),
    Column(key="reported", title=gettext_lazy("Reported at"), kind="datetime"),
    Column(key="verified", title=gettext_lazy("Time of the check on the spot"), kind="datetime"),
    Column(key="handled", title=gettext_lazy("Handled at"), kind="datetime"),
    Column(key="answered", title=gettext_lazy("Answered at"), kind="datetime"),
    Column(key="hazard", title=gettext_lazy("Hazard"), width=22),
    Column(key="joined", title=gettext_lazy("Others who reported it"), width=10),
    Column(key="returns", title=gettext_lazy("Times sent back"), width=10),
    Column(key="reopened", title=gettext_lazy("Handled again"), width=10),
    Column(key="answer", title=gettext_lazy("What the reporter is told"), width=60),
)


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """Exactly what is filtered, in its order. What is longer than a file should be is refused, never cut off."""
    actor = official_of(request)
    filters = read_filters(request.GET)
    if count_reports(actor, filters, most=MOST_EXPORTED) > MOST_EXPORTED:
        raise Invalid(
            _("These are more than %(n)s reports: narrow the list, for example by its dates."), n=f"{MOST_EXPORTED:,}"
        )
    stream = BytesIO()
    lines = (line for portion in walk(actor, filters, most=MOST_EXPORTED) for line in _lines(portion))
    title = _("Citizens' reports")
    export_rows(stream, COLUMNS, lines, title=title)
    stream.seek(0)
    return download(stream, f"{title}-{clock.today()}.xlsx")


def _lines(found: list[Report]) -> Iterator[list[Any]]:
    names = unit_names(row.unit_id for row in found)
    kinds, fields = category_names(), industry_names()
    places = region_names(row.region for row in found)
    for row in found:
        yield [
            row.number, state_words(row.state), outcome_words(row.outcome) if row.outcome else "",
            kinds.get(row.category_id or "", ""), row.words, places.get(row.region, ""), row.address,
            names.get(row.unit_id, "") if row.unit_id else "", fields.get(row.industry_id or "", ""),
            choice_words(CHANNELS, row.channel), row.reported_at, row.verified_at, row.handled_at, row.answered_at,
            row.hazard_number, str(row.joined), str(row.returns), str(row.reopened), row.answer,
        ]  # fmt: skip


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """What a picker finds while one types."""
    actor = official_of(request)
    name = picker_name(request, kind, SEARCHES)
    words, chosen = request.GET.get(f"{name}_words", ""), request.GET.get("chosen", "")
    more = {key: str(one) for key, one in request.GET.items()}
    found = chosen_options(kind, actor, [chosen]) if chosen else search(kind, actor, words, more)
    return picked(request, name, found, checked=bool(chosen))
