"""The visit's page: where it stands, what I may do, the checklist, the findings, the signatures, the timeline."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.identity.asking import reader_of
from anlan.inspections.actions.visit import take_step
from anlan.inspections.beside import panels
from anlan.inspections.flow import VISIT
from anlan.inspections.grounds import may_know
from anlan.inspections.items import item_of
from anlan.inspections.models import Visit
from anlan.inspections.pages import shapes
from anlan.inspections.pages.common import url_of
from anlan.inspections.queries import visits as queries
from anlan.inspections.queries.field import open_hazards
from anlan.inspections.rules import is_visited, is_visitor
from anlan.inspections.steps.recording import given, missing, parties
from anlan.inspections.wording import due_view, kind_words, party_words, state_view
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Problem
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import buttons
from anlan.kernel.ledger.read import newest_head
from anlan.registry.queries import region_names

OWN_PAGES = ("record", "sign")
DANGER = frozenset({"cancel", "withdraw_finding"})
IN_PLACE = frozenset({"answer", "add_finding", "withdraw_finding", "on_site"})
"""Steps that have their place on the page itself."""


@require_GET
def record(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    visit = queries.visit(visit_id)
    enterprise = queries.enterprises_of([visit])[visit.enterprise_id]
    history = queries.history(visit)
    planner = queries.planner_of(visit)
    pictures = shapes.photos_of(visit)
    found = queries.findings_of(visit)
    offered = [one for one in offers(VISIT, visit, actor) if one.name not in IN_PLACE]
    main, more = buttons(offered, url_of(visit), danger=DANGER, own=OWN_PAGES)
    working = visit.state == "under_way" and is_visitor(actor, visit)
    place = region_names([visit.region]).get(visit.region, "")
    seal = proof(visit)
    context = {
        "crumbs": [{"label": _("Visits"), "url": reverse("inspections:visits")}, {"label": visit.number}],
        "record": {
            "number": visit.number,
            "title": _("%(kind)s at %(enterprise)s") % {"kind": kind_words(visit.kind), "enterprise": enterprise.name},
            "url": url_of(visit),
            "state": state_view(visit),
        },
        "visit": visit,
        "stepper_steps": shapes.stepper(visit, history),
        "due": due_view(visit),
        "steps": main,
        "more_steps": more,
        "facts": shapes.facts(
            visit,
            enterprise,
            queries.site_of(visit),
            place,
            queries.bodies_of([visit]),
            planner.name if planner else "",
            why=may_know(actor),
        ),
        "near": [
            {"number": one.number, "url": url_of(one), "day": one.planned_on, "body": one.organisation}
            for one in (queries.near(visit) if not actor.enterprises else [])
        ],
        "members": shapes.members(visit),
        "checklist": shapes.checklist(visit, queries.answers_of(visit), found, pictures),
        "working": working,
        "answer_url": reverse("inspections:answer", args=[visit.pk]),
        "base": f"{url_of(visit)}steps/",
        "findings": shapes.findings(found, pictures),
        "measures": shapes.measures(queries.on_site_of(visit)),
        "signatures": shapes.signatures(visit, queries.signatures_of(visit)),
        "to_sign": to_sign(actor, visit),
        "open_hazards": shapes.open_hazards(open_hazards(actor, visit)) if visit.open else [],
        "panels": panels(request, visit),
        "documents": visit.record_digest != "",
        "entries": shapes.timeline(history),
        "proof": seal,
        "proof_code": segno.make(seal["text"], error="m").svg_data_uri(scale=3, border=2) if seal else "",
    }
    return render(request, "inspections/visit.html", context)


def to_sign(actor: Actor, visit: Visit) -> list[dict[str, Any]]:
    """The signatures still to come that this reader can bring: visitors all of them, the enterprise its own."""
    if visit.state != "recorded":
        return []
    own, visitor = bool(is_visited(actor, visit)), bool(is_visitor(actor, visit))
    signed = {one.for_id or one.person_id for one in given(visit)}
    base = f"{url_of(visit)}sign/"
    wanted = []
    for party, count in missing(visit).items():
        people = [(one.name, str(one.person)) for one in parties(visit).get(party, []) if one.person not in signed]
        names = people if party != "enterprise" else [(visit.met_name, "")]
        for name, member in names[: max(count, len(people))]:
            may = visitor or (own and party == "enterprise")
            asked = urlencode({"party": party, "name": name} | ({"member": member} if member else {}))
            wanted.append({"party": party_words(party), "name": name, "url": f"{base}?{asked}" if may else ""})
    return wanted


def proof(visit: Visit) -> dict[str, Any]:
    """What a print names, so that a later rewrite shows: the record's digest and the newest head of the ledger."""
    if not visit.record_digest:
        return {}
    head = newest_head()
    size = head.size if head else 0
    return {
        "number": visit.number,
        "digest": visit.record_digest,
        "size": size,
        "text": f"ANLAN1 {visit.number} {visit.record_digest} {size}",
    }


@require_POST
def answer(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One item, answered in its place: the row comes back as it now is, or with the reason why not."""
    actor = reader_of(request)
    visit = queries.visit(visit_id)
    data = {name: request.POST.get(name, "") for name in ("item", "value", "remark")}
    data["photos"] = request.POST.getlist("photos")  # type: ignore[assignment]
    problem = ""
    try:
        visit = take_step(actor=actor, visit=visit.pk, step="answer", data=data)
    except Problem as refused:
        if not request.headers.get("HX-Request"):
            raise
        problem = " ".join(str(one) for reasons in refused.fields.values() for one in reasons) or refused.detail
    if not request.headers.get("HX-Request"):
        return redirect(f"{url_of(visit)}#item-{data['item']}")
    return _row(request, visit, data["item"], problem)


def _row(request: HttpRequest, visit: Visit, item_id: str, problem: str) -> HttpResponse:
    try:
        item = item_of(visit, UUID(item_id))
    except ValueError:
        item = None
    if item is None:
        return HttpResponse(status=404)
    answers = queries.answers_of(visit)
    row = shapes.item_view(visit, item, answers.get(item.pk), queries.findings_of(visit), shapes.photos_of(visit))
    context = {
        "item": row,
        "working": True,
        "answer_url": reverse("inspections:answer", args=[visit.pk]),
        "problem": problem,
    }
    return render(request, "inspections/_item.html", context, status=422 if problem else 200)
