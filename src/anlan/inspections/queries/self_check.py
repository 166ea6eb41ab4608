"""Reading self-checks: what is owed, what to look at, the months, the history, and who is behind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from anlan.inspections.models import Finding, SelfCheck, SelfCheckMonth, SelfCheckPlan
from anlan.inspections.periods import DAILY, MONTHLY, WEEKLY, control_cycles, end_of, following, period_of
from anlan.inspections.self_check_rulings import late_until, owed
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import CalendarEnds, NotFound
from anlan.kernel.keyset import Page, page
from anlan.registry.models import Enterprise
from anlan.risks.models import Control
from anlan.standards import queries as standards

ORDER = (DAILY, WEEKLY, MONTHLY)
BACK = timedelta(days=62)
"""How far back an open late period can lie: a month and the days after it."""


@dataclass(frozen=True, kw_only=True)
class CheckItem:
    """One thing to look at: a control of a risk point, or an item of a published checklist."""

    control: UUID | None = None
    item: UUID | None = None
    text: str
    risk_point: UUID | None = None
    risk_point_name: str = ""
    kind: str

    @property
    def key(self) -> str:
        return str(self.control or self.item)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One period of a cycle as it stands."""

    plan: SelfCheckPlan
    period: date
    state: str
    """done, late, missed; due, open_late (over, can still be done), free (nothing asked), ahead."""
    check: SelfCheck | None = None

    @property
    def cycle(self) -> str:
        return self.plan.cycle

    @property
    def to_do(self) -> bool:
        return self.state in ("due", "open_late")


def plans_of(enterprises: Iterable[UUID]) -> list[SelfCheckPlan]:
    """Running or ended, latest first."""
    rows = SelfCheckPlan.objects.filter(enterprise__in=list(enterprises)).select_related("enterprise")
    return list(rows.order_by("enterprise__name", "enterprise_id", "-begins_on", "id"))


def running(plans: Iterable[SelfCheckPlan], day: date) -> list[SelfCheckPlan]:
    found = [one for one in plans if one.begins_on <= day and (one.ends_on is None or one.ends_on >= day)]
    return sorted(found, key=lambda one: (one.enterprise.name, str(one.enterprise_id), ORDER.index(one.cycle)))


def slot(plan: SelfCheckPlan, period: date, check: SelfCheck | None, day: date) -> Slot:
    """How one period stands on a day."""
    state = "free"
    if check is not None and check.state != "missed":
        state = check.state
    elif check is not None or owed(plan, period):
        if period > day:
            state = "ahead"
        elif end_of(plan.cycle, period) >= day:
            state = "due"
        else:
            state = "open_late" if _still(plan, period) else "missed"
    return Slot(plan=plan, period=period, state=state, check=check)


def _still(plan: SelfCheckPlan, period: date) -> bool:
    try:
        return clock.now() <= late_until(plan, period)
    except CalendarEnds:
        return False


def slots(plans: Iterable[SelfCheckPlan], first: date, last: date, day: date) -> list[Slot]:
    """Every period of these plans that touches first … last, oldest first."""
    plans = list(plans)
    checks = {
        (one.enterprise_id, one.cycle, one.period): one
        for one in SelfCheck.objects.filter(
            enterprise__in={one.enterprise_id for one in plans},
            period__gte=first - timedelta(days=31),
            period__lte=last,
        ).defer("answers")
    }
    found: dict[tuple[UUID, str, date], Slot] = {}
    for plan in plans:
        period = period_of(plan.cycle, max(first, plan.begins_on))
        while period <= min(last, plan.ends_on or last):
            key = (plan.enterprise_id, plan.cycle, period)
            if key not in found:
                found[key] = slot(plan, period, checks.get(key), day)
            period = following(plan.cycle, period)
    return sorted(found.values(), key=lambda one: (one.period, ORDER.index(one.cycle)))


