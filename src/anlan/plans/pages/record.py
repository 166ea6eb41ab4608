"""An item's page: where it stands, what it asks for, its progress row by row, its timeline; and the forms of its steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.files.models import File
from anlan.files.pictures import picture
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import in_tongue
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who, whose
from anlan.plans import actions
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.forms import step_form
from anlan.plans.models import PlanItem
from anlan.plans.pages.common import asker, item_url
from anlan.plans.queries import items
from anlan.plans.wording import (
    FIELDS,
    amount_words,
    change_words,
    due_view,
    percent,
    reached_words,
    span_words,
    state_view,
    target_words,
)
from anlan.registry.queries import region_names

DANGER = frozenset({"hand_back", "return", "withdraw"})
ROAD = ("assigned", "signed_for", "under_way", "reported", "verified", "done")


@require_GET
def record(request: HttpRequest, plan_item_id: UUID) -> HttpResponse:
    actor = asker(request)
    item = items.item(plan_item_id)
    history = acts(item.pk)
    main, more = buttons(offers(PLAN_ITEM, item, actor), item_url(item), danger=DANGER)
    plan_url = f"{reverse('plans:tree', args=[item.plan_id])}?year={item.year}"
    files, documents = _files(item)
    context = {
        "crumbs": [
            {"label": in_tongue(item.plan.campaign), "url": plan_url},
            {
                "label": f"{item.work.code} {item.work.name}",
                "url": f"{reverse('plans:items', args=[item.plan_id])}?year={item.year}&branch={item.work.code}",
            },
            {"label": item.code},
        ],
        "record": {"number": item.number, "title": item.name, "url": item_url(item), "state": state_view(item)},
        "item": item,
        "stepper_steps": _stepper(item, history),
        "due": due_view(item),
        "steps": main,
        "more_steps": more,
        "facts": _facts(item),
        "groups": [{"label": _("Shown with the report"), "photos": files}] if files else [],
        "documents": documents,
        "history_url": reverse("plans:history", args=[item.pk]),
        "progress": _progress(item),
        "entries": [_entry(act) for act in reversed(history)],
    }
    return render(request, "plans/record.html", context)


def _stepper(item: PlanItem, history: list[Act]) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = list(ROAD)
    if item.state not in road:  # it stands beside the road
        aside = {"planned": 0, "handed_back": 1, "returned": 3, "withdrawn": len(ROAD)}[item.state]
        road.insert(aside, item.state)
    here = road.index(item.state)
    over = PLAN_ITEM.state(item.state).final
    found = []
    for place, code in enumerate(road):
        status = "done" if place < here or (place == here and over) else "waiting"
        if place < here and code not in arrived:
            status = "skipped"
        if place == here and not over:
            status = "late" if item.late else "current"
        one: dict[str, Any] = {"label": state_words(PLAN_ITEM, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": PLAN_ITEM.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        found.append(one)
    return found


def _facts(item: PlanItem) -> list[dict[str, Any]]:
    list_url = reverse("plans:items", args=[item.plan_id])
    above = [item.work.parent.parent, item.work.parent, item.work] if item.work.parent else [item.work]
    shown: list[tuple[str, Any, bool, str]] = [
        (_("Action, task and work"), " › ".join(f"{one.code} {one.name}" for one in above if one), True, ""),
        (_("Sub-plan"), item.sub_plan.name, False, reverse("plans:sub-plan", args=[item.sub_plan_id])),
        (_("Approved document"), item.sub_plan.document, False, ""),
        (
            _("Responsible unit"),
            item.unit_name,
            False,
            f"{list_url}?year={item.year}&unit={item.unit_id}" if item.unit_id else "",
        ),
        (_("Cooperating units"), item.partners, False, ""),
        (_("Region"), region_names([item.region]).get(item.region, ""), False, ""),
        (_("Year"), str(item.year), False, ""),
        (_("Target"), target_words(item), False, ""),
        (_("Done so far"), reached_words(item), False, ""),
        (_("Time"), span_words(item.starts_on, item.due), False, ""),
        (_("Key task"), _("yes") if item.key else "", False, ""),
        (_("Way of working"), item.method, True, ""),
        (_("Requirement"), item.requirement, True, ""),
        (_("To be shown"), item.evidence, True, ""),
        (_("What has been done"), item.report, True, ""),
        (_("Finished on"), str(item.finished_on or ""), False, ""),
        (_("Remark"), item.remark, True, ""),
    ]
    return [{"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown if value]


def _files(item: PlanItem) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Photos for the gallery, documents as links."""
    found = File.objects.filter(subject_type="plan_item", subject_id=item.pk).order_by("id")
    photos = [picture(one.pk, one, alt=_("Evidence"), group="evidence") for one in found if one.kind != "document"]
    documents = [
        {"label": one.name, "url": reverse("files:show", args=[one.pk, "original"])}
        for one in found
        if one.kind == "document"
    ]
    return photos, documents


def _progress(item: PlanItem) -> list[dict[str, Any]]:
    return [
        {
            "at": one.at,
            "who": whose(one.name, one.person_id),
            "state": state_words(PLAN_ITEM, one.state),
            "share": one.share,
            "percent": percent(one.share),
            "reached": f"{amount_words(one.achieved)} {item.target_unit}" if one.achieved is not None else "",
            "words": one.words,
        }
        for one in reversed(items.progress_of(item))
    ]


def _entry(act: Act) -> dict[str, Any]:
    changes = [
        {"label": str(FIELDS[field]), "before": change_words(field, before), "after": change_words(field, after)}
        for field, (before, after) in act.changes.items()
        if field in FIELDS and before not in (None, "", 0)
    ]
    note = str(act.data.get("reason") or act.data.get("remark") or act.data.get("words") or "")
    found = entry(act, what=headline(PLAN_ITEM, act), note=note, changes=changes)
    return found | {"tone": clock_tone(act)}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, plan_item_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    item = items.item(plan_item_id)
    declared = step_of(PLAN_ITEM, name)
    if request.method == "POST":
        return _take(request, actor, item, declared)
    check_offer(PLAN_ITEM, declared, item, actor)
    return _page(request, item, declared, step_form(declared, item, actor))


def _page(request: HttpRequest, item: PlanItem, declared: Step, form: InputForm) -> HttpResponse:
    asked = (_("Target"), _("Done so far"), _("Time"), _("To be shown"), _("Requirement"), _("What has been done"))
    context = step_context(request, declared, item, danger=declared.name in DANGER) | {
        "back_url": item_url(item),
        "item": item,
        "brief": [one for one in _facts(item) if one["label"] in asked],
    }
    return form_page(request, form, "plans/step.html", **context)


def _take(request: HttpRequest, actor: Actor, item: PlanItem, declared: Step) -> HttpResponse:
    form = step_form(declared, item, actor, request.POST)
    version = read_version(request)
    day = "due" if "due" in declared.needs.model_fields else ""
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(actor=actor, item=item.pk, step=declared.name, data=sent, version=version),
        day=day,
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(item_url(item))
    if moved_on(problem):
        return moved_on_page(request, problem, PLAN_ITEM, item, item_url(item), version)
    return _page(request, item, declared, form)
