"""Score cards: looked at, fetched as a workbook, sent back, tried, published."""

import json
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.assessments import actions, queries
from anlan.assessments.cards import SHIPPED, card, shipped
from anlan.assessments.forms import CardForm
from anlan.assessments.pages.common import asker, views
from anlan.assessments.rules import runs
from anlan.assessments.scoring.card import Card, CardError, plain, read_card
from anlan.assessments.wording import WAYS, mark_words, measure_words, rule_words
from anlan.assessments.workbook import read_workbook, write_card
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.kernel.pages import download, read_place, write_place
from anlan.kernel.phrases import in_tongue
from anlan.kernel.refusals import Refused
from anlan.registry.queries import region_names

PAGE = 50
MOST_BYTES = 5_000_000


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    found = queries.cards(actor, after=read_place(request.GET.get("after", ""), int, UUID), limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    places = region_names(row.region for row in found)
    table = {
        "id": "score-cards",
        "label": _("Score cards"),
        "columns": [
            {"key": "name", "label": _("Score card"), "kind": "link", "lead": True, "always": True, "width": "wide"},
            {"key": "year", "label": _("Year"), "kind": "number"},
            {"key": "version", "label": _("Version"), "kind": "number"},
            {"key": "region", "label": _("Region")},
            {"key": "at", "label": _("Published on"), "kind": "date"},
            {"key": "by", "label": _("Published by")},
        ],
        "rows": [
            {
                "id": str(row.pk),
                "url": reverse("assessments:card", args=[row.pk]),
                "cells": {
                    "name": in_tongue(row),
                    "year": str(row.year),
                    "version": row.version,
                    "region": places.get(row.region, ""),
                    "at": row.published_at,
                    "by": row.published_by,
                },
            }
            for row in found
        ],
        "page": {"next": write_place((found[-1].year, found[-1].pk)) if more else None, "previous": None, "words": ""},
        "create_url": reverse("assessments:new-card") if _publishes(actor) else "",
        "create_label": _("New score card"),
        "empty": {
            "title": _("No score card yet"),
            "text": _("Begin with one of the examples: fetch it, put your weights in, send it back."),
            "icon": "list-check",
        },
    }
    examples = _examples() if _publishes(actor) else []
    context = {"title": _("Score cards"), "views": views("cards"), "table": table, "examples": examples}
    return render(request, "assessments/cards.html", context)


def _publishes(actor: Actor) -> bool:
    return actor.region is not None and runs(actor, actor.region)


def _examples() -> list[dict[str, str]]:
    return [{"label": shipped(code).label, "url": reverse("assessments:example", args=[code])} for code in SHIPPED]


@require_GET
def example(request: HttpRequest, code: str) -> HttpResponseBase:
    asker(request)
    if code not in SHIPPED:
        raise NotFound
    return _workbook(shipped(code))


@require_GET
def fetch(request: HttpRequest, score_card_id: UUID) -> HttpResponseBase:
    actor = asker(request)
    return _workbook(card(queries.one_card(actor, score_card_id).pk))


def _workbook(found: Card) -> HttpResponseBase:
    stream = BytesIO()
    write_card(found, stream)
    stream.seek(0)
    return download(stream, f"{found.label}-{found.year}.xlsx")


@require_GET
def one(request: HttpRequest, score_card_id: UUID) -> HttpResponse:
    actor = asker(request)
    row = queries.one_card(actor, score_card_id)
    found = card(row.pk)
    context = {
        "title": f"{found.label} · {found.year}",
        "crumbs": [{"label": _("Score cards"), "url": reverse("assessments:cards")}, {"label": str(found.year)}],
        "card": card_view(found),
        "row": row,
        "file_url": reverse("assessments:card-file", args=[row.pk]),
    }
    return render(request, "assessments/card.html", context)


def card_view(found: Card) -> dict[str, Any]:
    return {
        "label": found.label,
        "year": found.year,
        "version": found.version,
        "basis": found.basis,
        "mark": found.mark,
        "mark_words": mark_words(found.mark),
        "bonus_most": plain(found.bonus_most),
        "digest": found.digest,
        "groups": [
            {
                "label": group.label,
                "weight": plain(group.weight),
                "items": [
                    _rule(found, item)
                    | {
                        "weight": plain(item.weight),
                        "way": str(WAYS[item.way]),
                        "measure": measure_words(item.measure) if item.measure else "",
                        "formula": item.formula,
                    }
                    for item in group.item
                ],
            }
            for group in found.group
        ],
        "bonuses": [_rule(found, one) for one in found.bonus],
        "vetoes": [_rule(found, one) for one in found.veto],
        "grades": [{"label": one.label, "points": plain(one.points)} for one in found.grade],
    }


def _rule(found: Card, one: Any) -> dict[str, Any]:
    return {
        "label": one.label,
        "rule": rule_words(one, found),
        "basis": one.basis,
        "mark": one.mark,
        "mark_words": mark_words(one.mark),
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A workbook is read and shown with all that is wrong; nothing is kept before the card is published from that page."""
    actor = asker(request)
    if not _publishes(actor):
        raise Forbidden
    if request.method == "POST" and "card" in request.POST:
        return _publish(request, actor)
    form = CardForm(request.POST, request.FILES) if request.method == "POST" else CardForm()
    tried: Card | None = None
    faults: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            tried, faults = _read(form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", str(refused))
    return _new_page(request, form, tried, faults)


def _new_page(request: HttpRequest, form: CardForm, tried: Card | None, faults: list[dict[str, str]]) -> HttpResponse:
    context = {
        "title": _("New score card"),
        "crumbs": [{"label": _("Score cards"), "url": reverse("assessments:cards")}, {"label": _("New score card")}],
        "form": form,
        "examples": _examples(),
        "card": card_view(tried) if tried else None,
        "definition": json.dumps(tried.stored(), ensure_ascii=False) if tried else "",
        "faults": faults,
    }
    return render(request, "assessments/new_card.html", context, status=422 if faults or form.errors else 200)


def _read(file: UploadedFile) -> tuple[Card | None, list[dict[str, str]]]:
    if (file.size or 0) > MOST_BYTES:
        return None, [{"where": file.name or "", "reason": _("The file is too large for a score card.")}]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return read_workbook(Path(kept.name))


def _publish(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was shown comes back as it was; the verb judges it anew."""
    try:
        definition = json.loads(request.POST["card"])
        made = actions.publish_card(actor=actor, data={"card": definition})
    except Invalid as problem:
        reasons = [str(one) for found in problem.fields.values() for one in found] or [problem.detail]
        tried = _again(request.POST["card"])
        return _new_page(request, CardForm(), tried, [{"where": "", "reason": one} for one in reasons])
    except ValueError:
        raise Invalid from None
    messages.success(request, _("The score card is published."))
    return redirect("assessments:card", made.pk)


def _again(text: str) -> Card | None:
    try:
        return read_card(json.loads(text))
    except (CardError, ValueError):
        return None