def open_slots(plans: Iterable[SelfCheckPlan], day: date) -> list[Slot]:
    """The present period of every running cycle, what is due first; then what is over and can still be done, newest first."""
    plans = list(plans)
    present = {(one.pk, period_of(one.cycle, day)) for one in running(plans, day)}
    found = [
        one
        for one in slots(plans, day - BACK, day, day)
        if (one.plan.pk, one.period) in present or one.state == "open_late"
    ]
    urgency = {"due": 0, "open_late": 1}
    return sorted(
        found,
        key=lambda one: (
            urgency.get(one.state, 2),
            -one.period.toordinal() if one.state == "open_late" else 0,
            ORDER.index(one.cycle),
        ),
    )


# What to look at


def items_of(enterprise: Enterprise, wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], list[CheckItem]]:
    """For each (cycle, period): the controls of the enterprise's own points; weekly, its checklists' items too."""
    wanted = list(dict.fromkeys(wanted))
    cycles = {one for cycle, period in wanted for one in control_cycles(cycle, period)}
    controls = (
        Control.objects.filter(
            source__point__enterprise=enterprise,
            source__point__active=True,
            source__active=True,
            active=True,
            cycle__in=cycles,
        )
        .select_related("source__point")
        .order_by("source__point__name", "source__point_id", "source__name", "id")
    )
    by_cycle: dict[str, list[CheckItem]] = defaultdict(list)
    for one in controls:
        point = one.source.point
        by_cycle[one.cycle].append(
            CheckItem(control=one.pk, text=one.words, risk_point=point.pk, risk_point_name=point.name, kind=one.kind)
        )
    found = {}
    for cycle, period in wanted:
        own = [item for one in control_cycles(cycle, period) for item in by_cycle[one]]
        own.sort(key=lambda item: (item.risk_point_name, str(item.risk_point)))
        found[cycle, period] = own + (_listed(enterprise, period) if cycle == WEEKLY else [])
    return found


def _listed(enterprise: Enterprise, day: date) -> list[CheckItem]:
    """Items of published checklists that departments offer for self-checks."""
    items_for = getattr(standards, "items_for", None)
    if items_for is None:
        return []
    rows = items_for(enterprise=enterprise, kind="self_check", campaign="", day=max(day, clock.today()))
    return [CheckItem(item=one.pk, text=one.zh, risk_point_name=one.group, kind="item") for one in rows]


def checks_for(actor: Actor, day: date) -> list[dict[str, Any]]:
    """The self-checks of a phone's day: of the enterprises the post answers for."""
    if not actor.enterprises:
        return []
    found = open_slots(plans_of(actor.enterprises), day)
    by_enterprise: dict[UUID, list[Slot]] = defaultdict(list)
    for one in found:
        by_enterprise[one.plan.enterprise_id].append(one)
    bundle = []
    for mine in by_enterprise.values():
        enterprise = mine[0].plan.enterprise
        items = items_of(enterprise, [(one.cycle, one.period) for one in mine])
        bundle += [_carried(enterprise, one, items[one.cycle, one.period]) for one in mine]
    return bundle


def _carried(enterprise: Enterprise, one: Slot, items: list[CheckItem]) -> dict[str, Any]:
    return {
        "enterprise": str(enterprise.pk),
        "enterprise_name": enterprise.name,
        "cycle": one.cycle,
        "period": one.period.isoformat(),
        "due": one.to_do,
        "late": one.state == "open_late",
        "state": one.state,
        "items": [
            {
                "control": str(item.control) if item.control else None,
                "item": str(item.item) if item.item else None,
                "text": item.text,
                "risk_point": str(item.risk_point) if item.risk_point else None,
                "risk_point_name": item.risk_point_name,
                "kind": item.kind,
            }
            for item in items
        ],
    }


# One check, its history


def check(check_id: UUID) -> SelfCheck:
    found = SelfCheck.objects.select_related("enterprise", "plan").filter(pk=check_id).first()
    if found is None:
        raise NotFound
    return found


def findings_of(row: SelfCheck) -> list[Finding]:
    return list(row.findings.order_by("found_at", "id"))


Place = tuple[date, UUID]


