"""The calendar and the board of visits, with the filters of the list."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.inspections.flow import VISIT
from anlan.inspections.forms import FilterForm
from anlan.inspections.models import Visit
from anlan.inspections.pages.common import url_of
from anlan.inspections.pages.visits import views
from anlan.inspections.queries.filters import VisitFilters, read_filters
from anlan.inspections.queries.visits import board as board_of
from anlan.inspections.queries.visits import enterprises_of, month
from anlan.inspections.rules import PLANNERS
from anlan.inspections.wording import day_words, due_view, kind_words, state_view, style_words
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.workdays import CalendarExhausted
from anlan.registry.models import Enterprise

SHAPES = {"waiting": "ring", "active": "half", "done": "check", "late": "triangle", "muted": "dash"}
A_CELL = 4
"""Visits shown in one cell of the grid; the rest behind a number."""


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    first = _month(request.GET.get("month", ""))
    filters = read_filters(request.GET)
    begin = first - timedelta(days=first.weekday())
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    end = last + timedelta(days=6 - last.weekday())
    found = month(actor, begin, end, _without_days(filters))
    names = enterprises_of([row for rows in found.values() for row in rows])
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    cells = [_cell(day, first, found.get(day, []), names, actor.role in PLANNERS) for day in days]
    context = {
        "title": _("Visits"),
        "views": views("inspections:calendar", request),
        "filter_form": _form(request, actor),
        "month": date_format(first, "YEAR_MONTH_FORMAT"),
        "weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)],
        "days": [cell for cell in cells if cell["visits"] and cell["inside"]],
        "earlier": _turned(request, first - timedelta(days=1)),
        "later": _turned(request, last + timedelta(days=1)),
        "now": _turned(request, clock.today()),
        "may_plan": actor.role in PLANNERS,
    }
    return render(request, "inspections/calendar.html", context)


def _form(request: HttpRequest, actor: Any) -> FilterForm:
    form = FilterForm(actor, request.GET or None)
    for name in ("first", "last"):
        del form.fields[name]
    return form


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


def _without_days(filters: VisitFilters) -> VisitFilters:
    from dataclasses import replace

    return replace(filters, first=None, last=None)


def _turned(request: HttpRequest, day: date) -> str:
    query = {key: one for key, one in request.GET.items() if one and key not in ("month", "after", "before")}
    return f"{reverse('inspections:calendar')}?{urlencode(query | {'month': f'{day:%Y-%m}'})}"


def _cell(day: date, first: date, rows: list[Visit], names: dict[Any, Enterprise], may_plan: bool) -> dict[str, Any]:
    shown = [_small(row, names) for row in rows]
    return {
        "day": day,
        "number": day.day,
        "iso": day.isoformat(),
        "inside": day.month == first.month,
        "today": day == clock.today(),
        "rests": _rests(day),
        "visits": shown,
        "first": shown[:A_CELL],
        "more": max(0, len(shown) - A_CELL),
        "url": f"{reverse('inspections:visits')}?from={day.isoformat()}&to={day.isoformat()}",
        "plan_url": f"{reverse('inspections:plan')}?planned_on={day.isoformat()}"
        if may_plan and day >= clock.today()
        else "",
    }


def _rests(day: date) -> bool:
    try:
        return not working_days().is_workday(day)
    except CalendarExhausted:
        return day.weekday() > 4


def _small(row: Visit, names: dict[Any, Enterprise]) -> dict[str, Any]:
    return {
        "url": url_of(row),
        "number": row.number,
        "enterprise": names[row.enterprise_id].name,
        "state": state_view(row),
        "shape": SHAPES[state_view(row)["tone"]],
        "kind": kind_words(row.kind),
        "style": style_words(row.style),
        "day": day_words(row),
        "due": due_view(row),
    }


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What is open, state by state, the soonest first."""
    actor = reader_of(request)
    filters = read_filters(request.GET)
    found = board_of(actor, filters)
    names = enterprises_of([row for _state, rows, _count in found for row in rows])
    form = FilterForm(actor, request.GET or None)
    del form.fields["state"]
    context = {
        "title": _("Visits"),
        "views": views("inspections:board", request),
        "filter_form": form,
        "columns": [
            {
                "label": VISIT.state(state).label,
                "waits": VISIT.state(state).waits_for,
                "count": count,
                "rows": [_small(row, names) for row in rows],
                "url": f"{reverse('inspections:visits')}?state={state}",
            }
            for state, rows, count in found
            if state != "signed"
        ],
        "may_plan": actor.role in PLANNERS,
    }
    return render(request, "inspections/board.html", context)
