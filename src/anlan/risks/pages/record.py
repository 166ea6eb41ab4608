"""One risk point: facts, sources with how they were judged and what holds them, reports, timeline; its panel on the enterprise's page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.phrases import listed
from anlan.kernel.timeline import whose
from anlan.registry.models import Enterprise
from anlan.registry.pages.enterprises import point_words
from anlan.registry.queries import industry_names, region_names
from anlan.risks import panels, queries, rules
from anlan.risks.models import CONTROL_KINDS, CYCLES, Assessment, Control, RiskPoint, WorkerReport
from anlan.risks.pages.common import url_of
from anlan.risks.pages.listing import due_cell
from anlan.risks.queries import PointDetail
from anlan.risks.queries.detail import SourceDetail
from anlan.risks.rulings import tiers_of
from anlan.risks.wording import (
    POINT_KINDS,
    accident_list,
    factors_words,
    method_words,
    report_state,
    risk_view,
    score_words,
    tier_words,
    timeline,
)


@require_GET
def point(request: HttpRequest, point_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = queries.point(point_id)
    detail = queries.detail_of(record)
    keeper = record.active and rules.keeps(actor, record)
    finds = actor.role in {
        *roles.ENTERPRISE_POSTS,
        roles.INSPECTOR,
        roles.GROUP_LEADER,
        roles.EXPERT,
        roles.REGULATOR,
        roles.OFFICE,
    }
    context = {
        "crumbs": [{"label": _("Risk points"), "url": reverse("risks:points")}, {"label": record.number}],
        "record": {
            "number": record.number,
            "title": record.name,
            "url": url_of(record),
            "state": None if record.active else {"code": "retired", "label": _("retired"), "tone": "muted"},
            "risk": risk_view(record.colour),
        },
        "point": record,
        "facts": _facts(record, detail),
        "due": due_cell(record.reassess_by) if record.active else None,
        "sources": [_source(one, keeper=keeper) for one in detail.sources],
        "keeper": keeper,
        "finding_url": f"/hazards/new/?risk_point={record.pk}" if finds and record.active else "",
        "reports": [_report(one) for one in queries.reports_of(record.pk)],
        "settles": rules.settles(actor, record),
        "entries": timeline(queries.history_of(record)),
        "panels": panels.shown(request, record),
    }
    return render(request, "risks/point.html", context)


def _facts(record: RiskPoint, detail: PointDetail) -> list[dict[str, Any]]:
    tiers = " → ".join(tier_words(one) for one in tiers_of(record.colour, record.region))
    unit = {"label": _("Risk unit"), "value": record.unit.name if record.unit else ""}
    owner = record.enterprise
    return [
        {"label": _("Enterprise"), "value": owner.name, "url": reverse("registry:enterprise", args=[owner.pk])},
        unit,
        {"label": _("Kind"), "value": dict(POINT_KINDS)[record.kind]},
        {"label": _("Site"), "value": record.site.name if record.site else ""},
        {"label": _("Place"), "value": record.place},
        {"label": _("Region"), "value": region_names([record.region]).get(record.region, "")},
        {"label": _("Supervision field"), "value": industry_names().get(record.industry_id, "")},
        {"label": _("Coordinates"), "value": point_words(record)},
        {"label": _("Accidents it may cause"), "value": accident_list(detail.accidents), "wide": True},
        {"label": _("Tiers that answer"), "value": tiers},
        {"label": _("Assessed on"), "value": record.assessed_on.isoformat() if record.assessed_on else ""},
        {"label": _("Assess again by"), "value": due_cell(record.reassess_by), "template": "risks/_due.html"},
        {"label": _("Emergency phone"), "value": record.emergency_phone},
        {"label": _("Emergency measures"), "value": record.emergency_measures, "wide": True},
    ]


def _source(one: SourceDetail, *, keeper: bool) -> dict[str, Any]:
    source = one.source
    kinds = dict(CONTROL_KINDS)
    controls = [
        {"kind": kinds[kind], "rows": [_control(row) for row in one.controls if row.kind == kind]} for kind in kinds
    ]
    urls = {}
    if keeper:
        urls = {
            "assess": reverse("risks:assess", args=[source.pk]),
            "edit": reverse("risks:edit-source", args=[source.pk]),
            "retire": reverse("risks:retire-source", args=[source.pk]),
            "control": reverse("risks:add-control", args=[source.pk]),
        }
    return {
        "id": source.pk,
        "name": source.name,
        "description": source.description,
        "accidents": accident_list(source.accidents),
        "risk": risk_view(source.colour),
        "present": _assessment(one.present) if one.present else None,
        "history": [_assessment(row) for row in one.history],
        "controls": [group for group in controls if group["rows"]],
        "unheld": listed(tier_words(tier) for tier in one.unheld),
        "urls": urls,
    }


def _control(row: Control) -> dict[str, Any]:
    return {
        "words": row.words,
        "tier": tier_words(row.tier),
        "holder": row.holder_name,
        "cycle": dict(CYCLES)[row.cycle],
        "edit": reverse("risks:edit-control", args=[row.pk]),
        "retire": reverse("risks:retire-control", args=[row.pk]),
    }


def _assessment(row: Assessment) -> dict[str, Any]:
    factors = factors_words(row.factors)
    return {
        "method": method_words(row.method),
        "sum": f"{factors} = {score_words(row.score)}" if factors else "",
        "risk": risk_view(row.colour),
        "direct": row.direct_reason,
        "on": row.assessed_on,
        "by": whose(row.person_name, row.person_id),
        "next": due_cell(row.next_by),
        "remark": row.remark,
    }


def _report(one: WorkerReport) -> dict[str, Any]:
    hazard = {"number": one.hazard_number, "url": f"/hazards/{one.hazard_id}/"} if one.hazard_id else None
    return {
        "id": one.pk,
        "state": report_state(one),
        "waiting": one.state == "waiting",
        "words": one.words,
        "who": " ".join(part for part in (one.name, one.phone) if part) or _("without a name"),
        "at": one.at,
        "photo": one.photo_id,
        "answer": one.answer,
        "settled_by": one.settled_by,
        "settled_at": one.settled_at,
        "hazard": hazard,
    }


def enterprise_panel(request: HttpRequest, enterprise: Enterprise) -> SafeString | None:
    """On the enterprise's page: how many points of each colour, what is overdue, reports that wait."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return None
    counts = queries.tallied(enterprise.pk)
    base = f"{reverse('risks:points')}?enterprise={enterprise.pk}"
    tallies = [
        {"risk": risk_view(colour), "n": counts[colour], "url": f"{base}&colour={colour}"}
        for colour in ("red", "orange", "yellow", "blue")
        if counts.get(colour)
    ]
    place = _Standing(enterprise)
    context = {
        "tallies": tallies,
        "total": sum(number for key, number in counts.items() if key != "overdue"),
        "unassessed": counts.get("", 0),
        "unassessed_url": f"{base}&colour=none",
        "overdue": counts["overdue"],
        "overdue_url": f"{base}&overdue=1",
        "waiting": queries.waiting_reports(enterprise.pk),
        "url": base,
        "register_url": f"{reverse('risks:register')}?enterprise={enterprise.pk}"
        if rules.keeps(actor, place) and enterprise.status != "closed"
        else "",
    }
    return SafeString(render_to_string("risks/_panel.html", context, request=request))


class _Standing:
    """An enterprise as the predicates read a point."""

    def __init__(self, enterprise: Enterprise) -> None:
        self.enterprise_id, self.region, self.industry_bit = enterprise.pk, enterprise.region, enterprise.industry_bit
