"""The plans, and one plan as a tree with its progress."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from anlan.kernel.errors import NotFound
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_id
from anlan.plans import actions
from anlan.plans.ordinals import is_code
from anlan.plans.pages.common import Opened, asker, item_url, opened
from anlan.plans.queries import tree
from anlan.plans.queries.progress import Standing, Tally, standings, tally
from anlan.plans.rules import keeps
from anlan.plans.wording import bar_view, percent, reached_words, span_words, state_view, target_words


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The plans one may read; where there is but one, that one."""
    actor = asker(request)
    found = tree.plans()
    without = tree.campaigns_without(actor) if actor.region is not None and keeps(actor, actor.region) else []
    if len(found) == 1 and not without and not request.GET.get("all"):
        return redirect("plans:tree", found[0].pk)
    rows = [
        {
            "id": str(one.pk),
            "url": reverse("plans:tree", args=[one.pk]),
            "cells": {
                "name": in_tongue(one.campaign),
                "from": one.campaign.from_day,
                "to": one.campaign.to_day,
                "published": one.published_at.date() if one.published_at else None,
            },
        }
        for one in found
    ]
    table = {
        "id": "plans",
        "label": _("Campaign plans"),
        "columns": [
            {"key": "name", "label": _("Campaign"), "kind": "link", "lead": True, "always": True},
            {"key": "from", "label": pgettext("campaign", "From"), "kind": "date"},
            {"key": "to", "label": pgettext("campaign", "To"), "kind": "date"},
            {"key": "published", "label": _("Published on"), "kind": "date"},
        ],
        "rows": rows,
        "empty": {
            "title": _("No plan to see here"),
            "text": _("A plan is written by the committee office and read by everybody once it is published."),
            "icon": "sitemap",
        },
    }
    context = {"title": _("Campaign plans"), "table": table, "without": [(one.pk, in_tongue(one)) for one in without]}
    return render(request, "plans/list.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """An empty plan for a campaign."""
    actor = asker(request)
    campaign = read_id(request.POST.get("campaign"))
    if campaign is None:
        raise NotFound
    made = actions.open_plan(actor=actor, data={"campaign": campaign})
    messages.success(request, _("The plan is open. Bring its lines in from a workbook or a document."))
    return redirect("plans:tree", made.pk)


@require_GET
def show(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    rows = standings(seen.plan, seen.year)
    context = seen.context("tree") | {
        "figures": figures(seen, rows),
        "branches": [_branch(seen, one) for one in tree.branches(seen.plan, rows)],
        "planned": seen.mine and any(one.state == "planned" for one in rows),
    }
    return render(request, "plans/tree.html", context)


def figures(seen: Opened, rows: list[Standing]) -> list[dict[str, Any]]:
    """Each opens to its rows."""
    whole: Tally = tally(rows)
    return [
        {
            "label": _("Items of the year"),
            "value": f"{whole.total:,}",
            "words": _("%(n)s done") % {"n": f"{whole.done:,}"},
            "url": seen.url("items"),
        },
        {
            "label": _("Done so far"),
            "value": percent(whole.share),
            "words": _("%(share)s of the time gone") % {"share": percent(whole.expected)},
            "tone": "accent",
        },
        {
            "label": _("Key tasks"),
            "value": f"{whole.key_done} / {whole.key_total}",
            "words": _("done of all"),
            "url": seen.url("items", key=1),
        },
        {
            "label": _("Waiting to be verified"),
            "value": f"{whole.reported:,}",
            "url": seen.url("items", state="reported"),
        },
        {
            "label": _("Past their day"),
            "value": f"{whole.overdue:,}",
            "tone": "late" if whole.overdue else "",
            "url": seen.url("units"),
        },
    ]


def _branch(seen: Opened, one: tree.Branch) -> dict[str, Any]:
    node = one.node
    return {
        "code": node.code,
        "name": node.name,
        "level": node.level,
        "key": node.key,
        "unit": node.unit_name,
        "partners": node.partners,
        "method": node.method,
        "requirement": node.requirement,
        "target": target_words(node) if node.level == "work" and node.measure in ("number", "document") else "",
        "span": span_words(node.starts_on, node.due) if node.due else "",
        "bar": bar_view(one.tally),
        "below": [_branch(seen, part) for part in one.below],
        "items_url": seen.url("branch", code=node.code) if node.level == "work" else "",
        "list_url": seen.url("items", branch=node.code),
    }


@require_GET
def branch(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The items under a work, fetched when it is opened."""
    seen = opened(request, plan_id)
    code = request.GET.get("code", "")
    if not is_code(code):
        raise NotFound
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "url": item_url(one),
            "unit": one.unit_name,
            "sub_plan": one.sub_plan.name,
            "state": state_view(one),
            "reached": reached_words(one),
            "due": span_words(None, one.due),
            "key": one.key,
        }
        for one in tree.items_of(seen.plan, code, seen.year)
    ]
    return render(request, "plans/_items.html", {"rows": rows})
