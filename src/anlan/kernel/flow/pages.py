"""The pages of a flow's steps: which of them have one, who may open it, what a refusal leads to."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, Invalid, NotFound, NotNow, Problem, WrongState
from anlan.kernel.flow.declare import Flow, Step
from anlan.kernel.flow.offers import Offer, offer
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.phrases import moment_words
from anlan.kernel.refusals import Refused
from anlan.kernel.timeline import state_words, step_words, who


def step_of(flow: Flow, name: str) -> Step:
    """A step that people take by its form; any other has no page."""
    if not flow.has(name) or not flow.step(name).by_people:
        raise NotFound
    return flow.step(name)


def check_offer(flow: Flow, step: Step, record: Any, actor: Actor) -> None:
    """Before a form is shown: the state, the actor, the rules."""
    if record.state not in step.source:
        raise WrongState(
            _("“%(step)s” cannot be done now: the record is “%(state)s”."),
            step=step.label,
            state=state_words(flow, record.state),
        )
    offered = offer(step, record, actor)
    if offered.allowed:
        return
    if not step.by(actor, record):
        raise Forbidden(_("Only %(who)s may do this."), who=step.who, code="flow.not_yours")
    raise NotNow(offered.reason)


def step_context(request: HttpRequest, step: Step, record: Any, *, danger: bool) -> dict[str, Any]:
    """What the form of every step says of it; `version` is that of the record as it was first shown."""
    return {
        "title": f"{step.label} · {record.number}",
        "version": request.POST.get("version", record.version),
        "submit_label": step.label,
        "submit_tone": "danger" if danger else "primary",
        "consequences": [str(step.consequence)] if step.consequence else [],
        "basis": step.basis,
    }


def attempt_step(
    form: InputForm, take: Callable[[dict[str, Any]], object], *, day: str = "", also: tuple[type[Problem], ...] = ()
) -> Problem | None:
    """
    Take the step with what was sent. None when it was taken, else what was in the way, which the form then shows.

    `day` is the field of a date that may lie beyond the calendar; `also` are further problems to be said in the form.
    """
    said_in_form: tuple[type[Problem], ...] = (Invalid, Refused, Conflict, *also)
    try:
        take(form.payload())
    except CalendarEnds as ends:
        form.refuse(Invalid(fields={day: [ends.detail]}))
        return ends
    except said_in_form as problem:
        form.refuse(problem)
        return problem
    return None


def moved_on(problem: Problem) -> bool:
    """Whether typing something else cannot mend it: the record, or the sheet that is signed, is no longer what was seen."""
    return problem.code in ("flow.changed", "flow.wrong_state") or problem.code.endswith(".sheet_changed")


def moved_on_page(
    request: HttpRequest, problem: Problem, flow: Flow, record: Any, url: str, seen: int | None
) -> HttpResponse:
    """What happened since the version that was `seen`, and the way to the present state."""
    since = [act for act in acts(record.pk) if seen is not None and act.version > seen]
    error = {
        "code": problem.code,
        "title": str(problem.default_message),
        "detail": problem.detail,
        "status": problem.status,
        "todo": [*(_told(flow, act) for act in since), {"label": _("Open the record as it is now"), "url": url}],
    }
    response = render(request, "error.html", {"error": error}, status=problem.status)
    response.problem = problem  # type: ignore[attr-defined]
    return response


def _told(flow: Flow, act: Act) -> str:
    return f"{moment_words(act.at)} {who(act)} {step_words(flow, act.step)}"


def buttons(
    offered: Sequence[Offer], base: str, *, danger: frozenset[str], own: tuple[str, ...] = ()
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps that are worth a button even greyed, and the rest that is allowed. Those in `own` have a page of their own."""
    shown = [
        {
            "name": one.name,
            "label": one.label,
            "allowed": one.allowed,
            "reason": one.reason,
            "url": f"{base}{one.name}/" if one.name in own else f"{base}steps/{one.name}/",
            "tone": "danger" if one.name in danger else "",
            "panel": one.name not in own,
            "listed": one.step.listed,
            "stays": one.step.stays,
        }
        for one in offered
    ]
    return [one for one in shown if one["listed"]], [one for one in shown if not one["listed"] and one["allowed"]]
