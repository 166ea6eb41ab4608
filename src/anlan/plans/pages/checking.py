"""What is wrong with the tree, and the button that publishes it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anlan.kernel.errors import Conflict, Forbidden
from anlan.plans import actions
from anlan.plans.actions.publishing import AT_ONCE
from anlan.plans.actions.writing import ONLY_OFFICE
from anlan.plans.models import PlanItem
from anlan.plans.ordinals import level_of
from anlan.plans.pages.common import Opened, item_url, opened
from anlan.plans.queries.selfchecks import troubles_of
from anlan.plans.selfcheck import RULES, Trouble

MOST = 200
"""Of each rule: a plan with more of one kind is mended in the workbook."""
TITLES = {
    "no_unit": gettext_lazy("Items without a unit"),
    "unit_unknown": gettext_lazy("Items of unknown units"),
    "unit_gone": gettext_lazy("Items of dissolved units"),
    "no_parent": gettext_lazy("Lines without the line above"),
    "twice": gettext_lazy("The same number twice"),
    "year_outside": gettext_lazy("Years outside the campaign"),
    "due_after_parent": gettext_lazy("Days after that of the line above"),
    "begins_after_due": gettext_lazy("Lines that begin after their own day"),
    "no_sub_plan": gettext_lazy("Items of sub-plans that are not there"),
    "due_outside": gettext_lazy("Days outside the campaign"),
    "no_due": gettext_lazy("Items without a day"),
    "sums": gettext_lazy("Sums that do not add up"),
    "empty_sub_plan": gettext_lazy("Sub-plans that cover no work"),
    "not_approved": gettext_lazy("Sub-plans without an approved document"),
    "uncovered": gettext_lazy("Works that no sub-plan covers"),
    "upper_unit_unknown": gettext_lazy("Upper lines of unknown units"),
}


@require_GET
def show(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    if not seen.mine:
        raise Forbidden(ONLY_OFFICE)
    found = troubles_of(seen.plan, seen.year)
    errors, warnings = [one for one in found if one.is_error], [one for one in found if not one.is_error]
    waiting = PlanItem.objects.filter(plan=seen.plan, state="planned").count()
    context = seen.context("checks") | {
        "waiting": waiting,
        "published": seen.plan.published_at,
        "may_publish": not errors and (waiting or seen.plan.published_at is None),
        "figures": [
            {
                "label": _("Errors"),
                "value": len(errors),
                "tone": "late" if errors else "",
                "words": _("must be mended"),
            },
            {"label": _("Warnings"), "value": len(warnings), "words": _("may be meant so")},
            {"label": _("Items not given out yet"), "value": waiting, "url": seen.url("items", state="planned")},
        ],
        "groups": [*_groups(seen, errors, error=True), *_groups(seen, warnings, error=False)],
    }
    return render(request, "plans/checks.html", context)


def _groups(seen: Opened, found: list[Trouble], *, error: bool) -> list[dict[str, Any]]:
    """The same trouble together, in the rules' order."""
    grouped: dict[str, list[Trouble]] = {}
    for one in found:
        grouped.setdefault(one.rule, []).append(one)
    return [
        {
            "error": error,
            "title": str(TITLES[rule]),
            "count": len(rows),
            "more": max(0, len(rows) - MOST),
            "rows": [
                {"code": one.code, "name": one.name, "words": one.words, "url": _url(seen, one)} for one in rows[:MOST]
            ],
        }
        for rule in RULES
        if (rows := grouped.get(rule))
    ]


def _url(seen: Opened, one: Trouble) -> str:
    if one.of_sub_plan:
        return seen.url("items", sub_plan=one.ref)
    return item_url(one.ref) if level_of(one.code) == "item" else seen.url("items", branch=one.code)


@require_POST
def publish(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    try:
        actions.publish(actor=seen.actor, plan=seen.plan.pk, at_once=AT_ONCE)
    except Conflict as problem:
        messages.error(request, problem.detail)
    else:
        left = PlanItem.objects.filter(plan=seen.plan, state="planned").count()
        words = _("The plan is published, and its items are given out.")
        if left:
            words = _("The plan is published. Its items are being given out; %(left)s are still to come.") % {
                "left": left
            }
        messages.success(request, words)
    return redirect(seen.url("checks"))
