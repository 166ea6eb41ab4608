"""The list of rewards, with sums by state that reconcile with the budget."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.pages import read_place, write_place
from anlan.kernel.phrases import in_tongue
from anlan.kernel.timeline import state_words
from anlan.registry.queries import region_names
from anlan.rewards import queries
from anlan.rewards.flow import REWARD
from anlan.rewards.forms import FilterForm
from anlan.rewards.models import Reward
from anlan.rewards.pages.common import asker, url_of, views
from anlan.rewards.queries.list import COUNTED
from anlan.rewards.wording import due_view, state_view, way_words


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    filters = queries.read_filters(request.GET)
    page = queries.rewards(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), as_moment, UUID),
        before=read_place(request.GET.get("before", ""), as_moment, UUID),
    )
    year = filters.year or clock.today().year
    context = {
        "title": _("Rewards"),
        "views": views("list"),
        "figures": _figures(actor, year),
        "budget_lines": [_budget_words(one) for one in queries.budgets(actor, year)[:1]],
        "tabs": _tabs(request),
        "filter_form": FilterForm(actor, request.GET or None),
        "table": _table(page, queries.count_rewards(actor, filters)),
    }
    return render(request, "rewards/list.html", context)


def _figures(actor: Actor, year: int) -> list[dict[str, Any]]:
    """Each opens to its rows."""
    return [
        {
            "label": state_words(REWARD, one.state),
            "value": f"{one.count:,}",
            "unit": "",
            "words": _("%(yuan)s yuan") % {"yuan": f"{one.fen / 100:,.2f}"},
            "url": f"{reverse('rewards:list')}?state={one.state}&year={year}",
        }
        for one in queries.sums(actor, year)
    ]


def _budget_words(one: queries.BudgetView) -> str:
    sums = {
        "year": one.budget.year,
        "all": f"{one.budget.fen / 100:,.2f}",
        "paid": f"{one.paid_fen / 100:,.2f}",
        "open": f"{one.open_fen / 100:,.2f}",
        "beyond": f"{one.beyond_fen / 100:,.2f}",
        "left": f"{one.left_fen / 100:,.2f}",
    }
    if one.beyond_fen:
        return (
            _(
                "Budget %(year)s: %(all)s = paid %(paid)s + promised %(open)s + paid beyond what was owed %(beyond)s"
                " + left %(left)s (yuan)"
            )
            % sums
        )
    return _("Budget %(year)s: %(all)s = paid %(paid)s + promised %(open)s + left %(left)s (yuan)") % sums


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    base = reverse("rewards:list")
    here = request.GET.urlencode()
    asked = (
        (_("All"), ""),
        (_("To be approved"), "state=proposed"),
        (_("To be claimed"), "state=claimable"),
        (_("Being paid"), "state=paying"),
        (_("Paid"), "state=paid"),
        (_("Overdue"), "late=1"),
        (_("Contradictory payment"), "disputed=1"),
    )
    return [
        {"label": label, "url": f"{base}?{query}" if query else base, "active": query == here} for label, query in asked
    ]


def _table(page: queries.Page, counted: int) -> dict[str, Any]:
    if counted > COUNTED:
        words = _("more than %(n)s rewards") % {"n": f"{COUNTED:,}"}
    else:
        words = ngettext("%(n)s reward", "%(n)s rewards", counted) % {"n": f"{counted:,}"}
    return {
        "id": "rewards",
        "label": _("Rewards"),
        "columns": [
            {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "amount", "label": _("Amount (yuan)"), "kind": "money"},
            {"key": "report", "label": _("Report"), "template": "rewards/_report_cell.html", "width": "wide"},
            {"key": "rule", "label": _("By the rule")},
            {"key": "region", "label": _("Region"), "hidden": True},
            {"key": "due", "label": _("Time left"), "kind": "time_left"},
            {"key": "way", "label": _("Way of payment")},
            {"key": "created", "label": _("Proposed on"), "kind": "date"},
            {"key": "paid", "label": _("Paid on"), "kind": "date", "hidden": True},
            {"key": "year", "label": _("Year of the budget"), "hidden": True},
        ],
        "rows": _rows(page.rows),
        "page": {"next": write_place(page.after), "previous": write_place(page.before), "words": words},
        "empty": {
            "title": _("No reward here"),
            "text": _("A reward is proposed when a verified report is answered, or by hand on the report's page."),
            "icon": "gift",
        },
    }


def _rows(found: list[Reward]) -> list[dict[str, Any]]:
    places = region_names(row.region for row in found)
    return [
        {
            "id": str(row.pk),
            "url": url_of(row),
            "tone": "muted" if row.state in ("excluded", "refused", "lapsed") else "",
            "cells": {
                "number": row.number,
                "state": state_view(row),
                "amount": row.amount_fen,
                "report": {"number": row.report.number, "words": row.report.words[:80]},
                "rule": in_tongue(row.rule) if row.rule else "",
                "region": places.get(row.region, ""),
                "due": due_view(row),
                "way": way_words(row.way),
                "created": row.created_at,
                "paid": row.paid_at,
                "year": row.year,
            },
        }
        for row in found
    ]
