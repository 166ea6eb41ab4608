"""The form of one step: beside the record as a panel, or a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.hazards import actions
from anlan.hazards.flow import HAZARD
from anlan.hazards.forms import step_form
from anlan.hazards.models import Hazard
from anlan.hazards.pages import brief
from anlan.hazards.pages.common import actor_of, form_page, url_of
from anlan.hazards.pages.record import DANGER
from anlan.hazards.pages.shapes import who
from anlan.hazards.pages.suggesting import for_grading
from anlan.hazards.queries import detail
from anlan.hazards.wording import moment_words, state_words, step_words
from anlan.kernel.actor import Actor
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offer
from anlan.kernel.forms import InputForm
from anlan.kernel.refusals import Refused

MOVED_ON = ("flow.changed", "flow.wrong_state", "signature.sheet_changed")
"""Conflicts that typing something else does not mend."""


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, hazard_id: UUID, name: str) -> HttpResponse:
    actor = actor_of(request)
    hazard = detail.hazard(hazard_id)
    declared = _declared(name)
    if name == "sign":
        return redirect("hazards:sign", hazard_id)
    if request.method == "POST":
        return _take(request, actor, hazard, declared)
    if hazard.state not in declared.source:
        raise WrongState(
            _("“%(step)s” cannot be done now: the record is “%(state)s”."),
            step=declared.label,
            state=state_words(hazard.state),
        )
    offered = offer(declared, hazard, actor)
    if not offered.allowed and not declared.by(actor, hazard):
        raise Forbidden(_("Only %(who)s may do this."), who=declared.who, code="flow.not_yours")
    if not offered.allowed:
        raise NotNow(offered.reason)
    return page(request, hazard, declared, step_form(declared, hazard, actor))


def _declared(name: str) -> Step:
    if not HAZARD.has(name):
        raise NotFound
    found = HAZARD.step(name)
    if found.clock or found.quiet or found.opens:
        raise NotFound
    return found


def page(request: HttpRequest, hazard: Hazard, declared: Step, form: InputForm) -> HttpResponse:
    context = {
        "title": f"{declared.label} · {hazard.number}",
        "form": form,
        "version": request.POST.get("version", hazard.version),
        "submit_label": declared.label,
        "submit_tone": "danger" if declared.name in DANGER else "primary",
        "back_url": url_of(hazard),
        "consequences": [str(declared.consequence)] if declared.consequence else [],
        "basis": declared.basis,
        "draft": f"hazard-{hazard.pk}-{declared.name}",
        "hazard": hazard,
        "brief": brief.facts(declared.name, hazard),
        "pictures": brief.pictures(declared.name, hazard, actor_of(request)),
    }
    if declared.name == "grade":
        context |= for_grading(hazard)
    return form_page(request, "hazards/step.html", context)


def _take(request: HttpRequest, actor: Actor, hazard: Hazard, declared: Step) -> HttpResponse:
    form = step_form(declared, hazard, actor, request.POST)
    version = read_version(request)
    try:
        actions.take_step(actor=actor, hazard=hazard.pk, step=declared.name, data=form.payload(), version=version)
    except (Invalid, Refused) as wrong:
        form.refuse(wrong)
        return page(request, hazard, declared, form)
    except CalendarEnds as ends:
        form.refuse(Invalid(fields={date_field(declared): [ends.detail]}))
        return page(request, hazard, declared, form)
    except Conflict as conflict:
        if conflict.code in MOVED_ON:
            return moved_on(request, conflict, hazard, version)
        form.refuse(conflict)
        return page(request, hazard, declared, form)
    messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
    return redirect(url_of(hazard))


def date_field(declared: Step) -> str:
    """Where a date that the calendar does not reach was typed; "" when the step asks for none."""
    return next((name for name in ("due", "new_due", "until") if name in declared.needs.model_fields), "")


def read_version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def moved_on(request: HttpRequest, conflict: Conflict, hazard: Hazard, version: int | None) -> HttpResponse:
    """What happened in the meantime, and the way to the present state."""
    since = [act for act in detail.history(hazard) if version is not None and act.version > version]
    todo: list[Any] = [f"{moment_words(act.at)} {who(act)} {step_words(act.step)}" for act in since]
    todo.append({"label": _("Open the record as it is now"), "url": url_of(hazard)})
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
