"""A reward's page: where it stands, how the amount came about line by line, its payments, its timeline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm, yuan
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import in_tongue, moment_words
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who
from anlan.registry.queries import region_names
from anlan.rewards import actions, queries
from anlan.rewards.contradictions import unsettled
from anlan.rewards.flow import REWARD
from anlan.rewards.forms import step_form
from anlan.rewards.models import Bill, BillEvent, Reward
from anlan.rewards.pages.common import asker, url_of
from anlan.rewards.states import OVER
from anlan.rewards.wording import (
    FIELDS,
    SOURCES,
    WHYS,
    bill_state_words,
    change_words,
    due_view,
    event_words,
    lines_view,
    problem_words,
    state_view,
    way_words,
)

DANGER = frozenset({"refuse", "stop", "take_back"})
VOUCHERS = frozenset({"pay_out", "confirm"})
ROAD = ("proposed", "approved", "claimable", "paying", "paid")


@require_GET
def record(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    actor = asker(request)
    reward = queries.reward(reward_id)
    history = acts(reward.pk)
    main, more = buttons(offers(REWARD, reward, actor), url_of(reward), danger=DANGER)
    if reward.way != "voucher":  # what is done with vouchers alone is not worth a greyed button
        main = [one for one in main if one["name"] not in VOUCHERS]
    main += [one for one in more if one["name"] == "resolve"]  # what is halted is what the page is opened for
    more = [one for one in more if one["name"] != "resolve"]
    context = {
        "crumbs": [{"label": _("Rewards"), "url": reverse("rewards:list")}, {"label": reward.number}],
        "record": {
            "number": reward.number,
            "title": _("%(yuan)s yuan for report %(number)s")
            % {"yuan": yuan(reward.amount_fen), "number": reward.report.number},
            "url": url_of(reward),
            "state": state_view(reward),
        },
        "reward": reward,
        "stepper_steps": _stepper(reward, history),
        "due": due_view(reward),
        "steps": sorted(main, key=lambda one: bool(one["stays"])),
        "more_steps": more,
        "facts": _facts(reward),
        "lines": lines_view(reward),
        "bills": [_bill(bill, events) for bill, events in queries.bills_of(reward)],
        "entries": [_entry(act) for act in reversed(history)],
    }
    return render(request, "rewards/record.html", context)


def _stepper(reward: Reward, history: list[Act]) -> list[dict[str, Any]]:
    """What the reporter does stands in the ledger without a name."""
    arrived = arrivals(history)
    road = list(ROAD)
    if reward.state not in road:  # it ended beside the road
        road = [code for code in road if code in arrived] + [reward.state]
    here = road.index(reward.state)
    over = reward.state in OVER
    found = []
    for place, code in enumerate(road):
        status = "done" if place < here or (place == here and over) else "waiting"
        if place == here and not over:
            status = "late" if reward.late else "current"
        one: dict[str, Any] = {"label": state_words(REWARD, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": REWARD.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": _who(act), "at": act.at}
        found.append(one)
    return found


def _who(act: Act) -> str:
    return _("the reporter") if act.role == "citizen" else who(act)


def _facts(reward: Reward) -> list[dict[str, Any]]:
    try:
        report_url = reverse("reports:record", args=[reward.report_id])
    except NoReverseMatch:
        report_url = ""
    shown: list[tuple[str, Any, bool, str]] = [
        (_("Amount (yuan)"), yuan(reward.amount_fen), False, ""),
        (_("Report number"), reward.report.number, False, report_url),
        (_("What was reported"), reward.report.words, True, ""),
        (_("Region"), region_names([reward.region]).get(reward.region, ""), False, ""),
        (_("Hazard"), reward.report.hazard_number, False, ""),
        (_("By the rule"), in_tongue(reward.rule) if reward.rule else "", False, ""),
        (_("Year of the budget"), str(reward.year) if reward.budget else "", False, ""),
        (_("Claim by"), reward.claim_by.isoformat() if reward.claim_by else "", False, ""),
        (_("Way of payment"), way_words(reward.way), False, ""),
        (_("Paid on"), moment_words(reward.paid_at), False, ""),
        (_("Reason"), reward.reason, True, ""),
    ]
    return [{"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown if value]


def _doubts(reward: Reward) -> list[dict[str, Any]]:
    """The disputed payment that the form is about, and what contradicts what."""
    alarms = unsettled(reward)
    if not alarms:
        return []
    bill = alarms[0].bill
    mine = [event for event in alarms if event.bill_id == bill.pk]
    said = mine[-1].body
    amount = said.get("fen", bill.amount_fen)
    shown: list[tuple[str, str, bool]] = [
        (_("Our number"), bill.out_bill_no, False),
        (_("Number of the service"), bill.transfer_bill_no, False),
        (_("In our books"), f"{bill_state_words(bill.way, bill.state)} · {yuan(bill.amount_fen)}", False),
        (_("The service says"), f"{bill_state_words(bill.way, mine[-1].state)} · {yuan(amount)}", False),
        (
            _("What is in doubt"),
            " · ".join(str(WHYS.get(event.body["why"], event.body["why"])) for event in mine),
            True,
        ),
    ]
    return [{"label": label, "value": value, "wide": wide, "url": ""} for label, value, wide in shown if value]


def _bill(bill: Bill, events: list[BillEvent]) -> dict[str, Any]:
    tone = "done" if bill.state == "SUCCESS" else "active" if bill.open else "muted"
    return {
        "number": bill.out_bill_no,
        "theirs": bill.transfer_bill_no,
        "way": way_words(bill.way),
        "fen": bill.amount_fen,
        "state": {"label": bill_state_words(bill.way, bill.state), "tone": tone, "code": bill.state},
        "made": bill.created_at,
        "ended": bill.ended_at,
        "receipt": bill.receipt,
        "payer": bill.payer_name,
        "problem": problem_words(bill.problem),
        "unclear": bill.unclear if bill.open else 0,
        "stopped": bill.open and bill.stopped_at is not None,
        "excess": bill.excess_fen,
        "events": [
            {
                "at": event.at,
                "source": str(SOURCES.get(event.source, event.source)),
                "alarm": event.source == "alarm",
                "state": bill_state_words(bill.way, event.state),
                "words": event_words(event.body),
            }
            for event in events
        ],
    }


def _entry(act: Act) -> dict[str, Any]:
    changes = [
        {"label": str(FIELDS[field]), "before": change_words(field, before), "after": change_words(field, after)}
        for field, (before, after) in act.changes.items()
        if field in FIELDS and before not in (None, "", 0)
    ]
    note = str(act.data.get("reason") or act.data.get("remark") or act.data.get("words") or "")
    found = entry(act, what=headline(REWARD, act), note=note, changes=changes)
    return found | {"who": _who(act), "post": "" if act.role == "citizen" else found["post"], "tone": clock_tone(act)}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, reward_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    reward = queries.reward(reward_id)
    declared = step_of(REWARD, name)
    if request.method == "POST":
        return _take(request, actor, reward, declared)
    check_offer(REWARD, declared, reward, actor)
    return _page(request, reward, declared, step_form(declared, reward))


def _page(request: HttpRequest, reward: Reward, declared: Step, form: InputForm) -> HttpResponse:
    context = step_context(request, declared, reward, danger=declared.name in DANGER) | {
        "back_url": url_of(reward),
        "reward": reward,
        "lines": lines_view(reward) if declared.name in ("approve", "refuse", "recompute") else [],
        "brief": _doubts(reward) if declared.name == "resolve" else _facts(reward)[:4],
    }
    return form_page(request, form, "rewards/step.html", **context)


def _take(request: HttpRequest, actor: Actor, reward: Reward, declared: Step) -> HttpResponse:
    form = step_form(declared, reward, request.POST)
    version = read_version(request)
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(actor=actor, reward=reward.pk, step=declared.name, data=sent, version=version),
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(reward))
    if moved_on(problem):
        return moved_on_page(request, problem, REWARD, reward, url_of(reward), version)
    return _page(request, reward, declared, form)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """By hand, where the platform did not: asked for from the report's page."""
    actor = asker(request)
    declared = REWARD.step("propose")
    form = step_form(declared, None, request.POST if request.method == "POST" else None, report=str(report_id))
    if request.method == "POST":
        made: list[Reward] = []
        problem = attempt_step(form, lambda sent: made.append(actions.propose(actor=actor, data=sent)))
        if problem is None:
            messages.success(request, _("Proposed as %(number)s.") % {"number": made[0].number})
            return redirect(url_of(made[0]))
    return form_page(
        request,
        form,
        title=_("Propose a reward"),
        submit_label=_("Propose a reward"),
        back_url=reverse("rewards:list"),
        consequences=[_("The amount is computed; a finance officer decides on it.")],
    )
