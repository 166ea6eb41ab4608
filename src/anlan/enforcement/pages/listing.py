"""The list of instruments: filters in the address, counts by what is asked most, export of exactly what is filtered."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from anlan.enforcement import queries
from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Instrument
from anlan.enforcement.pages.common import asker, url_of
from anlan.enforcement.rules import DRAFTERS, ISSUERS, covers, known_source
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.states import STATES
from anlan.enforcement.wording import due_view, name_of, state_view, way_words
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.pages import download, read_place, write_place
from anlan.kernel.timeline import state_words
from anlan.registry.queries import region_choices, region_names

ANY = ("", "—")
MOST_EXPORTED = 5000
OVER = ("filed", "withdrawn", "discarded")


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number or addressee begins with")}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of instrument"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Overdue"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [ANY, *((one.code, one.label) for one in kinds().values() if not one.elsewhere)]
        fields["state"].choices = [ANY, ("open", _("all open")), *((one.code, one.label) for one in STATES)]
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
        if actor.enterprises:
            del fields["region"]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    filters = queries.read_filters(request.GET)
    page = queries.instruments(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), as_moment, UUID),
        before=read_place(request.GET.get("before", ""), as_moment, UUID),
    )
    issuing = actor.role in ISSUERS
    context = {
        "title": _("Instruments"),
        "views": views(actor, "list"),
        "tabs": _tabs(request) if issuing else [],
        "filter_form": FilterForm(actor, request.GET or None),
        "table": _table(actor, page, queries.count_instruments(actor, filters)),
    }
    return render(request, "enforcement/list.html", context)


def views(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The pages of the issuing side; an enterprise has the list alone."""
    if actor.role not in ISSUERS:
        return []
    pages = (
        ("list", _("Instruments")),
        ("alerts", _("Alerts")),
        ("cases", _("Cases of penalty")),
        ("templates", _("Templates")),
        ("organs", _("Issuing organs")),
    )
    return [{"label": label, "url": reverse(f"enforcement:{name}"), "active": name == here} for name, label in pages]


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    base = reverse("enforcement:list")
    here = {key: one for key, one in request.GET.items() if one and key not in ("after", "before")}
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        (_("All"), {}),
        (_("Drafts to review"), {"state": "drafted"}),
        (_("To be approved"), {"state": "reviewed"}),
        (_("To be numbered and sealed"), {"state": "approved"}),
        (_("To be served"), {"state": "numbered"}),
        (_("Waiting for an answer"), {"state": "served"}),
        (_("Overdue"), {"late": "1"}),
    )
    return [
        {"label": label, "url": f"{base}?{urlencode(query)}" if query else base, "active": query == here}
        for label, query in asked
    ]


def counted_words(counted: int) -> str:
    if counted > queries.COUNTED:
        return _("more than %(n)s instruments") % {"n": f"{queries.COUNTED:,}"}
    return ngettext("%(n)s instrument", "%(n)s instruments", counted) % {"n": f"{counted:,}"}


def _table(actor: Actor, page: queries.Page, counted: int) -> dict[str, Any]:
    drafts = actor.role in DRAFTERS
    return {
        "id": "instruments",
        "label": _("Instruments"),
        "columns": [
            {"key": "number", "label": pgettext("instrument", "Number"), "kind": "link", "lead": True, "always": True},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "kind", "label": _("Kind of instrument")},
            {"key": "addressee", "label": _("Addressee"), "width": "wide"},
            {"key": "source", "label": _("Rests on"), "hidden": True},
            {"key": "region", "label": _("Region"), "hidden": True},
            {"key": "drafter", "label": _("Drafted by"), "hidden": True},
            {"key": "due", "label": _("Time left"), "kind": "time_left"},
            {"key": "served", "label": _("Served on"), "kind": "date"},
            {"key": "answer", "label": _("Answer due"), "kind": "date"},
            {"key": "created", "label": _("Drafted on"), "kind": "date", "hidden": True},
        ],
        "rows": _rows(actor, page.rows),
        "page": {
            "next": write_place(page.after),
            "previous": write_place(page.before),
            "words": counted_words(counted),
        },
        "export_url": reverse("enforcement:export"),
        "create_url": reverse("enforcement:new") if drafts else "",
        "create_label": _("New instrument"),
        "empty": {
            "title": _("No instrument here"),
            "text": _("It is drafted from a hazard, a visit or an alert, or by hand.")
            if drafts
            else _("What is served on you is shown here."),
            "icon": "file-certificate",
        },
    }


def _rows(actor: Actor, found: list[Instrument]) -> list[dict[str, Any]]:
    places = region_names(row.place for row in found)
    return [
        {
            "id": str(row.pk),
            "url": url_of(row),
            "tone": "muted" if row.state in OVER else "",
            "cells": {
                "number": name_of(row, kind_of(row)),
                "state": state_view(row),
                "kind": kind_of(row).label,
                "addressee": row.addressee,
                "source": row.source_number if covers(actor, row) else known_source(row),
                "region": places.get(row.place, ""),
                "drafter": (row.drafter_name or _("the platform")) if covers(actor, row) else "",
                "due": due_view(row),
                "served": row.served_on,
                "answer": row.answer_due,
                "created": row.created_at,
            },
        }
        for row in found
    ]


COLUMNS = (
    Column(key="number", title=pgettext_lazy("instrument", "Number"), width=28),
    Column(key="state", title=gettext_lazy("State"), width=14),
    Column(key="kind", title=gettext_lazy("Kind of instrument"), width=22),
    Column(key="addressee", title=gettext_lazy("Addressee"), width=32),
    Column(key="region", title=gettext_lazy("Region"), width=24),
    Column(key="source", title=gettext_lazy("Rests on"), width=26),
    Column(key="drafter", title=gettext_lazy("Drafted by"), width=14),
    Column(key="created", title=gettext_lazy("Drafted on"), kind="date", width=12),
    Column(key="issued", title=gettext_lazy("Issued on"), kind="date", width=12),
    Column(key="way", title=gettext_lazy("Way of service"), width=14),
    Column(key="served", title=gettext_lazy("Served on"), kind="date", width=12),
    Column(key="answer", title=gettext_lazy("Answer due"), kind="date", width=12),
    Column(key="answered", title=gettext_lazy("Answered at"), kind="datetime"),
)


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Exactly what is filtered, in its order, up to a bound; what is longer is narrowed first."""
    actor = asker(request)
    stream = BytesIO()
    export_rows(stream, COLUMNS, _lines(actor, queries.read_filters(request.GET)), title=_("Instruments"))
    stream.seek(0)
    return download(stream, f"{_('Instruments')}-{clock.today():%Y%m%d}.xlsx")


def _lines(actor: Actor, filters: queries.Filters) -> Iterator[list[Any]]:
    after, left = None, MOST_EXPORTED
    while left > 0:
        page = queries.instruments(actor, filters, after=after, limit=min(1000, left))
        places = region_names(row.place for row in page.rows)
        for row in page.rows:
            yield [
                row.number, state_words(INSTRUMENT, row.state), kind_of(row).label, row.addressee, places.get(row.place, ""),
                row.source_number if (inside := covers(actor, row)) else known_source(row), (row.drafter_name or _("the platform")) if inside else "",
                clock.day_of(row.created_at) if inside else None, row.issued_on, way_words(row.way),
                row.served_on, row.answer_due, row.answered_at,
            ]  # fmt: skip
        left -= len(page.rows)
        after = page.after
        if after is None:
            return
