"""A case of penalty: its clocks, its officers, its instruments, and every step on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.enforcement import actions, queries
from anlan.enforcement.case_flow import CASE
from anlan.enforcement.forms import step_form
from anlan.enforcement.models import Case
from anlan.enforcement.pages.common import case_url, crumb, issuing, url_of
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.states import CASE_STATES
from anlan.enforcement.wording import FIELDS, day_words, due_view, name_of, state_view
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import yuan
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_place, read_version, write_place
from anlan.kernel.phrases import plain_words
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who

ROAD = ("investigated", "notified", "decided", "performed", "closed")
DANGER = frozenset({"drop"})
OVER = ("closed", "dropped")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = issuing(request)
    known = {state.code for state in CASE_STATES}
    states = tuple(code for code in request.GET.getlist("state") if code in known)
    rows, after = queries.cases(actor, states=states, after=read_place(request.GET.get("after", ""), as_moment, UUID))
    base = reverse("enforcement:cases")
    tabs = [("", _("All")), *((state.code, str(state.label)) for state in CASE_STATES)]
    context = {
        "title": _("Cases of penalty"),
        "crumbs": crumb({"label": _("Cases of penalty")}),
        "tabs": [
            {
                "label": label,
                "url": f"{base}?state={code}" if code else base,
                "active": states == ((code,) if code else ()),
            }
            for code, label in tabs
        ],
        "table": _table(rows, after),
    }
    return render(request, "list.html", context)


def _table(rows: list[Case], after: Any) -> dict[str, Any]:
    return {
        "id": "cases",
        "label": _("Cases of penalty"),
        "columns": [
            {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "enterprise", "label": _("Enterprise")},
            {"key": "matter", "label": _("What the case is about"), "width": "wide"},
            {"key": "fine", "label": _("Fine (yuan)"), "kind": "money"},
            {"key": "filed", "label": _("Filed on"), "kind": "date"},
            {"key": "due", "label": _("Time left"), "kind": "time_left"},
        ],
        "rows": [
            {
                "id": str(row.pk),
                "url": case_url(row),
                "tone": "muted" if row.state in OVER else "",
                "cells": {
                    "number": row.number,
                    "state": state_view(row),
                    "enterprise": row.enterprise.name,
                    "matter": row.matter,
                    "fine": row.fine_fen,
                    "filed": row.filed_on,
                    "due": due_view(row),
                },
            }
            for row in rows
        ],
        "page": {"next": write_place(after), "previous": None, "words": ""},
        "empty": {
            "title": _("No case here"),
            "text": _("A case is filed before a penalty notice is drafted."),
            "icon": "gavel",
        },
    }


@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    actor = issuing(request)
    found = queries.case(case_id)
    history = acts(found.pk)
    main, more = buttons(offers(CASE, found, actor), case_url(found), danger=DANGER)
    context = {
        "crumbs": crumb({"label": _("Cases of penalty"), "url": reverse("enforcement:cases")}, {"label": found.number}),
        "record": {
            "number": found.number,
            "title": _("%(matter)s: %(enterprise)s") % {"matter": found.matter, "enterprise": found.enterprise.name},
            "url": case_url(found),
            "state": state_view(found),
        },
        "case": found,
        "stepper_steps": _stepper(found, history),
        "due": due_view(found),
        "steps": main,
        "more_steps": more,
        "facts": _facts(found),
        "instruments": [
            {
                "label": name_of(one, kind_of(one)),
                "kind": kind_of(one).label,
                "url": url_of(one),
                "state": state_view(one),
                "served": one.served_on,
                "due": one.answer_due,
            }
            for one in queries.instruments_of_case(found)
        ],
        "entries": [_entry(act) for act in reversed(history)],
    }
    return render(request, "enforcement/case.html", context)


def _stepper(found: Case, history: list[Act]) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = list(ROAD)
    if found.state not in road:
        road = [code for code in road if code in arrived] + [found.state]
    here, over = road.index(found.state), found.state in OVER
    steps = []
    for place, code in enumerate(road):
        status = "done" if place < here or (place == here and over) else "waiting"
        if place == here and not over:
            status = "late" if found.late else "current"
        one: dict[str, Any] = {"label": state_words(CASE, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": CASE.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        steps.append(one)
    return steps


def _facts(found: Case) -> list[dict[str, Any]]:
    officers = "、".join(f"{one['name']}（{one['certificate']}）" for one in found.handlers)
    shown: list[tuple[str, Any, bool]] = [
        (_("Enterprise"), found.enterprise.name, False),
        (_("What the case is about"), found.matter, True),
        (_("Officers"), officers, True),
        (_("Rests on"), found.source_number, False),
        (_("Filed on"), day_words(found.filed_on), False),
        (_("To be decided by"), day_words(found.decide_by), False),
        (_("Extended"), found.extended, True),
        (_("Hearing asked for on"), day_words(found.hearing_asked_on), False),
        (_("Hearing held on"), day_words(found.hearing_on), False),
        (_("Opinion of the hearing"), found.heard, True),
        (_("Decision served on"), day_words(found.decided_on), False),
        (_("Fine (yuan)"), yuan(found.fine_fen) if found.fine_fen is not None else "", False),
        (_("To be paid by"), day_words(found.pay_by), False),
        (_("Surcharge (yuan)"), yuan(found.surcharge_fen) if found.surcharge_fen else "", False),
        (_("Paid (yuan)"), yuan(found.paid_fen) if found.paid_fen is not None else "", False),
        (_("Paid on"), day_words(found.paid_on), False),
        (_("Receipt"), found.receipt, False),
        (_("Conclusion"), found.reason, True),
    ]
    return [{"label": label, "value": value, "wide": wide} for label, value, wide in shown if value]


def _entry(act: Act) -> dict[str, Any]:
    changes = [
        {"label": str(FIELDS[name]), "before": plain_words(before), "after": plain_words(after)}
        for name, (before, after) in act.changes.items()
        if name in FIELDS and before not in (None, "", 0)
    ]
    note = str(act.data.get("reason") or act.data.get("opinion") or "")
    return entry(act, what=headline(CASE, act), note=note, changes=changes) | {"tone": clock_tone(act)}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    actor = issuing(request)
    found = queries.case(case_id)
    declared = step_of(CASE, name)
    if request.method == "POST":
        return _take(request, actor, found, declared)
    check_offer(CASE, declared, found, actor)
    return _page(request, found, declared, step_form(declared))


def _page(request: HttpRequest, found: Case, declared: Step, form: Any) -> HttpResponse:
    context = step_context(request, declared, found, danger=declared.name in DANGER) | {
        "back_url": case_url(found),
        "brief": [one for one in _facts(found) if not one["wide"]][:6],
    }
    return form_page(request, form, "enforcement/step.html", **context)


def _take(request: HttpRequest, actor: Actor, found: Case, declared: Step) -> HttpResponse:
    form = step_form(declared, request.POST)
    version = read_version(request)
    problem = attempt_step(
        form,
        lambda sent: actions.take_case_step(actor=actor, case=found.pk, step=declared.name, data=sent, version=version),
        day="until",
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(case_url(found))
    if moved_on(problem):
        return moved_on_page(request, problem, CASE, found, case_url(found), version)
    return _page(request, found, declared, form)
