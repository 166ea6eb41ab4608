"""Accounts that reconcile: every item is somewhere, and what the upper lines ask for is what the items below them promise and reach."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from anlan.plans.models import Plan, PlanItem, PlanNode
from anlan.plans.ordinals import parent_of
from anlan.plans.states import DONE

BUCKETS = {
    "planned": ("planned",),
    "not_signed": ("assigned", "handed_back"),
    "in_hand": ("signed_for", "under_way", "returned"),
    "reported": ("reported",),
    "done": DONE,
    "withdrawn": ("withdrawn",),
}
OF_STATE = {state: bucket for bucket, states in BUCKETS.items() for state in states}


@dataclass(slots=True, kw_only=True)
class Account:
    """Items of one sub-plan: each counted once, in one place."""

    code: str
    name: str
    total: int = 0
    planned: int = 0
    not_signed: int = 0
    in_hand: int = 0
    reported: int = 0
    done: int = 0
    withdrawn: int = 0

    def add(self, state: str) -> None:
        self.total += 1
        bucket = OF_STATE[state]
        setattr(self, bucket, getattr(self, bucket) + 1)

    @property
    def reconciles(self) -> bool:
        return self.total == sum(getattr(self, bucket) for bucket in BUCKETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A work with a target: what it asks for, what its items promise in the same unit, and what they have reached."""

    code: str
    name: str
    unit: str
    target: Decimal
    promised: Decimal
    reached: Decimal

    @property
    def difference(self) -> Decimal:
        """Promised beyond (or, below nought, short of) what is asked for."""
        return self.promised - self.target


def accounts(plan: Plan, year: int) -> list[Account]:
    """By sub-plan, of the items that one sees."""
    found: dict[str, Account] = {}
    for row in PlanItem.objects.filter(plan=plan, year=year).select_related("sub_plan").order_by("sub_plan__code"):
        sub = row.sub_plan
        found.setdefault(sub.code, Account(code=sub.code, name=sub.name)).add(row.state)
    return list(found.values())


def sums(plan: Plan, year: int) -> list[Sum]:
    """Works with a target in the plan's order; items in another unit are not compared, nor what was called off."""
    parts: dict[tuple[str, str], list[PlanItem]] = defaultdict(list)
    rows = PlanItem.objects.filter(plan=plan, year=year, measure="number").exclude(state="withdrawn")
    for row in rows:
        parts[parent_of(row.code), row.target_unit].append(row)
    nodes = PlanNode.objects.filter(plan=plan, level="work", target__isnull=False).order_by("order")
    return [
        Sum(
            code=node.code,
            name=node.name,
            unit=node.target_unit,
            target=node.target or Decimal(),
            promised=sum((one.target or Decimal() for one in mine), Decimal()),
            reached=sum((one.achieved or Decimal() for one in mine), Decimal()),
        )
        for node in nodes
        if (mine := parts.get((node.code, node.target_unit)))
    ]
