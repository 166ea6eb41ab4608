"""An enterprise's own check on one page: what is due, the sheet of one check, its record, its reasons and cycles."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.files.models import File
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.inspections.actions import self_check as actions
from anlan.inspections.models import SelfCheck, SelfCheckPlan
from anlan.inspections.models.self_check import CYCLES
from anlan.inspections.pages import self_check_shapes as shapes
from anlan.inspections.periods import MONTHLY, is_period, period_of
from anlan.inspections.queries import self_check as queries
from anlan.inspections.self_check_forms import Sheet
from anlan.inspections.self_check_needs import AddExcuse, BeginPlan, EndPlan
from anlan.inspections.wording_self_check import cycle_words, period_words
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import acts
from anlan.kernel.pages import read_place
from anlan.registry.models import Enterprise
from anlan.registry.queries import enterprise as enterprise_of
from anlan.registry.rules import answers_for, keeps

SHOWN = 20
"""Checks a page of the history."""


def own_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is due, in the order it must be done; below it the month."""
    if not actor.enterprises:
        raise Forbidden
    return enterprise_page(request, actor, enterprise_of(actor.enterprises[0]))


def enterprise_page(request: HttpRequest, actor: Actor, enterprise: Enterprise) -> HttpResponse:
    """Its cycles, its month and its history: for its own people with what to do, for officials to read."""
    day, own = clock.today(), answers_for(actor, enterprise)
    plans = queries.plans_of([enterprise.pk])
    month = shapes.month_asked(request.GET.get("month"), day)
    after = read_place(request.GET.get("after", ""), date.fromisoformat, UUID)
    found = queries.history(enterprise.pk, after=after, limit=SHOWN)
    running = queries.running(plans, day)
    context = {
        "title": _("Own checks") if own else _("Own checks of %(name)s") % {"name": enterprise.name},
        "crumbs": [{"label": _("Own checks"), "url": reverse("inspections:self-checks")}, {"label": enterprise.name}],
        "enterprise": enterprise,
        "own": own,
        "due": [shapes.task(one) for one in queries.open_slots(plans, day)] if own else [],
        "plans": [shapes.plan(one, actor, enterprise) for one in running],
        "ahead": [one for one in plans if one.begins_on > day],
        "may_begin": [
            {"label": label, "url": shapes.begin_url(enterprise, code)}
            for code, label in CYCLES
            if all(one.cycle != code or one.ends_on for one in plans)
        ]
        if own or keeps(actor, enterprise)
        else [],
        "month": shapes.month(plans, month, day),
        "summary": shapes.figures(queries.month_summary(enterprise.pk, month)),
        "table": shapes.history_table(found.rows, found.after, enterprise),
    }
    return render(request, "inspections/self_checks.html", context)


@require_GET
def of_enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    return enterprise_page(request, reader_of(request), enterprise_of(enterprise_id))


