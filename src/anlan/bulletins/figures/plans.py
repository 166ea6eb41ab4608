"""Figures of the campaign's plan: its tree, its sub-plans of the year, and where its items stand now."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from anlan.bulletins.figures.declared import Figure
from anlan.bulletins.figures.rows import Asked, Row, Rows, source
from anlan.plans.models import Plan, PlanItem, PlanNode, SubPlan
from anlan.plans.queries.progress import Standing, standings

LONGEST = 200
Items = dict[UUID, PlanItem]


@source("plan")
def plan(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """`asks` names a level of the tree, a kind of sub-plan, or which items of the year."""
    found = Plan.objects.filter(campaign_id=asked.campaign, published_at__isnull=False).first()
    if found is None:
        return {}
    year = asked.last.year
    stood = standings(found, year)
    items = PlanItem.objects.select_related("sub_plan").in_bulk([one.id for one in stood])
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
            rows[figure.code] = list(_items(stood, items, WHICH[what], asked))
    return rows


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


def _items(stood: Iterable[Standing], items: Items, which: Callable[..., bool], asked: Asked) -> Iterable[Row]:
    """Each counts for the unit whose sub-plan it stands in, which answers for it in the campaign."""
    for one in stood:
        item = items[one.id]
        if which(one, item.due, asked):
            yield Row(
                kind="item",
                key=one.id,
                label=f"{one.code} {item.name}"[:LONGEST],
                value=1,
                note=one.unit_name,
                unit=item.sub_plan.unit_id or one.unit,
                region=one.region,
                month=item.due.replace(day=1) if item.due else None,
            )


def _node(one: Any) -> Row:
    return Row(kind="node", key=one.pk, label=f"{one.code} {one.name}"[:LONGEST], value=1, note=one.unit_name)


def _sub_plan(one: Any) -> Row:
    return Row(
        kind="sub_plan", key=one.pk, label=one.name, value=1, note=one.document, unit=one.unit_id, region=one.region
    )
