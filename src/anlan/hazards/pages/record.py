"""The record's page: where it stands, what I may do, the facts, the evidence, the timeline from the ledger."""

from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Photo
from anlan.hazards.pages import shapes
from anlan.hazards.pages.common import actor_of, url_of
from anlan.hazards.queries import detail
from anlan.hazards.wording import due_view, grade_view, state_view
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.flow.offers import Offer, offers
from anlan.kernel.ledger.read import Act
from anlan.registry.queries import region_names

DANGER = frozenset({"refuse", "dismiss", "stop_use", "transfer", "merge"})


@require_GET
def record(request: HttpRequest, hazard_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    hazard = detail.hazard(hazard_id)
    history = detail.history(hazard)
    names = detail.names(hazard, history)
    photos = detail.photos(hazard)
    proof = detail.proof(hazard, history)
    main, more = buttons(offers(HAZARD, hazard, actor), url_of(hazard))
    official = actor.role in roles.OFFICIALS
    context = {
        "crumbs": [{"label": _("Hazards"), "url": reverse("hazards:list")}, {"label": hazard.number}],
        "record": {
            "number": hazard.number,
            "title": shapes.title(hazard),
            "url": url_of(hazard),
            "state": state_view(hazard),
            "grade": grade_view(hazard) if hazard.grade else None,
        },
        "hazard": hazard,
        "stepper_steps": shapes.stepper(hazard, history, detail.waited_for(hazard)),
        "due": due_view(hazard),
        "steps": main,
        "more_steps": more,
        "facts": shapes.facts(hazard, names, region_names([hazard.region]).get(hazard.region, "")),
        "plan": shapes.plan(hazard),
        "chain": shapes.chain(hazard),
        "groups": shapes.before_and_after(photos, official=official),
        "other_groups": shapes.other_photos(photos, official=official),
        "signatures": shapes.signatures(detail.signatures(hazard)),
        "due_dates": detail.due_dates(hazard),
        "rechecks": detail.rechecks(hazard),
        "links": shapes.links(detail.linked(hazard, history)),
        "entries": _proved(shapes.timeline(history, names, _by_version(photos), official=official), history, actor),
        "proof": proof,
        "proof_code": segno.make(proof.text(), error="m").svg_data_uri(scale=3, border=2),
        "printing": "print" in request.GET,
    }
    return render(request, "hazards/record.html", context)


def _proved(entries: list[dict[str, Any]], history: list[Act], actor: Actor) -> list[dict[str, Any]]:
    """Each entry of the timeline, newest first, leads to its bytes and its proof in the ledger."""
    if actor.role != roles.CITIZEN:
        for entry, act in zip(entries, reversed(history), strict=True):
            entry["proof"]["url"] = reverse("audit-entry", args=[act.id])
    return entries


def _by_version(photos: list[Photo]) -> dict[int, list[Photo]]:
    found: dict[int, list[Photo]] = {}
    for photo in photos:
        found.setdefault(photo.version, []).append(photo)
    return found


def buttons(found: list[Offer], base: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps that move it on, those that lead to another state first; and the rest, folded away."""
    shown = [
        {
            "name": one.name,
            "label": one.label,
            "allowed": one.allowed,
            "reason": one.reason,
            "url": f"{base}sign/" if one.name == "sign" else f"{base}steps/{one.name}/",
            "tone": "danger" if one.name in DANGER else "",
            "panel": one.name != "sign",
            "listed": one.step.listed,
            "stays": one.step.stays,
        }
        for one in found
    ]
    main = sorted((one for one in shown if one["listed"]), key=lambda one: bool(one["stays"]))
    more = [one for one in shown if not one["listed"] and one["allowed"]]
    return main, more
