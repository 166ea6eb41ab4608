"""The record's page: where it stands, what I may do, the facts, the evidence, the timeline from the ledger."""

from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.hazards.beside import panels
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Photo
from anlan.hazards.pages import shapes
from anlan.hazards.pages.common import url_of
from anlan.hazards.queries import detail
from anlan.hazards.wording import due_view, grade_view, state_view
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import buttons
from anlan.registry.queries import region_names

DANGER = frozenset({"refuse", "dismiss", "stop_use", "transfer", "merge"})


@require_GET
def record(request: HttpRequest, hazard_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    hazard = detail.hazard(hazard_id)
    history = detail.history(hazard)
    names = detail.names(hazard, history)
    photos = detail.photos(hazard)
    proof = detail.proof(hazard, history)
    main, more = buttons(offers(HAZARD, hazard, actor), url_of(hazard), danger=DANGER, own=("sign",))
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
        "steps": sorted(main, key=lambda one: bool(one["stays"])),  # those that lead on come first
        "more_steps": more,
        "facts": shapes.facts(hazard, names, region_names([hazard.region]).get(hazard.region, "")),
        "plan": shapes.plan(hazard),
        "chain": shapes.chain(hazard),
        "groups": shapes.before_and_after(photos, official=official),
        "other_groups": shapes.other_photos(photos, official=official),
        "signatures": shapes.signatures(detail.signatures(hazard)),
        "due_dates": detail.due_dates(hazard),
        "rechecks": detail.rechecks(hazard),
        "reports": shapes.citizens_reports(detail.citizens_reports(hazard)) if official else [],
        "panels": panels(request, hazard),
        "links": shapes.links(detail.linked(hazard, history)),
        "entries": shapes.timeline(history, names, _by_version(photos), official=official),
        "proof": proof,
        "proof_code": segno.make(proof.text(), error="m").svg_data_uri(scale=3, border=2),
        "printing": "print" in request.GET,
    }
    return render(request, "hazards/record.html", context)


def _by_version(photos: list[Photo]) -> dict[int, list[Photo]]:
    found: dict[int, list[Photo]] = {}
    for photo in photos:
        found.setdefault(photo.version, []).append(photo)
    return found
