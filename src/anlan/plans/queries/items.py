"""Items in the actor's scope: lists by keyset in the plan's order, one item, what waits for whom."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, page
from anlan.kernel.reading import reach_of, read_code, read_id
from anlan.plans.models import PlanItem, Progress
from anlan.plans.ordinals import is_code, order_of
from anlan.plans.rules import UNIT_ROLES, keeps
from anlan.plans.states import CODES, OF_UNIT, OPEN

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
SHOWN = 20
Place = tuple[str, UUID]


@dataclass(frozen=True, kw_only=True)
class Filters:
    plan: UUID | None = None
    year: int | None = None
    states: tuple[str, ...] = ()
    """Codes, or "open" for all that wait for something."""
    branch: str = ""
    unit: UUID | None = None
    sub_plan: UUID | None = None
    region: int | None = None
    key: bool = False
    late: bool = False
    words: str = ""

    def q(self) -> Q:
        found = Q()
        for name, value in (("plan", self.plan), ("year", self.year), ("unit", self.unit), ("sub_plan", self.sub_plan)):
            if value:
                found &= Q(**{name: value})
        if self.states:
            wanted = {one for code in self.states for one in (OPEN if code == "open" else (code,))}
            found &= Q(state__in=sorted(wanted))
        if self.branch:
            found &= Q(order__startswith=f"{order_of(self.branch)}.")
        if self.key:
            found &= Q(key=True)
        if self.late:
            found &= Q(late=True, state__in=OPEN)
        if self.words:
            found &= (
                Q(name__icontains=self.words) | Q(unit_name__icontains=self.words) | Q(number__startswith=self.words)
            )
        if reach := reach_of(self.region):
            found &= Q(region__gte=reach[0], region__lt=reach[1])
        return found


def read_filters(asked: Any) -> Filters:
    """What an address says; what cannot be read is left out."""
    year, branch = asked.get("year", ""), asked.get("branch", "").strip()
    return Filters(
        plan=read_id(asked.get("plan")),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        states=tuple(code for code in asked.getlist("state") if code in CODES or code == "open"),
        branch=branch if is_code(branch) and branch.count(".") < 3 else "",
        unit=read_id(asked.get("unit")),
        sub_plan=read_id(asked.get("sub_plan")),
        region=read_code(asked.get("region")),
        key=bool(asked.get("key")),
        late=bool(asked.get("late")),
        words=asked.get("q", "").strip()[:40],
    )


def seen(actor: Actor) -> Q:
    """The plain ranges before the policy, so that the indexes are chosen: where the unit lies, or the office that gave it."""
    return scope.within(actor, industry=None) | scope.within(actor, region="issued_region", industry=None)


def items(
    actor: Actor, filters: Filters, *, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Page[PlanItem, Place]:
    """In the order of the plan."""
    rows = PlanItem.objects.filter(seen(actor), filters.q()).select_related("sub_plan", "work")
    return page(rows, ("order", "id"), after=after, before=before, limit=limit)


def count_items(actor: Actor, filters: Filters) -> int:
    """At most one more than is counted."""
    return PlanItem.objects.filter(seen(actor), filters.q()).values("pk").order_by()[: COUNTED + 1].count()


def item(item_id: UUID) -> PlanItem:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = (
        PlanItem.objects.select_related("plan__campaign", "sub_plan", "work__parent__parent").filter(pk=item_id).first()
    )
    if found is None:
        raise NotFound
    return found


def progress_of(found: PlanItem) -> list[Progress]:
    """Oldest first."""
    return list(Progress.objects.filter(item=found).order_by("at", "id"))


NEXT = {
    "assigned": "sign",
    "signed_for": "start",
    "under_way": "report",
    "returned": "start",
    "handed_back": "reassign",
    "reported": "verify",
    "verified": "close",
}
"""The step that is taken next in each state."""


def waiting_for(actor: Actor, *, limit: int = SHOWN) -> list[tuple[PlanItem, str]]:
    """Items with the step this post takes next, what is due first. Separation of duties is kept out of sight here too."""
    rows = PlanItem.objects.filter(seen(actor)).select_related("plan__campaign", "sub_plan")
    found: list[PlanItem] = []
    if actor.role in UNIT_ROLES and actor.organisation:
        mine = rows.filter(unit_id=actor.organisation, state__in=OF_UNIT)
        found += mine.order_by(F("due_at").asc(nulls_last=True), "id")[:limit]
    if actor.region is not None and keeps(actor, actor.region):
        ours = rows.filter(state__in=("handed_back", "reported", "verified"), issued_region=actor.region)
        ours = ours.exclude(state="reported", reported_by=actor.person)
        found += ours.order_by(F("due_at").asc(nulls_last=True), "id")[:limit]
    found.sort(key=lambda row: (row.due_at is None, row.due_at, row.pk))
    return [(row, NEXT[row.state]) for row in found[:limit]]
