"""Figures of the campaign's plan: its tree, its sub-plans of the year, and where its items stood."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from anlan.bulletins.figures.declared import Figure
from anlan.bulletins.figures.rows import Asked, Row, Rows, moment, source
from anlan.plans.models import Plan, PlanItem, PlanNode, Progress, SubPlan
from anlan.plans.queries.progress import Standing, standings

LONGEST = 200
Items = dict[UUID, PlanItem]
Days = dict[UUID, date | None]


@source("plan")
def plan(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """`asks` names a level of the tree, a kind of sub-plan, or which items of the year."""
    found = Plan.objects.filter(campaign_id=asked.campaign, published_at__isnull=False).first()
    if found is None:
        return {}
    year, then = asked.last.year, _then(asked, found)
    stood = standings(found, year, then)
    items = PlanItem.objects.select_related("sub_plan").in_bulk([one.id for one in stood])
    days = _days(stood, then) if then else {key: item.due for key, item in items.items()}
    rows: Rows = {}
    for figure in figures:
        what = figure.asks[0]
        if what in LEVELS:
            nodes = PlanNode.objects.filter(plan=found, level=what).order_by("order", "id")
            rows[figure.code] = [_node(one) for one in nodes]
        elif what in KINDS:
            subs = SubPlan.objects.filter(plan=found, year=year, kind=what).order_by("code", "id")
            rows[figure.code] = [_sub_plan(one) for one in subs]
        else:
            rows[figure.code] = list(_items(stood, items, days, WHICH[what], asked))
    return rows


@moment("plan")
def stood_at(asked: Asked, figure: Figure) -> datetime | None:
    """Items tell of a moment; the tree and its sub-plans do not change from month to month."""
    found = Plan.objects.filter(campaign_id=asked.campaign, published_at__isnull=False).first()
    return (_then(asked, found) or asked.until) if found and figure.asks[0] in WHICH else None


def _then(asked: Asked, plan: Plan) -> datetime | None:
    """The end of the months, where items were followed by then already; None where only the present is known."""
    last = asked.ends - timedelta(microseconds=1)
    if asked.ends >= asked.until or not Progress.objects.filter(item__plan=plan, at__lte=last).exists():
        return None
    return last


def _days(stood: Sequence[Standing], then: datetime) -> dict[UUID, date | None]:
    """The days that were set then."""
    rows = Progress.objects.filter(item__in=[one.id for one in stood], at__lte=then)
    return dict(rows.order_by("item", "-at", "-id").distinct("item").values_list("item_id", "due"))


LEVELS = ("action", "task", "work")
KINDS = ("district", "system")
WHICH: dict[str, Callable[[Standing, date | None, Asked], bool]] = {
    "items": lambda one, due, asked: True,
    "key": lambda one, due, asked: one.key,
    "done": lambda one, due, asked: one.done,
    "behind": lambda one, due, asked: one.behind,
    "overdue": lambda one, due, asked: one.overdue_days > 0,
    "next": lambda one, due, asked: not one.done and due is not None and asked.next[0] <= due <= asked.next[1],
}


def _items(
    stood: Iterable[Standing], items: Items, days: Days, which: Callable[..., bool], asked: Asked
) -> Iterable[Row]:
    """Each counts for the unit whose sub-plan it stands in, which answers for it in the campaign."""
    for one in stood:
        item, due = items[one.id], days.get(one.id)
        if which(one, due, asked):
            yield Row(
                kind="item",
                key=one.id,
                label=f"{one.code} {item.name}"[:LONGEST],
                value=1,
                note=one.unit_name,
                unit=item.sub_plan.unit_id or one.unit,
                region=one.region,
                month=due.replace(day=1) if due else None,
            )


def _node(one: Any) -> Row:
    return Row(kind="node", key=one.pk, label=f"{one.code} {one.name}"[:LONGEST], value=1, note=one.unit_name)


def _sub_plan(one: Any) -> Row:
    return Row(
        kind="sub_plan", key=one.pk, label=one.name, value=1, note=one.document, unit=one.unit_id, region=one.region
    )
