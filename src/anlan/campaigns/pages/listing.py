"""My returns, and the list of all that one may see."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.campaigns.forms import FilterForm
from anlan.campaigns.models import Return
from anlan.campaigns.pages.common import asker, due_view, month_words, state_view, url_of, views, waits_for
from anlan.campaigns.queries import listing as queries
from anlan.campaigns.queries.listing import COUNTED
from anlan.campaigns.rules import AT_WORK
from anlan.campaigns.states import WRITING
from anlan.kernel.pages import read_place, write_place
from anlan.kernel.phrases import in_tongue
from anlan.registry.queries import region_names

STEPS = {
    "fill": ("campaigns:fill", "edit"),
    "review": ("campaigns:review", "eye"),
    "lock": ("campaigns:return", "lock"),
}


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What this post fills in, looks at and locks, and the months before."""
    actor = asker(request)
    if actor.role not in AT_WORK:  # who audits has none
        return redirect("campaigns:returns")
    waiting = queries.waiting_for(actor)
    busy = {row.pk for row, _step in waiting}
    context = {
        "title": _("My returns"),
        "views": views("mine", actor),
        "unit": actor.organisation_name,
        "groups": [
            {"label": label, "rows": [_waiting(row, step) for row, step in waiting if step == name]}
            for name, label in (
                ("fill", _("To fill in")), ("review", _("To review")), ("lock", _("To lock")),
            )
        ],
        "rows": [_mine(row) for row in queries.mine(actor) if row.pk not in busy],
        "waiting": bool(waiting),
    }  # fmt: skip
    return render(request, "campaigns/mine.html", context)


def _waiting(row: Return, step: str) -> dict[str, Any]:
    name, icon = STEPS[step]
    errors = sum(one["severity"] == "error" and one["check"] not in ("blank", "no_rows", "empty") for one in row.troubles) if step == "fill" else 0  # fmt: skip
    return _mine(row) | {
        "action": {"fill": _("Fill in"), "review": _("Review"), "lock": _("Lock")}[step],
        "action_url": reverse(name, args=[row.pk]),
        "icon": icon,
        "errors": errors,
    }


def _mine(row: Return) -> dict[str, Any]:
    return {
        "month": month_words(row.month),
        "unit": row.unit.name,
        "campaign": in_tongue(row.campaign),
        "url": url_of(row),
        "state": state_view(row),
        "due": due_view(row),
        "marks": marks(row),
        "waits_for": waits_for(row),
        "reason": row.reason if row.state == "returned" else "",
    }


def marks(row: Return) -> list[dict[str, str]]:
    """Facts that stay with a return: each as words and a tone."""
    found = [
        (row.missing, _("missing"), "danger"),
        (row.was_late and not row.missing, _("handed in late"), "danger"),
        (row.bounced, ngettext("bounced %(n)s time", "bounced %(n)s times", row.bounced) % {"n": row.bounced}, "plain"),
        (row.sent_back, ngettext("sent back %(n)s time", "sent back %(n)s times", row.sent_back) % {"n": row.sent_back}, "plain"),
        (row.amended, ngettext("amended %(n)s time", "amended %(n)s times", row.amended) % {"n": row.amended}, "plain"),
    ]  # fmt: skip
    return [{"label": words, "tone": tone} for here, words, tone in found if here]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    filters = queries.read_filters(request.GET)
    kinds = (date.fromisoformat, int, UUID)
    page = queries.returns(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), *kinds),
        before=read_place(request.GET.get("before", ""), *kinds),
    )
    counted = queries.count_returns(actor, filters)
    context = {
        "title": _("All returns"),
        "views": views("returns", actor),
        "filter_form": FilterForm(actor, request.GET or None),
        "table": _table(page, counted),
    }
    return render(request, "campaigns/list.html", context)


def _table(page: queries.Page, counted: int) -> dict[str, Any]:
    if counted > COUNTED:
        words = _("more than %(n)s returns") % {"n": f"{COUNTED:,}"}
    else:
        words = ngettext("%(n)s return", "%(n)s returns", counted) % {"n": f"{counted:,}"}
    places = region_names(row.region for row in page.rows)
    return {
        "id": "returns",
        "label": _("Monthly returns"),
        "columns": [
            {"key": "unit", "label": _("Filling unit"), "kind": "link", "lead": True, "always": True},
            {"key": "month", "label": _("Month"), "width": "narrow"},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "waits", "label": _("Waits for")},
            {"key": "due", "label": _("Time left"), "kind": "time_left"},
            {"key": "marks", "label": _("Record of filling"), "template": "campaigns/_marks.html"},
            {"key": "handed", "label": _("Handed in on"), "kind": "date"},
            {"key": "region", "label": _("Region"), "hidden": True},
            {"key": "campaign", "label": _("Campaign"), "hidden": True},
        ],
        "rows": [
            {
                "id": str(row.pk),
                "url": url_of(row),
                "cells": {
                    "unit": row.unit.name,
                    "month": month_words(row.month),
                    "state": state_view(row),
                    "waits": waits_for(row),
                    "due": due_view(row),
                    "marks": marks(row),
                    "handed": row.handed_in_at,
                    "region": places.get(row.region, ""),
                    "campaign": in_tongue(row.campaign),
                },
                "tone": "muted" if row.state in WRITING and not row.late else "",
            }
            for row in page.rows
        ],
        "page": {"next": write_place(page.after), "previous": write_place(page.before), "words": words},
        "empty": {
            "title": _("No return here"),
            "text": _("When a month is opened, a return of every unit that takes part stands here."),
            "icon": "clipboard-list",
        },
    }
