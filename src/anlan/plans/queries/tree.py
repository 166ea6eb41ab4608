"""Plans, their branches, and one plan's years."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from anlan.campaigns.models import Campaign
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.plans.models import Plan, PlanItem, PlanNode, SubPlan
from anlan.plans.queries.progress import Standing, Tally, by_node, tallied

MOST = 60


@dataclass(kw_only=True)
class Branch:
    """A line with what hangs on it and how far that is."""

    node: PlanNode
    tally: Tally
    below: list["Branch"] = field(default_factory=list)


def plans() -> list[Plan]:
    """Those one may read, the newest campaign first."""
    return list(Plan.objects.select_related("campaign").order_by("-campaign__from_day", "-id")[:MOST])


def plan(plan_id: UUID) -> Plan:
    """Raises NotFound for what does not exist and for what may not be read alike."""
    found = Plan.objects.select_related("campaign").filter(pk=plan_id).first()
    if found is None:
        raise NotFound
    return found


def campaigns_without(actor: Actor) -> list[Campaign]:
    """Campaigns of the actor's own territory that have no plan yet."""
    if actor.region is None:
        return []
    low, high = subtree(actor.region)
    return list(
        Campaign.objects.filter(region__gte=low, region__lt=high, plan=None).order_by("-from_day", "-id")[:MOST]
    )


def years(found: Plan) -> list[int]:
    """The campaign's years; of one without an end those up to the next."""
    first, last = found.campaign.from_day, found.campaign.to_day
    return list(range(first.year, (last.year if last else clock.today().year + 1) + 1))


def year_of(found: Plan, asked: int | None) -> int:
    """The year that is asked for, else the present one, always one of the campaign's."""
    known = years(found)
    year = asked if asked in known else clock.today().year
    return min(max(year, known[0]), known[-1])


def branches(found: Plan, rows: Sequence[Standing]) -> list[Branch]:
    """The whole tree down to its works; one query whatever its size."""
    sums = by_node(rows)
    by_code: dict[str, Branch] = {}
    top: list[Branch] = []
    for node in PlanNode.objects.filter(plan=found).order_by("order"):
        one = by_code[node.code] = Branch(node=node, tally=sums.get(node.code) or Tally())
        above = by_code.get(node.code.rpartition(".")[0])
        (above.below if above else top).append(one)
    return top


def items_of(found: Plan, code: str, year: int) -> list[PlanItem]:
    """The items of a year under a work."""
    rows = PlanItem.objects.filter(plan=found, year=year, work__code=code).select_related("sub_plan")
    return list(rows.order_by("order", "id")[:500])


def sub_plans(found: Plan, year: int, rows: Sequence[Standing]) -> list[tuple[SubPlan, Tally]]:
    sums = tallied(rows, lambda one: one.sub_plan)
    return [
        (sub, sums.get(sub.pk) or Tally())
        for sub in SubPlan.objects.filter(plan=found, year=year).order_by("kind", "code")
    ]
