"""The forms of the steps: beside the visit as a panel, or a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.inspections.actions.visit import take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.forms import step_form
from anlan.inspections.models import Visit
from anlan.inspections.pages import shapes
from anlan.inspections.pages.common import actor_of, form_page, url_of
from anlan.inspections.pages.record import DANGER, OWN_PAGES
from anlan.inspections.queries import visits as queries
from anlan.inspections.wording import moment_words, state_words, step_words
from anlan.kernel.actor import Actor
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offer
from anlan.kernel.forms import InputForm
from anlan.kernel.refusals import Refused

MOVED_ON = ("flow.changed", "flow.wrong_state", "visit.sheet_changed")
"""Conflicts that typing something else does not mend."""


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, visit_id: UUID, name: str) -> HttpResponse:
    actor = actor_of(request)
    visit = queries.visit(visit_id)
    declared = declared_step(name)
    if name in OWN_PAGES:
        return redirect(f"{url_of(visit)}{name}/")
    if request.method == "POST":
        return _take(request, actor, visit, declared)
    check_offer(declared, visit, actor)
    known = {key: one for key, one in request.GET.items() if key in declared.needs.model_fields}
    return page(request, visit, declared, step_form(declared, visit, actor, known=known))


def declared_step(name: str) -> Step:
    if not VISIT.has(name):
        raise NotFound
    found = VISIT.step(name)
    if found.clock or found.quiet or found.opens or name == "answer":
        raise NotFound
    return found


def check_offer(declared: Step, visit: Visit, actor: Actor) -> None:
    """Before a form is shown: the state, the actor, the rules."""
    if visit.state not in declared.source:
        raise WrongState(
            _("“%(step)s” cannot be done now: the record is “%(state)s”."),
            step=declared.label,
            state=state_words(visit.state),
        )
    offered = offer(declared, visit, actor)
    if not offered.allowed and not declared.by(actor, visit):
        raise Forbidden(_("Only %(who)s may do this."), who=declared.who, code="flow.not_yours")
    if not offered.allowed:
        raise NotNow(offered.reason)


def page(request: HttpRequest, visit: Visit, declared: Step, form: InputForm) -> HttpResponse:
    enterprise = queries.enterprises_of([visit])[visit.enterprise_id]
    context = {
        "title": f"{declared.label} · {visit.number}",
        "form": form,
        "version": request.POST.get("version", visit.version),
        "submit_label": declared.label,
        "submit_tone": "danger" if declared.name in DANGER else "primary",
        "back_url": url_of(visit),
        "consequences": [str(declared.consequence)] if declared.consequence else [],
        "basis": declared.basis,
        "draft": f"visit-{visit.pk}-{declared.name}",
        "brief": shapes.brief(visit, enterprise),
    }
    return form_page(request, "inspections/step.html", context)


FACTS = ("add_finding", "withdraw_finding", "on_site")
"""Facts are added whatever others did meanwhile."""


def _take(request: HttpRequest, actor: Actor, visit: Visit, declared: Step) -> HttpResponse:
    form = step_form(declared, visit, actor, request.POST)
    version = None if declared.name in FACTS else read_version(request)
    try:
        take_step(actor=actor, visit=visit.pk, step=declared.name, data=form.payload(), version=version)
    except (Invalid, Refused) as wrong:
        form.refuse(wrong)
        return page(request, visit, declared, form)
    except CalendarEnds as ends:
        form.refuse(Invalid(fields={"planned_on": [ends.detail]}))
        return page(request, visit, declared, form)
    except Conflict as conflict:
        if conflict.code in MOVED_ON:
            return moved_on(request, conflict, visit, version)
        form.refuse(conflict)
        return page(request, visit, declared, form)
    messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
    return redirect(url_of(visit))


def read_version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def moved_on(request: HttpRequest, conflict: Conflict, visit: Visit, version: int | None) -> HttpResponse:
    """What happened in the meantime, and the way to the present state."""
    since = [act for act in queries.history(visit) if version is not None and act.version > version]
    todo: list[Any] = [f"{moment_words(act.at)} {shapes.who(act)} {step_words(act.step)}" for act in since]
    todo.append({"label": _("Open the record as it is now"), "url": url_of(visit)})
    error = {
        "code": conflict.code,
        "title": str(conflict.default_message),
        "detail": conflict.detail,
        "status": conflict.status,
        "todo": todo,
    }
    response = render(request, "error.html", {"error": error}, status=conflict.status)
    response.problem = conflict  # type: ignore[attr-defined]
    return response
