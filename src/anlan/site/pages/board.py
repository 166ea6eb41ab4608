"""The overdue board: accounts that reconcile, each number opening to its rows."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anlan.hazards.models import GRADES, SOURCES
from anlan.hazards.queries import Board, BoardFilters, Month, Row, board, trend
from anlan.hazards.queries.board import By
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.registry.queries import industries, industry_names, region_choices
from anlan.site.menu import WATCHERS
from anlan.site.pages.access import address, open_to

RANKED = 15
FIGURES = ("found", "open", "late", "major", "major_late", "closed", "dismissed", "transferred")
VIEWS: dict[str, Any] = {
    "region": gettext_lazy("By territory"),
    "industry": gettext_lazy("By supervision field"),
    "source": gettext_lazy("By source"),
}
NOUNS: dict[str, Any] = {
    "region": gettext_lazy("Territory"),
    "industry": gettext_lazy("Supervision field"),
    "source": gettext_lazy("Source"),
}


class Narrowing(forms.Form):
    """What the board is narrowed to; the same words as the hazard list's filters."""

    region = forms.TypedChoiceField(label=gettext_lazy("Territory"), required=False, coerce=int, empty_value=None)
    industry = forms.ChoiceField(label=gettext_lazy("Supervision field"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False)
    by = forms.ChoiceField(required=False, choices=list(VIEWS.items()), widget=forms.HiddenInput)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = industry_names()
        every = [("", _("All"))]
        choices: dict[str, list[Any]] = {
            "region": region_choices(actor),
            "industry": [(one.code, names[one.code]) for one in industries(actor)],
            "source": list(SOURCES),
            "grade": [one for one in GRADES if one[0]],
        }
        for name, found in choices.items():
            self.fields[name].choices = every + found  # type: ignore[attr-defined]


@require_GET
@open_to(*WATCHERS)
def overdue_board(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Narrowing(actor, request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    filters = BoardFilters(
        region=asked.get("region"),
        industry=asked.get("industry", ""),
        source=asked.get("source", ""),
        grade=asked.get("grade", ""),
    )
    by: By = asked.get("by") or "region"
    found = board(actor, by, filters)
    context = {
        "title": _("Overdue board"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Overdue board")}],
        "filter_form": form,
        "tabs": _tabs(request, by),
        "at": clock.now(),
        "columns": _columns(),
        "heading": NOUNS[by],
        "rows": [_row(row, filters, by) for row in found.rows],
        "total": _row(found.total, filters, by),
        "reconciles": all(row.reconciles() for row in (*found.rows, found.total)),
        "charts": [_trend(trend(actor, filters), filters), _ranking(found, by)],
    }
    return render(request, "site/board.html", context)


def _tabs(request: HttpRequest, by: str) -> list[dict[str, Any]]:
    found = []
    for name, label in VIEWS.items():
        asked = request.GET.copy()
        asked["by"] = name
        found.append({"label": label, "url": f"?{asked.urlencode()}", "active": name == by})
    return found


def _columns() -> list[dict[str, Any]]:
    words = (
        _("Found"),
        _("Open"),
        _("Overdue"),
        _("Major, open"),
        _("Major, overdue"),
        _("Closed off"),
        _("Dismissed"),
        _("Transferred"),
    )
    return [{"key": key, "label": label} for key, label in zip(FIGURES, words, strict=True)]


def _row(row: Row, filters: BoardFilters, by: str) -> dict[str, Any]:
    """A line of the table; a territory's name opens the board below it."""
    deeper = f"?region={row.key}&by=region" if by == "region" and row.key and _has_below(row, filters) else ""
    return {
        "label": row.label or _("Total"),
        "url": deeper,
        "cells": [
            {
                "label": column["label"],
                "value": getattr(row, column["key"]),
                "url": address("hazards:list", query=row.queries[column["key"]]),
                "late": column["key"] in ("late", "major_late") and getattr(row, column["key"]),
            }
            for column in _columns()
        ],
        "share": f"{100 * row.late / row.open:.1f} %" if row.open else "–",
        "reconciles": row.reconciles(),
    }


def _has_below(row: Row, filters: BoardFilters) -> bool:
    """Counties open to their townships; a township, or a county's own line, to nothing further."""
    code = int(row.key)
    return code % 1_000_000 == 0 and code != filters.region


def _trend(months: list[Month], filters: BoardFilters) -> dict[str, Any]:
    narrowed = {key: value for key, value in filters.query().items() if key in ("region", "industry")}
    return {
        "id": "trend",
        "title": _("Found and closed off"),
        "words": _("by month, all sources and grades") if filters.source or filters.grade else _("by month"),
        "kind": "line",
        "labels": [month.month.strftime("%Y-%m") for month in months],
        "label_title": _("Month"),
        "series": [
            {
                "name": _("Found"),
                "values": [month.found for month in months],
                "urls": [_month_url(month.month, narrowed) for month in months],
            },
            {"name": _("Closed off"), "values": [month.closed for month in months]},
        ],
    }


def _month_url(first: date, narrowed: dict[str, Any]) -> str:
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal() - 1
    asked = {**narrowed, "from": first.isoformat(), "to": date.fromordinal(last).isoformat()}
    return address("hazards:list", query="&".join(f"{key}={value}" for key, value in asked.items()))


def _ranking(found: Board, by: str) -> dict[str, Any]:
    rows = sorted((row for row in found.rows if row.late), key=lambda row: -row.late)[:RANKED]
    return {
        "id": "ranking",
        "title": _("Overdue, most first"),
        "words": VIEWS[by],
        "kind": "ranking",
        "size": "lg" if len(rows) > 8 else "md",
        "labels": [row.label for row in rows],
        "label_title": NOUNS[by],
        "series": [
            {
                "name": _("Overdue"),
                "values": [row.late for row in rows],
                "urls": [address("hazards:list", query=row.queries["late"]) for row in rows],
                "tone": "late",
            }
        ],
    }
