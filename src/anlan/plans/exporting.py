"""The plan as a workbook: exactly what is filtered, in the columns of the template."""

from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.timeline import state_words
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import Plan, PlanItem, PlanNode
from anlan.plans.models.tree import Charged
from anlan.plans.ordinals import order_of
from anlan.plans.queries.items import Filters, items
from anlan.plans.wording import reached_words
from anlan.plans.workbooks import lines_book

PORTION = 500
MORE = (
    Column(key="number", title=_("Number"), width=24),
    Column(key="state", title=_("State"), width=12),
    Column(key="reached", title=_("Done so far"), width=16),
    Column(key="finished_on", title=_("Finished on"), kind="date", width=12),
)
"""What comes behind the template's columns; a file brought in again leaves it aside."""


def write(stream: IO[bytes], actor: Actor, plan: Plan, filters: Filters) -> int:
    """Returns how many rows were written."""
    book = lines_book().sheets[0]
    columns = [one for one in book.columns if one.key != "campaign"]
    return export_rows(stream, [*columns, *MORE], _lines(actor, plan, filters, columns), title=book.title)


def _lines(actor: Actor, plan: Plan, filters: Filters, columns: list[Column]) -> Iterator[list[Any]]:
    """The upper lines of the branch that is asked for, then its items; with any narrower question the items alone."""
    narrow = filters.q() != Filters(plan=filters.plan, year=filters.year, branch=filters.branch).q()
    if not narrow:
        for node in _nodes(plan, filters.branch):
            yield [_cell(node, one.key) for one in columns] + [None] * len(MORE)
    after = None
    while True:
        page = items(actor, filters, after=after, limit=PORTION)
        for row in page.rows:
            more = [row.number, state_words(PLAN_ITEM, row.state), reached_words(row), row.finished_on]
            yield [_cell(row, one.key) for one in columns] + more
        if page.after is None:
            return
        after = page.after


def _nodes(plan: Plan, branch: str) -> list[PlanNode]:
    rows = PlanNode.objects.filter(plan=plan)
    if branch:
        rows = rows.filter(order__startswith=order_of(branch))
    return list(rows.order_by("order"))


def _cell(row: Charged, key: str) -> Any:
    if key == "sub_plan":
        return row.sub_plan.code if isinstance(row, PlanItem) and row.sub_plan.kind != "own" else ""
    if key == "year":
        return row.year if isinstance(row, PlanItem) else None
    return getattr(row, key)
