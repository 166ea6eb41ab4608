"""The form of one step: beside the record as a panel, or a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.hazards import actions
from anlan.hazards.flow import HAZARD
from anlan.hazards.forms import step_form
from anlan.hazards.models import Hazard
from anlan.hazards.pages import brief
from anlan.hazards.pages.common import url_of
from anlan.hazards.pages.record import DANGER
from anlan.hazards.pages.suggesting import for_grading
from anlan.hazards.queries import detail
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.flow.pages import attempt_step, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import form_page, read_version


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, hazard_id: UUID, name: str) -> HttpResponse:
    actor = reader_of(request)
    hazard = detail.hazard(hazard_id)
    declared = step_of(HAZARD, name)
    if name == "sign":
        return redirect("hazards:sign", hazard_id)
    if request.method == "POST":
        return _take(request, actor, hazard, declared)
    check_offer(HAZARD, declared, hazard, actor)
    return page(request, hazard, declared, step_form(declared, hazard, actor))


def page(request: HttpRequest, hazard: Hazard, declared: Step, form: InputForm) -> HttpResponse:
    context = step_context(request, declared, hazard, danger=declared.name in DANGER) | {
        "back_url": url_of(hazard),
        "draft": f"hazard-{hazard.pk}-{declared.name}",
        "hazard": hazard,
        "brief": brief.facts(declared.name, hazard),
        "pictures": brief.pictures(declared.name, hazard, reader_of(request)),
    }
    if declared.name == "grade":
        context |= for_grading(hazard)
    return form_page(request, form, "hazards/step.html", **context)


def _take(request: HttpRequest, actor: Actor, hazard: Hazard, declared: Step) -> HttpResponse:
    form = step_form(declared, hazard, actor, request.POST)
    version = read_version(request)
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(actor=actor, hazard=hazard.pk, step=declared.name, data=sent, version=version),
        day=date_field(declared),
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(hazard))
    if moved_on(problem):
        return moved_on_page(request, problem, HAZARD, hazard, url_of(hazard), version)
    return page(request, hazard, declared, form)


def date_field(declared: Step) -> str:
    """Where a date that the calendar does not reach was typed; "" when the step asks for none."""
    return next((name for name in ("due", "new_due", "until") if name in declared.needs.model_fields), "")
