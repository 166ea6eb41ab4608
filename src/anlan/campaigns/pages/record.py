"""A return's page: where it stands, its figures as they were handed in, who confirmed and amended what, its timeline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from anlan.campaigns import actions
from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Return
from anlan.campaigns.pages import shapes
from anlan.campaigns.pages.common import asker, due_view, state_view, title_of, url_of, views, waits_for
from anlan.campaigns.pages.filling_shapes import labels
from anlan.campaigns.pages.steps import step_form
from anlan.campaigns.queries import filling, standing
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import in_tongue, moment_words
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who
from anlan.registry.queries import region_names

DANGER = frozenset({"send_back"})
OWN = {"save": "campaigns:fill", "confirm": "campaigns:review"}
"""Steps with a page of their own."""
ROAD = ("open", "draft", "passed", "accepted", "locked")
LISTED_ACTS = 60
"""Acts that the timeline shows; saving makes many."""


@require_GET
def record(request: HttpRequest, return_id: UUID) -> HttpResponse:
    actor = asker(request)
    found = filling.one(return_id)
    sheet = filling.sheet(found)
    history = acts(found.pk)
    steps = _steps(found, actor)
    amends = found.state == "locked" and any(one["name"] == "amend" and one["allowed"] for one in steps)
    context = {
        "crumbs": [{"label": _("All returns"), "url": reverse("campaigns:returns")}, {"label": found.number}],
        "views": views("", actor),
        "record": {
            "number": f"{found.month:%Y-%m}",
            "title": title_of(found),
            "url": url_of(found),
            "state": state_view(found),
        },
        "stepper_steps": _stepper(found, history),
        "due": due_view(found),
        "steps": [one for one in steps if not (amends and one["name"] == "amend")],
        "facts": _facts(found),
        "returned": found.reason if found.state == "returned" else "",
        "marked": labels(sheet, standing.marked_panels(found)),
        "sections": [
            shapes.figures(sheet, one, amend_url=_amend_url(found) if amends else "") for one in sheet.sections
        ],
        "amendments": [shapes.amendment(sheet, one) for one in standing.amendments(found)],
        "entries": [_entry(act, count) for act, count in reversed(_shown(history))],
    }
    return render(request, "campaigns/record.html", context)


def _steps(found: Return, actor: Actor) -> list[dict[str, Any]]:
    main, _more = buttons(offers(RETURN, found, actor), url_of(found), danger=DANGER)
    for one in main:
        if one["name"] in OWN:
            one |= {"url": reverse(OWN[one["name"]], args=[found.pk]), "panel": False}
            one["label"] = _("Fill in") if one["name"] == "save" else _("Review panel by panel")
    return main


def _amend_url(found: Return) -> str:
    return reverse("campaigns:step", args=[found.pk, "amend"])


def _stepper(found: Return, history: list[Act]) -> list[dict[str, Any]]:
    """The straight road; bounced and sent back stand in the place of the draft that they are again."""
    arrived = arrivals(history)
    road = list(ROAD)
    if found.state in ("bounced", "returned"):
        road[1] = found.state
    here = road.index(found.state)
    shown = []
    for place, code in enumerate(road):
        over = found.state == "locked"
        status = "done" if place < here or over else "waiting"
        if place == here and not over:
            status = "late" if found.late else "current"
        one: dict[str, Any] = {"label": state_words(RETURN, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": waits_for(found)}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        shown.append(one)
    return shown


def _looked(found: Return) -> str:
    """By whom and how fast: panels confirmed faster than anybody reads are said to be, for who accepts and locks."""
    seen = standing.look(found)
    if seen is None:
        return ""
    words = ngettext(
        "%(people)s confirmed %(n)s panel within %(seconds)s seconds.",
        "%(people)s confirmed %(n)s panels within %(seconds)s seconds.",
        seen.panels,
    ) % {"people": "、".join(seen.people), "n": seen.panels, "seconds": seen.seconds}
    return f"{words} {_('That is faster than one can read them.')}" if seen.hasty else words


def _facts(found: Return) -> list[dict[str, Any]]:
    shown: list[tuple[str, Any, bool]] = [
        (_("Filling unit"), found.unit.name, False),
        (_("Hands in as"), shapes.filler_words(found.filler), False),
        (_("Region"), region_names([found.region]).get(found.region, ""), False),
        (_("Campaign"), in_tongue(found.campaign), False),
        (_("Looked at first by"), found.reviewer.name if found.reviewer else str(RETURN.state("accepted").waits_for), False),
        (_("To be handed in by"), moment_words(found.hand_in_by), False),
        (_("First handed in"), moment_words(found.handed_in_at), False),
        (_("Punctuality"), shapes.punctuality(found), False),
        (_("Bounced by checks"), shapes.times(found.bounced), False),
        (_("Review"), _looked(found), True),
        (_("Sent back by people"), shapes.times(found.sent_back), False),
        (_("Amended after the lock"), shapes.times(found.amended), False),
    ]  # fmt: skip
    return [{"label": label, "value": value, "wide": wide} for label, value, wide in shown if value]


MANY = frozenset({"save", "confirm"})
"""Steps that somebody takes many times in a row: the timeline tells the last and how many there were."""


def _shown(history: list[Act]) -> list[tuple[Act, int]]:
    found: list[tuple[Act, int]] = []
    for act in history:
        if act.step == "judge" and act.state[1] == "passed":
            continue
        before = found[-1] if found else None
        if before and act.step in MANY and (act.step, act.actor_name) == (before[0].step, before[0].actor_name):
            found[-1] = (act, before[1] + 1)
        else:
            found.append((act, 1))
    return found[-LISTED_ACTS:]


def _entry(act: Act, count: int) -> dict[str, Any]:
    note = str(act.data.get("reason") or act.data.get("remark") or "")
    if count > 1:
        note = _many(act.step, count)
    return entry(act, what=headline(RETURN, act), note=note) | {"tone": clock_tone(act)}


def _many(step: str, count: int) -> str:
    if step == "confirm":
        return ngettext("%(n)s panel", "%(n)s panels", count) % {"n": count}
    return ngettext("saved %(n)s time", "saved %(n)s times", count) % {"n": count}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, return_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    found = filling.one(return_id)
    declared = step_of(RETURN, name)
    if name in OWN:
        return redirect(OWN[name], return_id)
    if request.method == "POST":
        return _take(request, actor, found, declared)
    check_offer(RETURN, declared, found, actor)
    return _page(request, found, declared, step_form(declared, found, initial=request.GET))


def _page(request: HttpRequest, found: Return, declared: Step, form: InputForm) -> HttpResponse:
    context = step_context(request, declared, found, danger=declared.name in DANGER) | {
        "back_url": url_of(found),
        "brief": _facts(found)[:4] if declared.name != "amend" else shapes.amended_box(found, form),
    }
    return form_page(request, form, "campaigns/step.html", **context)


def _take(request: HttpRequest, actor: Actor, found: Return, declared: Step) -> HttpResponse:
    form = step_form(declared, found, request.POST)
    version = read_version(request)
    taken: list[Return] = []
    problem = attempt_step(
        form,
        lambda sent: taken.append(
            actions.take_step(actor=actor, record=found.pk, step=declared.name, data=sent, version=version)
        ),
    )
    if problem is None:
        if taken[0].state == "bounced":
            messages.error(request, _("The checks bounced it. What must be mended stands at the fields."))
            return redirect("campaigns:fill", found.pk)
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(found))
    if moved_on(problem):
        return moved_on_page(request, problem, RETURN, found, url_of(found), version)
    return _page(request, found, declared, form)
