"""The report's page: where it stands, what I may do, the facts, the photos, its way from unit to unit, the seal, the timeline."""

from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity import roles
from anlan.identity.roles import ROLES
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import buttons
from anlan.kernel.phrases import listed
from anlan.kernel.reading import read_id
from anlan.registry.queries import region_names
from anlan.reports import beside, queries, rulings
from anlan.reports.flow import REPORT
from anlan.reports.models import Report
from anlan.reports.office_wording import due_view
from anlan.reports.pages import shapes
from anlan.reports.pages.common import official_of, url_of
from anlan.reports.queries import office
from anlan.reports.rules import DESK, may_open_seal
from anlan.reports.wording import state_view

DANGER = frozenset({"decline", "unfounded"})
IN_PLACE = frozenset({"edit_public", "open_seal"})
"""Steps that have their place on the page itself."""
OF_THE_REPORTER = frozenset({"contest", "rate", "join"})
"""Taken by citizens in their own app; officials are not shown them."""


@require_GET
def record(request: HttpRequest, report_id: UUID) -> HttpResponse:
    actor = official_of(request)
    report = queries.report(actor, report_id)
    history = office.history(report)
    place = region_names([report.region]).get(report.region, "")
    photos = queries.photos_of(report)
    files = queries.files_of(photos)
    ways = queries.trail(report)
    named = [report.unit_id, report.wished_unit_id, read_id(report.suggested.get("unit"))]
    units = office.unit_names([*named, *(one.unit_id for one in ways)])
    offered = [one for one in offers(REPORT, report, actor) if one.name not in IN_PLACE | OF_THE_REPORTER]
    main, more = buttons(offered, url_of(report), danger=DANGER)
    sorts = actor.role in DESK
    proof = office.proof(report, history)
    context = {
        "crumbs": [{"label": _("Citizens' reports"), "url": reverse("reports:list")}, {"label": report.number}],
        "record": {
            "number": report.number,
            "title": shapes.title(report, place),
            "url": url_of(report),
            "state": state_view(report),
        },
        "report": report,
        "stepper_steps": shapes.stepper(report, history),
        "due": due_view(report),
        "steps": sorted(main, key=lambda one: bool(one["stays"])),
        "more_steps": more,
        "facts": shapes.facts(
            report, place, units, office.enterprise_name(report), sees_hazards=actor.role in roles.READERS
        ),
        "suggestion": shapes.suggestion(report, units, office.category_names()) if sorts and report.open else [],
        "groups": shapes.groups(photos, files),
        "public": shapes.public_version(report, photos, files, place),
        "public_url": _public_url(report, actor),
        "sendings": shapes.sendings(ways, units),
        "checks": shapes.checks(queries.checks_of(report)),
        "holds": shapes.holds(queries.holds_of(report)) if sorts else [],
        "opinions": shapes.opinions(actor, queries.opinions_of(report)),
        "links": shapes.linked(report, office.linked(actor, report)),
        "seal": seal(report, actor),
        "progress": office.progress(report),
        "panels": beside.panels(request, report),
        "proof": proof,
        "proof_code": segno.make(proof["text"], error="m").svg_data_uri(scale=3, border=2),
        "entries": shapes.timeline(actor, history, office.names_in(history), reasons=reads_reasons(report, actor)),
    }
    return render(request, "reports/record.html", context)


def _public_url(report: Report, actor: Actor) -> str:
    step = REPORT.step("edit_public")
    return f"{url_of(report)}steps/edit_public/" if report.state in step.source and step.by(actor, report) else ""


def reads_reasons(report: Report, actor: Actor) -> bool:
    """Why a seal was opened may name the reporter: for those who may open it, and for the auditors who watch them."""
    return may_open_seal(actor, report) or actor.role == roles.AUDITOR


def seal(report: Report, actor: Actor) -> dict[str, Any]:
    """That it is sealed, who may open it, who did; never what is in it."""
    openers = value(rulings.OPENERS.key, report.region)
    reasons = reads_reasons(report, actor)
    return {
        "who": listed(str(ROLES[one].label) for one in openers if one in ROLES),
        "url": reverse("reports:seal", args=[report.pk]) if may_open_seal(actor, report) else "",
        "openings": [
            {"name": one.name, "post_label": one.post_label, "at": one.at, "reason": one.reason if reasons else ""}
            for one in queries.openings_of(report)
        ],
        "anonymous": report.anonymous,
        "gone": report.anonymised_at,
    }
