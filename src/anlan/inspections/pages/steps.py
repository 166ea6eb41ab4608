"""The forms of the steps: beside the visit as a panel, or a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.identity.asking import reader_of
from anlan.inspections.actions.visit import take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.forms import step_form
from anlan.inspections.models import Visit
from anlan.inspections.pages import shapes
from anlan.inspections.pages.common import url_of
from anlan.inspections.pages.record import DANGER, OWN_PAGES
from anlan.inspections.queries import visits as queries
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow import Step
from anlan.kernel.flow.pages import attempt_step, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import form_page, read_version

FACTS = ("add_finding", "withdraw_finding", "on_site")
"""Facts are added whatever others did meanwhile."""
IN_ITS_ROW = "answer"
"""Taken at the item itself, without a form."""


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, visit_id: UUID, name: str) -> HttpResponse:
    actor = reader_of(request)
    visit = queries.visit(visit_id)
    declared = step_of(VISIT, name)
    if name == IN_ITS_ROW:
        raise NotFound
    if name in OWN_PAGES:
        return redirect(f"{url_of(visit)}{name}/")
    if request.method == "POST":
        return _take(request, actor, visit, declared)
    check_offer(VISIT, declared, visit, actor)
    known = {key: one for key, one in request.GET.items() if key in declared.needs.model_fields}
    return page(request, visit, declared, step_form(declared, visit, actor, known=known))


def page(request: HttpRequest, visit: Visit, declared: Step, form: InputForm) -> HttpResponse:
    enterprise = queries.enterprises_of([visit])[visit.enterprise_id]
    context = step_context(request, declared, visit, danger=declared.name in DANGER) | {
        "back_url": url_of(visit),
        "draft": f"visit-{visit.pk}-{declared.name}",
        "brief": shapes.brief(visit, enterprise),
    }
    return form_page(request, form, "inspections/step.html", **context)


def _take(request: HttpRequest, actor: Actor, visit: Visit, declared: Step) -> HttpResponse:
    form = step_form(declared, visit, actor, request.POST)
    version = None if declared.name in FACTS else read_version(request)
    problem = attempt_step(
        form,
        lambda sent: take_step(actor=actor, visit=visit.pk, step=declared.name, data=sent, version=version),
        day="planned_on",
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(visit))
    if moved_on(problem):
        return moved_on_page(request, problem, VISIT, visit, url_of(visit), version)
    return page(request, visit, declared, form)