@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, enterprise_id: UUID, cycle: str, period: str) -> HttpResponse:
    actor, enterprise = reader_of(request), enterprise_of(enterprise_id)
    if not answers_for(actor, enterprise):
        raise Forbidden(_("Only the enterprise's own people may do this."), code="self_check.own")
    first = _period(cycle, period)
    plans = [one for one in queries.plans_of([enterprise.pk]) if one.cycle == cycle]
    slots = [one for one in queries.slots(plans, first, first, clock.today()) if one.period == first]
    if not slots:
        raise NotFound
    items = queries.items_of(enterprise, [(cycle, first)])[cycle, first]
    sheet = Sheet(items, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (check := _send(actor, enterprise, cycle, first, sheet)):
        messages.success(request, shapes.thanks(check))
        return redirect("inspections:self-checks")
    context = {
        "title": cycle_words(cycle),
        "period": period_words(cycle, first),
        "crumbs": [
            {"label": _("Own checks"), "url": reverse("inspections:self-checks")},
            {"label": cycle_words(cycle)},
        ],
        "sheet": sheet,
        "draft": f"self-check-{enterprise.pk}-{cycle}-{first}",
        "slot": shapes.task(slots[0]),
        "late": slots[0].state == "open_late",
        "monthly": cycle == MONTHLY,
        "summary": shapes.figures(queries.month_summary(enterprise.pk, first)) if cycle == MONTHLY else [],
        "by_cycle": shapes.by_cycle(queries.month_summary(enterprise.pk, first)) if cycle == MONTHLY else [],
    }
    return render(request, "inspections/self_check_do.html", context, status=422 if sheet.errors else 200)


def _period(cycle: str, text: str) -> date:
    try:
        period = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if cycle not in dict(CYCLES) or not is_period(cycle, period):
        raise NotFound
    return period


def _send(actor: Actor, enterprise: Enterprise, cycle: str, period: date, sheet: Sheet) -> SelfCheck | None:
    if not sheet.require_answers():
        return None
    try:
        return actions.do_check(actor=actor, id=sheet.pk, data=sheet.payload(enterprise.pk, cycle, period))
    except Invalid as wrong:
        sheet.refuse(wrong.fields, wrong.detail)
    except Conflict as conflict:
        sheet.refuse({}, conflict.detail)
    return None


@require_GET
def record(request: HttpRequest, check_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    check = queries.check(check_id)
    findings = queries.findings_of(check)
    history = acts(check.pk)
    official = actor.role in roles.OFFICIALS
    photos = File.objects.in_bulk([UUID(str(one)) for one in check.files])
    own = answers_for(actor, check.enterprise)
    context = {
        "crumbs": [
            {"label": _("Own checks"), "url": reverse("inspections:self-checks")},
            {"label": check.enterprise.name, "url": reverse("inspections:self-checks-of", args=[check.enterprise_id])},
            {"label": period_words(check.cycle, check.period)},
        ],
        "check": check,
        "record": shapes.heading(check),
        "facts": shapes.facts(check),
        "answers": shapes.answers(check),
        "findings": shapes.findings(findings),
        "groups": shapes.gallery(list(photos.values()), official=official),
        "entries": shapes.timeline(history),
        "may_excuse": own and check.state != "done",
    }
    return render(request, "inspections/self_check.html", context)


@require_http_methods(["GET", "POST"])
def excuse(request: HttpRequest, check_id: UUID) -> HttpResponse:
    actor, check = reader_of(request), queries.check(check_id)
    form = InputForm(AddExcuse, request.POST if request.method == "POST" else None, initial={"excuse": check.excuse})
    if request.method == "POST":
        try:
            actions.add_excuse(actor=actor, check=check_id, data=form.payload())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("The reason is noted."))
            return redirect("inspections:self-check", check_id)
    return _form(
        request, form, title=_("Why was it missed or late?"), back_url=reverse("inspections:self-check", args=[check_id]),
        consequences=[_("The check stays as it is; the reason stands beside it.")], submit_label=_("Note the reason"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, enterprise_id: UUID, cycle: str) -> HttpResponse:
    actor, enterprise = reader_of(request), enterprise_of(enterprise_id)
    if cycle not in dict(CYCLES):
        raise NotFound
    initial = {"begins_on": period_of(cycle, clock.today()) if cycle == MONTHLY else clock.today()}
    initial["begins_on"] = max(initial["begins_on"], clock.today())
    left_out = ["enterprise", "cycle"] + ([] if cycle == "daily" else ["on_rest_days"])
    form = InputForm(
        BeginPlan,
        request.POST if request.method == "POST" else None,
        initial={**initial, "on_rest_days": "false"},
        leave_out=left_out,
    )
    back = reverse("inspections:self-checks-of", args=[enterprise_id])
    if request.method == "POST":
        try:
            actions.begin_plan(actor=actor, data=form.payload() | {"enterprise": enterprise.pk, "cycle": cycle})
        except (Invalid, Conflict) as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("The cycle is kept from that day on."))
            return redirect(back)
    return _form(
        request, form, title=_("Begin: %(cycle)s") % {"cycle": cycle_words(cycle)}, back_url=back, submit_label=_("Begin"),
        consequences=[_("From its first day on, a check that was not done is written down as missed.")],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    plan = SelfCheckPlan.objects.select_related("enterprise").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    form = InputForm(
        EndPlan,
        request.POST if request.method == "POST" else None,
        initial={"ends_on": max(clock.today(), plan.begins_on)},
    )
    back = reverse("inspections:self-checks-of", args=[plan.enterprise_id])
    if request.method == "POST":
        try:
            actions.end_plan(actor=actor, plan=plan_id, data=form.payload())
        except (Invalid, Conflict) as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("The cycle ends on that day."))
            return redirect(back)
    return _form(
        request, form, title=_("End: %(cycle)s") % {"cycle": cycle_words(plan.cycle)}, back_url=back, submit_tone="danger",
        submit_label=_("End the cycle"), consequences=[_("What is owed until its last day stays owed. The reason goes into the ledger.")],
    )  # fmt: skip


def _form(request: HttpRequest, form: InputForm, **context: Any) -> HttpResponse:
    return render(request, "form.html", {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
