"""Budget, rules and reconciliation."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.kernel import clock
from anlan.kernel.errors import Forbidden
from anlan.kernel.forms import InputForm, yuan
from anlan.kernel.pages import attempt, form_page
from anlan.kernel.phrases import in_tongue
from anlan.registry.queries import region_names
from anlan.rewards import actions, needs, queries
from anlan.rewards.models import Reconciliation, RewardRule
from anlan.rewards.pages.common import asker, url_of, views
from anlan.rewards.rules import sets_budget
from anlan.rewards.wording import DIFFERENCES, FORMULAS, WHYS, bill_state_words, mark_words, percent

DAYS = 60


@require_GET
def budget(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    found = queries.budgets(actor)
    names = region_names(one.budget.region for one in found)
    context = {
        "title": _("Budget of rewards"),
        "views": views("budget"),
        "rows": [
            {
                "year": one.budget.year,
                "region": names.get(one.budget.region, ""),
                "fen": one.budget.fen,
                "paid": one.paid_fen,
                "open": one.open_fen,
                "beyond": one.beyond_fen,
                "left": one.left_fen,
                "share": round(100 * one.taken_fen / one.budget.fen) if one.budget.fen else 0,
                "paid_url": f"{reverse('rewards:list')}?state=paid&budget={one.budget.pk}",
                "open_url": f"{reverse('rewards:list')}?state=approved&state=claimable&state=paying&budget={one.budget.pk}",
            }
            for one in found
        ],
        "may_set": actor.region is not None and sets_budget(actor, actor.region),
    }
    return render(request, "rewards/budget.html", context)


@require_http_methods(["GET", "POST"])
def set_budget(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    region = actor.region
    if region is None or not sets_budget(actor, region):
        raise Forbidden(_("Only the committee office of the territory sets its budget."))
    form = InputForm(
        needs.SetBudget, request.POST if request.method == "POST" else None, initial={"year": clock.today().year}
    )
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.set_budget(actor=actor, region=region, data=sent))
        if made is None:
            return _budget_page(request, form, region)
        messages.success(request, _("The budget is set."))
        return redirect("rewards:budget")
    return _budget_page(request, form, region)


def _budget_page(request: HttpRequest, form: InputForm, region: int) -> HttpResponse:
    return form_page(
        request,
        form,
        title=_("Set the budget of %(place)s") % {"place": region_names([region]).get(region, "")},
        submit_label=_("Set"),
        back_url=reverse("rewards:budget"),
        consequences=[_("No reward is approved beyond it. It cannot be set below what is promised already.")],
    )


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every version, those in force first, with the ground each stands on."""
    asker(request)
    today = clock.today()
    rows = list(RewardRule.objects.order_by("code", "-from_day", "-region"))
    names = region_names(row.region for row in rows if row.region)
    context = {
        "title": _("Rules of rewards"),
        "views": views("rules"),
        "rows": [_rule(row, names, in_force=row.from_day <= today and (row.to_day is None or today <= row.to_day)) for row in rows],
        "grounds": _grounds(),
    }  # fmt: skip
    return render(request, "rewards/rules.html", context)


def _rule(row: RewardRule, names: dict[int, str], *, in_force: bool) -> dict[str, Any]:
    if row.formula == "fixed":
        amount = _("%(yuan)s yuan") % {"yuan": yuan(row.amount_fen)}
    else:
        amount = _("%(share)s of the fine, at least %(least)s, at most %(most)s yuan") % {
            "share": percent(row.share_permille),
            "least": yuan(row.least_fen),
            "most": yuan(row.most_fen) or "–",
        }
    return {
        "name": in_tongue(row),
        "place": names.get(row.region, "") if row.region else _("everywhere"),
        "formula": str(FORMULAS[row.formula]),
        "amount": amount,
        "uplift": percent(row.employee_uplift_permille) if row.employee_uplift_permille else "",
        "from": row.from_day,
        "to": row.to_day,
        "in_force": in_force,
        "basis": row.basis,
        "mark": row.evidence,
        "mark_words": mark_words(row.evidence),
    }


def _grounds() -> list[dict[str, str]]:
    from anlan.rewards.computing import data

    words = {
        "uplift": _("Uplift for employees"),
        "joint": _("Joint reports"),
        "not_first": _("First reporter only"),
        "not_once": _("One reward for one hazard"),
        "not_anonymous": _("Anonymous reports"),
        "not_duty": _("People on duty are excluded"),
        "not_kin": _("Their close kin is excluded"),
        "not_known": _("Known matters are excluded"),
        "not_penalised": _("Penalised matters are excluded"),
        "not_malicious": _("Malicious reports are excluded"),
        "cap_month": _("Cap by month and category"),
        "cap_year": _("Cap by year"),
    }
    return [
        {
            "label": words.get(name, name),
            "basis": one.get("basis", ""),
            "mark": one["evidence"],
            "mark_words": mark_words(one["evidence"]),
        }
        for name, one in data()["grounds"].items()
    ]


@require_GET
def reconciliation(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    rows = Reconciliation.objects.order_by("-day")[:DAYS]
    context = {
        "elsewhere": not actor.covers(settings.ANLAN_CITY),
        "title": _("Reconciliation"),
        "views": views("reconciliation"),
        "days": [
            {
                "day": row.day,
                "ours": row.ours,
                "theirs": row.theirs,
                "at": row.at,
                "differences": [_difference(one) for one in row.differences],
            }
            for row in rows
        ],
        "alarms": [
            {
                "at": event.at,
                "reward": event.bill.reward.number,
                "url": url_of(event.bill.reward_id),
                "ours": bill_state_words(event.bill.way, str(event.body.get("ours", ""))),
                "theirs": bill_state_words(event.bill.way, str(event.body.get("state", "")))
                or _("unknown to the service"),
                "why": str(WHYS.get(str(event.body.get("why", "")), "")),
            }
            for event in queries.alarms(actor)
        ],
    }
    return render(request, "rewards/reconciliation.html", context)


def _difference(one: dict[str, Any]) -> dict[str, Any]:
    words, todo = DIFFERENCES[one["kind"]]
    return {
        "words": words,
        "todo": todo,
        "number": one.get("reward") or one["number"],
        "url": url_of(one["id"]) if one.get("id") else "",
        "ours": one.get("ours_fen"),
        "theirs": one.get("theirs_fen"),
    }
