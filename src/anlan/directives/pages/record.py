"""A task's page: where it stands, what the document says, what was reported with which evidence, its timeline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.directives import actions, queries
from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.forms import step_form
from anlan.directives.models import DirectiveTask
from anlan.directives.pages.common import asker, document_url, task_url
from anlan.directives.pages.evidence import received, shown
from anlan.directives.wording import (
    FIELDS,
    change_words,
    due_view,
    is_late,
    rhythm_words,
    silent_words,
    state_view,
)
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import listed
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who
from anlan.registry.queries import region_names

DANGER = frozenset({"withdraw"})
ROAD = ("assigned", "signed_for", "under_way", "reported", "verified", "done")


@require_GET
def record(request: HttpRequest, directive_task_id: UUID) -> HttpResponse:
    actor = asker(request)
    task = queries.task(directive_task_id)
    history = acts(task.pk)
    main, more = buttons(offers(DIRECTIVE_TASK, task, actor), task_url(task), danger=DANGER)
    if task.wanted:  # what the unit comes back for again and again is no second thought
        main = [*(one for one in more if one["name"] == "count"), *main]
        more = [one for one in more if one["name"] != "count"]
    else:
        more = [one for one in more if one["name"] != "count"]
    context = {
        "crumbs": [{"label": _("Tasks"), "url": reverse("directives:tasks")}, {"label": task.number}],
        "record": {"number": task.number, "title": task.what, "url": task_url(task), "state": state_view(task)},
        "task": task,
        "stepper_steps": _stepper(task, history),
        "due": due_view(task),
        "steps": sorted(main, key=lambda one: bool(one["stays"])),
        "more_steps": more,
        "facts": _facts(task),
        "counted": _counted(task),
        "returned": task.remark if task.state == "returned" else "",
        "back": task.remark if task.state == "handed_back" else "",
        "evidence": shown(queries.files_of(task.pk)),
        "entries": [_entry(act) for act in reversed(history)],
    }
    return render(request, "directives/task.html", context)


def _counted(task: DirectiveTask) -> dict[str, int] | None:
    if not task.wanted:
        return None
    return {"wanted": task.wanted, "counted": task.counted, "left": max(0, task.wanted - task.counted)}


def _stepper(task: DirectiveTask, history: list[Act]) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = list(ROAD)
    if task.state == "returned":
        road[2] = "returned"
    elif task.state == "handed_back":
        road[0] = "handed_back"
    elif task.state not in road:  # it ended beside the road
        road = [code for code in road if code in arrived] + [task.state]
    here = road.index(task.state)
    over = DIRECTIVE_TASK.state(task.state).final
    found = []
    for place, code in enumerate(road):
        status = "done" if place < here or (place == here and over) else "waiting"
        if place == here and not over:
            status = "late" if is_late(task) else "current"
        one: dict[str, Any] = {"label": state_words(DIRECTIVE_TASK, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": DIRECTIVE_TASK.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        found.append(one)
    return found


def _facts(task: DirectiveTask) -> list[dict[str, Any]]:
    place = region_names([task.region]).get(task.region, "")
    document = (
        f"{task.directive.title}（{task.directive.reference}）" if task.directive.reference else task.directive.title
    )
    shown_facts: list[tuple[str, Any, bool, str]] = [
        (_("Responsible unit"), task.unit.name, False, ""),
        (_("Region"), place, False, ""),
        (_("Due by"), task.due, False, ""),
        (_("How often"), rhythm_words(task.recurrence.rhythm) if task.recurrence else "", False, ""),
        (_("For the period from"), task.period, False, ""),
        (_("Cooperating units"), task.partners, False, ""),
        (_("To be shown"), listed(task.evidence), False, ""),
        (_("Last heard of"), silent_words(task), False, ""),
        (_("Times returned"), task.returns or "", False, ""),
        (_("Document"), document, True, document_url(task.directive)),
        (_("The document's own words"), task.quote, True, ""),
        (_("Note of the week"), task.comb_note, True, ""),
        (_("Reported"), task.report, True, ""),
        (_("Finished on"), task.finished_on, False, ""),
    ]
    return [
        {"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown_facts if value
    ]


def _entry(act: Act) -> dict[str, Any]:
    changes = [
        {"label": str(FIELDS[field]), "before": change_words(field, before), "after": change_words(field, after)}
        for field, (before, after) in act.changes.items()
        if field in FIELDS and before not in (None, "", 0)
    ]
    note = str(act.data.get("reason") or act.data.get("words") or act.data.get("remark") or "")
    return entry(act, what=headline(DIRECTIVE_TASK, act), note=note, changes=changes) | {"tone": clock_tone(act)}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, directive_task_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    task = queries.task(directive_task_id)
    declared = step_of(DIRECTIVE_TASK, name)
    if request.method == "POST":
        return _take(request, actor, task, declared)
    check_offer(DIRECTIVE_TASK, declared, task, actor)
    return _page(request, task, declared, step_form(actor, declared, task))


def _page(request: HttpRequest, task: DirectiveTask, declared: Step, form: InputForm) -> HttpResponse:
    context = step_context(request, declared, task, danger=declared.name in DANGER) | {
        "back_url": request.GET.get("next") if _own(request.GET.get("next")) else task_url(task),
        "task": task,
        "brief": [{"label": _("What is to be done"), "value": task.what, "wide": True, "url": ""}],
        "uploads": "files" in form.fields,
    }
    return form_page(request, form, "directives/step.html", **context)


def _own(address: str | None) -> bool:
    return bool(address) and str(address).startswith("/directives/")


def _take(request: HttpRequest, actor: Actor, task: DirectiveTask, declared: Step) -> HttpResponse:
    sent_files = request.POST.copy()
    trouble = received(actor, request, sent_files)
    form = step_form(actor, declared, task, sent_files)
    version = read_version(request)
    if trouble is not None:
        form.refuse(trouble)
        return _page(request, task, declared, form)
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(actor=actor, task=task.pk, step=declared.name, data=sent, version=version),
        day="due",
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        target = request.GET.get("next")
        return redirect(str(target) if _own(target) else task_url(task))
    if moved_on(problem):
        return moved_on_page(request, problem, DIRECTIVE_TASK, task, task_url(task), version)
    return _page(request, task, declared, form)