def history(enterprise: UUID, *, cycle: str = "", after: Place | None = None, limit: int = 50) -> Page[Any, Place]:
    """Latest first, each with how much it `found`."""
    rows = SelfCheck.objects.filter(enterprise=enterprise).annotate(found=Count("findings"))
    if cycle:
        rows = rows.filter(cycle=cycle)
    return page(rows.defer("answers"), ("-period", "-id"), after=after, limit=limit)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A month in figures, for its review."""

    counts: dict[str, int]
    findings: int
    open_late: int = 0
    by_cycle: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def rate(self) -> int | None:
        """Per cent done in time."""
        return round(100 * self.counts["done"] / self.total) if self.total else None


def month_summary(enterprise: UUID, month: date) -> Summary:
    """Daily and weekly checks of a month, and what they found."""
    ends = following(MONTHLY, month)
    rows = SelfCheck.objects.filter(enterprise=enterprise, period__gte=month, period__lt=ends).exclude(cycle=MONTHLY)
    by_cycle: dict[str, dict[str, int]] = {one: dict.fromkeys(("done", "late", "missed"), 0) for one in (DAILY, WEEKLY)}
    for cycle, state, count in rows.values_list("cycle", "state").annotate(n=Count("id")).order_by():
        by_cycle[cycle][state] = count
    counts = {state: sum(one[state] for one in by_cycle.values()) for state in ("done", "late", "missed")}
    found = Finding.objects.filter(
        self_check__enterprise=enterprise, self_check__period__gte=month, self_check__period__lt=ends
    )
    return Summary(counts=counts, findings=found.count(), by_cycle=by_cycle)


# Who is behind


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One enterprise's checks of a month."""

    enterprise: UUID
    name: str
    region: int
    done: int
    late: int
    missed: int

    @property
    def rate(self) -> int:
        total = self.done + self.late + self.missed
        return round(100 * self.done / total) if total else 0


Behinds = tuple[int, UUID]


def behind(
    actor: Actor,
    *,
    month: date,
    cycle: str = "",
    region: tuple[int, int] | None = None,
    only_missed: bool = True,
    after: Behinds | None = None,
    limit: int = 50,
) -> tuple[list[Behind], Behinds | None]:
    """Enterprises of the actor's territory by missed checks of a month, most first: read from the counts kept for each month."""
    rows = _months(actor, month, cycle, region)
    if only_missed:
        rows = rows.filter(missed__gt=0)
    if after:
        missed, enterprise = after
        rows = rows.filter(Q(missed__lt=missed) | Q(missed=missed, enterprise_id__gt=enterprise), missed__lte=missed)
    kept = list(rows.order_by("-missed", "enterprise_id")[: limit + 1])
    more = len(kept) > limit
    kept = kept[:limit]
    known = Enterprise.objects.in_bulk([one.enterprise_id for one in kept])
    found = [
        Behind(
            enterprise=one.enterprise_id,
            name=known[one.enterprise_id].name if one.enterprise_id in known else "",
            region=known[one.enterprise_id].region if one.enterprise_id in known else 0,
            done=one.done,
            late=one.late,
            missed=one.missed,
        )
        for one in kept
    ]
    return found, (kept[-1].missed, kept[-1].enterprise_id) if more else None


def territory_figures(
    actor: Actor, *, month: date, cycle: str = "", region: tuple[int, int] | None = None
) -> dict[str, int]:
    """done, late, missed of a month, and how many enterprises keep a cycle."""
    rows = _months(actor, month, cycle, region)
    sums = rows.aggregate(done=Sum("done"), late=Sum("late"), missed=Sum("missed"))
    counts = {state: count or 0 for state, count in sums.items()}
    plans = SelfCheckPlan.objects.filter(scope.within(actor), ends_on=None)
    if cycle:
        plans = plans.filter(cycle=cycle)
    if region:
        plans = plans.filter(region__gte=region[0], region__lt=region[1])
    return counts | {"enterprises": plans.values("enterprise_id").distinct().count()}


def _months(actor: Actor, month: date, cycle: str, region: tuple[int, int] | None) -> QuerySet[SelfCheckMonth]:
    rows = SelfCheckMonth.objects.filter(scope.within(actor), cycle=cycle, month=month)
    return rows.filter(region__gte=region[0], region__lt=region[1]) if region else rows
