"""On the pages of enterprises, hazards and visits: the instruments that concern them, alerts, and where to draft the next one."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Instrument
from anlan.enforcement.pages.alerts import shown
from anlan.enforcement.pages.common import url_of
from anlan.enforcement.queries.alerts import alerts
from anlan.enforcement.queries.list import seen
from anlan.enforcement.rules import DRAFTERS, ISSUERS, READERS
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.wording import name_of, state_view
from anlan.hazards import beside as beside_hazards
from anlan.hazards.models import Hazard
from anlan.inspections import beside as beside_visits
from anlan.inspections.models import Visit
from anlan.kernel.actor import Actor
from anlan.registry.models import Enterprise

LATEST = 6
FROM_HAZARD = ("rectification_order", "supervise_letter", "warning_letter", "interview_notice")
FROM_VISIT = ("rectification_order", "site_measures", "warning_letter")
RECORDED = ("recorded", "signed", "filed")
"""States of a visit in which something can be drafted from it: its record stands."""


def enterprise_panel(request: HttpRequest, enterprise: Enterprise) -> SafeString | None:
    """What was issued to it, and what its records call for; an enterprise sees what it was served, never an alert."""
    actor = _reader(request)
    if actor is None:
        return None
    found = alerts(actor, enterprise=enterprise.pk) if actor.role in ISSUERS else []
    context = _issued(actor, Q(enterprise=enterprise.pk)) | {
        "alerts": shown(actor, found),
        "all_url": f"{reverse('enforcement:list')}?{urlencode({'enterprise': enterprise.pk})}",
        "new_url": _new(enterprise=enterprise.pk) if actor.role in DRAFTERS else "",
    }
    return _card(request, context) if actor.role in DRAFTERS or context["rows"] or found else None


@beside_hazards.panel_by
def hazard_panel(request: HttpRequest, hazard: Hazard) -> SafeString | None:
    actor = _reader(request)
    if actor is None:
        return None
    context = _issued(actor, Q(source_type="hazard", source_id=hazard.pk)) | {
        "offers": _offers("hazard", hazard.pk, FROM_HAZARD) if actor.role in DRAFTERS and hazard.open else []
    }
    return _card(request, context) if context["rows"] or context["offers"] else None


@beside_visits.panel_by
def visit_panel(request: HttpRequest, visit: Visit) -> SafeString | None:
    actor = _reader(request)
    if actor is None:
        return None
    drafts = actor.role in DRAFTERS and visit.state in RECORDED and visit.kind == "administrative"
    context = _issued(actor, Q(source_type="visit", source_id=visit.pk)) | {
        "offers": _offers("visit", visit.pk, FROM_VISIT) if drafts else []
    }
    return _card(request, context) if context["rows"] or context["offers"] else None


def _reader(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.role in READERS else None


def _issued(actor: Actor, which: Q) -> dict[str, Any]:
    rows = Instrument.objects.filter(seen(actor), which).order_by("-created_at", "-id")[: LATEST + 1]
    found = list(rows)
    return {
        "rows": [
            {
                "url": url_of(one),
                "name": name_of(one, kind_of(one)),
                "kind": kind_of(one).label,
                "state": state_view(one),
                "served": one.served_on,
                "answer_due": one.answer_due,
            }
            for one in found[:LATEST]
        ],
        "more": len(found) > LATEST,
    }


def _offers(source: str, record: UUID, codes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"label": kinds()[code].label, "url": _new(source=source, id=record, kind=code)} for code in codes]


def _new(**asked: Any) -> str:
    return f"{reverse('enforcement:new')}?{urlencode(asked)}"


def _card(request: HttpRequest, context: dict[str, Any]) -> SafeString:
    return SafeString(render_to_string("enforcement/_panel.html", context, request=request))
