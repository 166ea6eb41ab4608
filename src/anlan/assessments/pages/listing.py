"""The years: rounds with how far they are, and the own unit's assessments."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.assessments import queries
from anlan.assessments.cards import card_of
from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment, Round
from anlan.assessments.pages.common import asker, url_of, views
from anlan.assessments.rules import runs, sees_check
from anlan.assessments.scoring.card import plain
from anlan.assessments.states import STATES
from anlan.assessments.wording import due_view, grade_view, state_view
from anlan.kernel.actor import Actor
from anlan.kernel.pages import read_place, write_place
from anlan.kernel.phrases import in_tongue, listed
from anlan.kernel.timeline import state_words
from anlan.registry.queries import region_names

PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    after = read_place(request.GET.get("after", ""), int, UUID)
    found = queries.rounds(actor, after=after, limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    office = actor.region is not None and runs(actor, actor.region)
    context = {
        "title": _("Yearly assessments"),
        "views": views("list"),
        "mine": [_mine(actor, one) for one in queries.mine(actor)],
        "table": _table(found, write_place((found[-1].year, found[-1].pk)) if more else None, office=office),
    }
    return render(request, "assessments/list.html", context)


def _mine(actor: Actor, row: Assessment) -> dict[str, Any]:
    shown = row.total is not None and sees_check(actor, row)
    return {
        "year": row.year,
        "number": row.number,
        "url": url_of(row),
        "state": state_view(row),
        "due": due_view(row),
        "total": plain(row.total) if shown else "",
        "grade": grade_view(card_of(row), row.grade) if shown else "",
        "rank": row.rank,
    }


def _table(found: list[Round], after: str | None, *, office: bool) -> dict[str, Any]:
    states, places = queries.states_of(found), region_names(row.region for row in found)
    empty = {
        "title": _("No assessment yet"),
        "text": _("The committee office publishes a score card and opens the year for the units."),
        "icon": "clipboard-check",
    }
    return {
        "id": "assessment-rounds",
        "label": _("Yearly assessments"),
        "columns": [
            {"key": "year", "label": _("Year"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
            {"key": "card", "label": _("Score card"), "width": "wide"},
            {"key": "region", "label": _("Region")},
            {"key": "states", "label": _("Units"), "width": "wide"},
            {"key": "self_by", "label": _("Self-score until"), "kind": "date"},
            {"key": "published", "label": _("Published on"), "kind": "date"},
        ],
        "rows": [
            {
                "id": str(row.pk),
                "url": reverse("assessments:round", args=[row.pk]),
                "cells": {
                    "year": str(row.year),
                    "card": in_tongue(row.card),
                    "region": places.get(row.region, ""),
                    "states": states_words(states[row.pk]),
                    "self_by": row.self_by,
                    "published": row.published_at,
                },
            }
            for row in found
        ],
        "page": {"next": after, "previous": None, "words": ""},
        "create_url": reverse("assessments:open") if office else "",
        "create_label": _("Open a year"),
        "empty": empty,
    }


def states_words(counts: dict[str, int]) -> str:
    return listed(f"{state_words(ASSESSMENT, one.code)} {counts[one.code]}" for one in STATES if one.code in counts)
