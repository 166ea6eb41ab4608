"""What a phone downloads: today's visits with all that is needed without a network."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from anlan.inspections import beside
from anlan.inspections.flow import VISIT
from anlan.inspections.grounds import may_know
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Answer, Finding, OnSite, Visit, VisitSignature
from anlan.inspections.rules import as_visitor, members_of, role_on
from anlan.inspections.sheet import files_of, photo_digests, standing
from anlan.inspections.states import BEFORE
from anlan.inspections.steps.recording import given, wanted
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.ledger.write import encode
from anlan.kernel.phrases import in_tongue
from anlan.registry.models import Enterprise, Industry, Site
from anlan.risks.models import RiskPoint
from anlan.standards.models import Item

DAYS_AHEAD = 3
"""Whoever drives to a place without a network has the next days' visits along."""
MOST = 50
DONE = ("signed", "filed")


def visits_for(actor: Actor, day: date) -> list[dict[str, Any]]:
    """
    The open visits of this post up to some days ahead: those it goes on, or those an enterprise knows of.

    Those recorded and filed this day stay to be read: nobody's work vanishes from under their hands as it arrives.
    """
    if actor.person is None:
        return []
    mine = Q(known_to_id__in=actor.enterprises) if actor.enterprises else Q(member_ids__contains=[actor.person])
    began = datetime.combine(day, time(), clock.SHANGHAI)
    rows = Visit.objects.filter(mine).exclude(state="cancelled")
    rows = rows.filter(~Q(state__in=DONE) | Q(recorded_at__gte=began))
    rows = rows.filter(~Q(state__in=BEFORE) | Q(planned_on__lte=day + timedelta(days=DAYS_AHEAD)))
    return [bundle(actor, visit) for visit in rows.order_by("planned_on", "id")[:MOST]]


def bundle(actor: Actor, visit: Visit) -> dict[str, Any]:
    """One visit as the phone keeps it."""
    answers = {str(row.item_id): row for row in Answer.objects.filter(visit_id=visit.pk)}
    signatures = given(visit)
    findings = list(Finding.objects.filter(visit_id=visit.pk).order_by("found_at", "id"))
    return {
        "id": str(visit.pk),
        "number": visit.number,
        "state": visit.state,
        "state_label": str(VISIT.state(visit.state).label),
        "version": visit.version,
        "kind": visit.kind,
        "check": visit.check_kind,
        "style": visit.style,
        "planned_on": visit.planned_on.isoformat(),
        "planned_to": visit.planned_to.isoformat() if visit.planned_to else None,
        "reason": visit.reason if may_know(actor) else "",
        "reason_words": visit.reason_words if may_know(actor) else "",
        "campaign": visit.campaign,
        "basis": visit.basis,
        "arrived_at": visit.arrived_at.isoformat() if visit.arrived_at else None,
        **_whom(visit),
        "members": [
            {"person": str(one.person), "name": one.name, "role": one.role, "certificate": one.certificate}
            for one in members_of(visit)
        ],
        "leader": role_on(actor, visit) == "leader",
        "items": [item_facts(item) for item in items_of_visit(visit)],
        "answers": {
            item: {"value": row.value, "remark": row.remark, "files": row.files} for item, row in answers.items()
        },
        "findings": [_finding(row) for row in findings],
        "on_site": [
            encode(
                {
                    "id": row.pk,
                    "kind": row.kind,
                    "words": row.words,
                    "people": row.people,
                    "until": row.until,
                    "finding": row.finding_id,
                }
            )
            for row in OnSite.objects.filter(visit_id=visit.pk).order_by("at", "id")
        ],
        "photos": photo_digests(
            [
                *files_of(answers.values()),
                *files_of(findings),
                *(str(row.drawing_id) for row in signatures if row.drawing_id),
            ]
        ),
        "signatures": [_signature(row) for row in signatures],
        "signers": wanted(visit),
        "open_hazards": open_hazards(actor, visit),
        "sheet": standing(visit).facts,
        "digest": visit.record_digest,
    }


def open_hazards(actor: Actor, visit: Visit) -> list[dict[str, Any]]:
    """What is still open at the enterprise: for those who go, with the territory of the visit."""
    with scope.acting(
        as_visitor(actor, region=visit.region, industry_bit=visit.industry_bit) if not actor.enterprises else actor
    ):
        return beside.open_hazards(visit.enterprise_id)


def _whom(visit: Visit) -> dict[str, Any]:
    with scope.elevated("whoever sees a visit sees whom it visits"):
        one = Enterprise.objects.get(pk=visit.enterprise_id)
        site = Site.objects.filter(pk=visit.site_id).first() if visit.site_id else None
        points = list(RiskPoint.objects.filter(enterprise_id=visit.enterprise_id, active=True).order_by("name")[:500])
    industry = Industry.objects.get(pk=visit.industry_id)
    return encode_floats(
        {
            "enterprise": {
                "id": str(one.pk),
                "name": one.name,
                "uscc": one.uscc,
                "address": one.address,
                "principal_name": one.principal_name,
                "principal_phone": one.principal_phone,
                "industry": industry.pk,
                "industry_name": in_tongue(industry),
                "lon": one.lon,
                "lat": one.lat,
                "grade": one.grade,
            },
            "site": {"id": str(site.pk), "name": site.name, "address": site.address, "lon": site.lon, "lat": site.lat}
            if site
            else None,
            "risk_points": [
                {"id": str(point.pk), "name": point.name, "colour": point.colour, "place": point.place}
                for point in points
            ],
        }
    )


def encode_floats(facts: dict[str, Any]) -> dict[str, Any]:
    """Degrees as numbers, as maps read them."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list) else value

    return {key: plain(value) for key, value in facts.items()}


def item_facts(item: Item) -> dict[str, Any]:
    checklist = item.edition.checklist
    return {
        "id": str(item.pk),
        "code": item.code,
        "group": item.group,
        "text": in_tongue(item),
        "method": item.method,
        "evidence_asked": item.evidence_asked,
        "basis": basis_of(item),
        "weight": item.weight,
        "category": item.category,
        "major_clause": str(item.major_clause_id) if item.major_clause_id else None,
        "checklist": in_tongue(checklist),
    }


def basis_of(item: Item) -> str:
    """The law an item rests on, in words."""
    if item.basis or item.law_clause is None:
        return item.basis
    return f"《{item.law_clause.law.zh}》{item.law_clause.article}"


def _signature(row: VisitSignature) -> dict[str, Any]:
    same = ("party", "name", "title", "refused", "reason", "witnesses")
    return {name: getattr(row, name) for name in same} | {"drawing": str(row.drawing_id) if row.drawing_id else None}


def _finding(row: Finding) -> dict[str, Any]:
    found: dict[str, Any] = encode(
        {
            "id": row.pk,
            "item": row.item_id,
            "risk_point": row.risk_point_id,
            "place": row.place,
            "category": row.category,
            "description": row.description,
            "clause": row.clause_id,
            "major": row.major,
            "lon": row.lon,
            "lat": row.lat,
            "system": "wgs84",
            "found_at": row.found_at,
            "files": row.files,
            "withdrawn": row.withdrawn,
            "hazard": row.hazard_id,
            "hazard_number": row.hazard_number,
            "joined": row.joined,
        }
    )
    return found
