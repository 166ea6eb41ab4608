"""The form of one step: beside the record as a panel, or a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow import Step
from anlan.kernel.flow.pages import attempt_step, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.text import whole_address
from anlan.registry.queries import region_names
from anlan.reports import actions, queries
from anlan.reports.flow import REPORT
from anlan.reports.forms import step_form
from anlan.reports.models import Report
from anlan.reports.pages import shapes
from anlan.reports.pages.common import official_of, url_of
from anlan.reports.pages.record import DANGER, OF_THE_REPORTER
from anlan.reports.queries import office

READ_FIRST = frozenset({"screen", "edit_public", "dispatch", "verify", "unfounded", "decline", "duplicate", "review"})
"""Decisions taken on what was reported: it stands above the form."""
SHOWS_PHOTOS = frozenset({"verify", "review", "unfounded", "decline"})


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, report_id: UUID, name: str) -> HttpResponse:
    actor = official_of(request)
    report = queries.report(actor, report_id)
    declared = step_of(REPORT, name)
    if name in OF_THE_REPORTER or name == "open_seal":
        raise NotFound
    if request.method == "POST":
        return _take(request, actor, report, declared)
    check_offer(REPORT, declared, report, actor)
    return page(request, report, declared, step_form(declared, report, actor))


def page(request: HttpRequest, report: Report, declared: Step, form: InputForm) -> HttpResponse:
    context = step_context(request, declared, report, danger=declared.name in DANGER) | {
        "back_url": url_of(report),
        "draft": f"report-{report.pk}-{declared.name}",
        "report": report,
        "brief": brief(declared.name, report),
        "pictures": pictures(declared.name, report),
    }
    template = "reports/public.html" if declared.name in ("screen", "edit_public") else "reports/step.html"
    return form_page(request, form, template, **context)


def brief(name: str, report: Report) -> list[dict[str, Any]]:
    """What the decision is taken on; a review also reads what was found and what became of it."""
    place = region_names([report.region]).get(report.region, "")
    if name not in READ_FIRST:
        return []
    found = [
        shapes.fact(_("What is wrong"), report.words or _("Nothing was written; see the photos."), wide=True),
        shapes.fact(_("Place"), whole_address(place, report.address), wide=True),
    ]
    if name != "review":
        return found
    found += [
        shapes.fact(
            _("Result of the check"),
            f"{one['who']} · {one['on']:%Y-%m-%d} · {one['result']}\n{one['words']}",
            wide=True,
        )
        for one in shapes.checks(queries.checks_of(report))
    ]
    if report.reason:
        found.append(shapes.fact(_("Reason the reporter reads"), report.reason, wide=True))
    lines = [f"{one['at']:%Y-%m-%d} {one['label']}" for one in office.progress(report)]
    if lines:
        found.append(shapes.fact(_("Progress of the hazard"), "\n".join(lines), wide=True))
    return found


def pictures(name: str, report: Report) -> list[dict[str, Any]]:
    if name not in SHOWS_PHOTOS:
        return []
    photos = queries.photos_of(report)
    return [group for group in shapes.groups(photos, queries.files_of(photos)) if group["photos"]]


def _take(request: HttpRequest, actor: Actor, report: Report, declared: Step) -> HttpResponse:
    form = step_form(declared, report, actor, request.POST)
    version = read_version(request)
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(actor=actor, report=report.pk, step=declared.name, data=sent, version=version),
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(_onward(report))
    if moved_on(problem):
        return moved_on_page(request, problem, REPORT, report, url_of(report), version)
    return page(request, report, declared, form)


def _onward(report: Report) -> str:
    """To the record as it is now; to the list where it left the reader's sight with this step."""
    return url_of(report) if Report.objects.filter(pk=report.pk).exists() else "/reports/"
