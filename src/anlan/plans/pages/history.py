"""The history of an item's figures: who changed them when, from what to what, and what was shown for it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.files.models import File
from anlan.kernel.phrases import in_tongue
from anlan.kernel.timeline import state_words, step_words
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import PlanItem
from anlan.plans.pages.common import asker, item_url
from anlan.plans.queries import items
from anlan.plans.queries.history import Change, changes_of
from anlan.plans.wording import amount_words, percent, reached_words, target_words


@require_GET
def history(request: HttpRequest, plan_item_id: UUID) -> HttpResponse:
    asker(request)
    item = items.item(plan_item_id)
    only = request.GET.get("only", "")
    rows = [one for one in reversed(changes_of(item)) if only != "figures" or one.moved_figure or one.moved_day]
    here = reverse("plans:history", args=[item.pk])
    context = {
        "title": _("History of the figures"),
        "crumbs": [
            {
                "label": in_tongue(item.plan.campaign),
                "url": f"{reverse('plans:tree', args=[item.plan_id])}?year={item.year}",
            },
            {"label": f"{item.code} {item.name}", "url": item_url(item)},
            {"label": _("History of the figures")},
        ],
        "item": item,
        "facts": [
            {"label": _("Responsible unit"), "value": item.unit_name},
            {"label": _("Target"), "value": target_words(item)},
            {"label": _("Done so far"), "value": reached_words(item)},
        ],
        "tabs": [
            {"label": _("Every move"), "url": here, "active": only != "figures"},
            {"label": _("Changes of figures and days"), "url": f"{here}?only=figures", "active": only == "figures"},
        ],
        "rows": [_row(item, one) for one in rows],
    }
    return render(request, "plans/history.html", context)


def _row(item: PlanItem, one: Change) -> dict[str, Any]:
    act = one.act
    return {
        "at": one.at,
        "who": one.name,
        "post": act.post_label if act else "",
        "step": step_words(PLAN_ITEM, act.step) if act else "",
        "state": state_words(PLAN_ITEM, one.state),
        "share": _moved(percent(one.share), None if one.share_before is None else percent(one.share_before)),
        "reached": _moved(_amount(item, one.achieved), _amount(item, one.achieved_before)),
        "due": _moved(str(one.due or ""), str(one.due_before or "") if one.share_before is not None else None),
        "corrects": one.corrects,
        "words": one.words,
        "files": [_file(file) for file in one.files],
    }


def _amount(item: PlanItem, amount: Any) -> str:
    return f"{amount_words(amount)} {item.target_unit}".strip() if amount is not None else ""


def _moved(now: str, before: str | None) -> dict[str, str]:
    return {"now": now, "before": before if before and before != now else ""}


def _file(file: File) -> dict[str, str]:
    kind = "original" if file.kind == "document" else "display"
    return {"label": file.name or _("Evidence"), "url": reverse("files:show", args=[file.pk, kind])}
