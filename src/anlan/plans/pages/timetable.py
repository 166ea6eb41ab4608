"""The timetable: a year's months as columns, each item from its first day to its last, drawn on the server."""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.kernel import clock
from anlan.plans.models import PlanItem, PlanNode
from anlan.plans.ordinals import is_code, order_of
from anlan.plans.pages.common import Opened, item_url, opened
from anlan.plans.queries.progress import standings
from anlan.plans.steps import WHOLE
from anlan.plans.wording import behind_words, percent, span_words, state_view

MONTH = 100
"""Units of the drawing in a month: months are of one width, days share theirs."""
MOST = 400


def place(day: date, year: int, *, end: bool = False) -> int:
    """Where a day stands in the drawing; what lies outside the year stands at its edge."""
    if day.year != year:
        return 0 if day.year < year else 12 * MONTH
    days = monthrange(year, day.month)[1]
    return (day.month - 1) * MONTH + round((day.day - (0 if end else 1)) * MONTH / days)


def bar(starts_on: date, due: date, share: int, year: int) -> dict[str, int]:
    """`x` and `width` of the whole span, `done` the width of what is done."""
    left = place(starts_on, year)
    width = max(6, place(due, year, end=True) - left)
    return {"x": left, "width": width, "done": round(width * share / WHOLE)}


@require_GET
def show(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One action at a time, so that the drawing stays readable."""
    seen = opened(request, plan_id)
    actions = list(PlanNode.objects.filter(plan=seen.plan, level="action").order_by("order"))
    asked = request.GET.get("branch", "")
    chosen = next((one for one in actions if is_code(asked) and one.code == asked), actions[0] if actions else None)
    today = clock.today()
    context = seen.context("calendar") | {
        "actions": [{"code": one.code, "label": f"{one.code} {one.name}", "active": one == chosen} for one in actions],
        "chosen": chosen,
        "months": [(date_format(date(seen.year, month, 1), "M"), month) for month in range(1, 13)],
        "grid": [month * MONTH for month in range(1, 12)],
        "today": place(today, seen.year) if today.year == seen.year else None,
        "today_words": _("Today, %(day)s") % {"day": today},
        "rows": _rows(seen, chosen) if chosen else [],
    }
    return render(request, "plans/timetable.html", context)


def _rows(seen: Opened, action: PlanNode) -> list[dict[str, Any]]:
    """The action's tasks and works as headings, the items under their work."""
    below = f"{order_of(action.code)}."
    nodes = PlanNode.objects.filter(plan=seen.plan, order__startswith=below)
    items = PlanItem.objects.filter(plan=seen.plan, year=seen.year, order__startswith=below).exclude(state="withdrawn")
    stands = {one.id: one for one in standings(seen.plan, seen.year)}
    lines: list[tuple[str, dict[str, Any]]] = [
        (one.order, {"heading": True, "level": one.level, "code": one.code, "name": one.name}) for one in nodes
    ]
    for one in items.order_by("order", "id")[:MOST]:
        stand = stands.get(one.pk)
        begins = one.starts_on or date(one.year, 1, 1)
        share = stand.share if stand else one.share
        lines.append(
            (
                one.order,
                {
                    "code": one.code,
                    "name": one.name,
                    "unit": one.unit_name,
                    "key": one.key,
                    "url": item_url(one),
                    "state": state_view(one),
                    "bar": bar(begins, one.due, share, seen.year) if one.due else None,
                    "late": bool(stand and stand.overdue_days),
                    "percent": percent(share),
                    "span": span_words(one.starts_on, one.due),
                    "behind": behind_words(stand) if stand else "",
                },
            )
        )
    used = {order.rpartition(".")[0] for order, line in lines if not line.get("heading")}
    return [
        line
        for order, line in sorted(lines, key=lambda one: one[0])
        if not line.get("heading") or any(one == order or one.startswith(f"{order}.") for one in used)
    ]
