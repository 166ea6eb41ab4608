"""
How far a plan is, at any moment: done of total, by branch, unit, region and sub-plan; who is behind and by how much.

For the bulletins: `figures(plan, year, moment)`. What one sees is what one's scope shows.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery

from anlan.kernel import clock
from anlan.kernel.numbering import county_of
from anlan.plans.models import Plan, PlanItem, Progress
from anlan.plans.rulings import behind_permille
from anlan.plans.states import DONE
from anlan.plans.steps import WHOLE

K = TypeVar("K", bound=Hashable)
UNVERIFIED = 900
"""Of an item that nobody has found in order yet at most so much counts as done, in permille: our own [K]."""
OUT = ("withdrawn",)
"""Not counted: nobody need do it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one item stood at a moment. Shares in permille; `behind_days` says by how much it is late or slow."""

    id: UUID
    code: str
    unit: UUID | None
    unit_name: str
    region: int
    sub_plan: UUID
    key: bool
    state: str
    share: int
    expected: int
    overdue_days: int
    behind_days: int
    behind: bool

    @property
    def done(self) -> bool:
        return self.state in DONE


@dataclass(slots=True, kw_only=True)
class Tally:
    """Sums over items. `share` and `expected` are means in permille, nought where there is no item."""

    total: int = 0
    done: int = 0
    reported: int = 0
    overdue: int = 0
    behind: int = 0
    key_total: int = 0
    key_done: int = 0
    worst_days: int = 0
    states: dict[str, int] = field(default_factory=dict)
    _share: int = 0
    _expected: int = 0

    def add(self, one: Standing) -> None:
        self.total += 1
        self.done += one.done
        self.reported += one.state == "reported"
        self.overdue += one.overdue_days > 0
        self.behind += one.behind
        self.key_total += one.key
        self.key_done += one.key and one.done
        self.worst_days = max(self.worst_days, one.behind_days)
        self.states[one.state] = self.states.get(one.state, 0) + 1
        self._share += one.share
        self._expected += one.expected

    @property
    def share(self) -> int:
        return round(self._share / self.total) if self.total else 0

    @property
    def expected(self) -> int:
        return round(self._expected / self.total) if self.total else 0

    @property
    def gap(self) -> int:
        """By how many permille the work done is behind the time gone; nought when it is not."""
        return max(0, self.expected - self.share)

    @property
    def done_share(self) -> int:
        """Items done of all, in permille."""
        return round(self.done * WHOLE / self.total) if self.total else 0


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything a bulletin counts of one year's items at a moment. Keys: action code, unit, county, sub-plan."""

    moment: datetime
    year: int
    whole: Tally
    by_branch: dict[str, Tally]
    by_unit: dict[tuple[UUID | None, str], Tally]
    by_region: dict[int, Tally]
    by_sub_plan: dict[UUID, Tally]
    standings: Sequence[Standing]


def expected_share(starts_on: date, due: date | None, day: date) -> int:
    """The share of an item's time that is gone by the end of a day, in permille. Without a day set nothing is expected."""
    if due is None or day < starts_on:
        return 0
    if day >= due:
        return WHOLE
    return round((day - starts_on).days * WHOLE / max(1, (due - starts_on).days))


def stand(row: PlanItem, *, state: str, share: int, due: date | None, day: date, slack: int) -> Standing:
    """`slack` is how many permille an item may lag before it counts as behind."""
    done = state in DONE
    share = WHOLE if done else min(share, UNVERIFIED)
    starts = row.starts_on or date(row.year, 1, 1)
    expected = expected_share(starts, due, day)
    handed_over = done or state == "reported"
    overdue = max(0, (day - due).days) if due and not handed_over else 0
    lag = 0 if handed_over else max(0, expected - share)
    slow = lag >= slack
    span = (due - starts).days if due else 0
    days = overdue or (round(lag * span / WHOLE) if slow else 0)
    return Standing(
        id=row.pk, code=row.code, unit=row.unit_id, unit_name=row.unit_name, region=row.region, sub_plan=row.sub_plan_id,
        key=row.key, state=state, share=share, expected=expected, overdue_days=overdue, behind_days=days,
        behind=bool(overdue) or slow,
    )  # fmt: skip


FACTS = (
    "id", "code", "unit_id", "unit_name", "region", "sub_plan_id", "key", "state", "share", "due", "starts_on", "year",
)  # fmt: skip


def standings(plan: Plan, year: int, moment: datetime | None = None) -> list[Standing]:
    """Every item that counts, as it stood at a moment (now, when none is given). Items that came later are not among them."""
    at = moment or clock.now()
    day, slack = clock.day_of(at), behind_permille(plan.region)
    rows = PlanItem.objects.filter(plan=plan, year=year).order_by("order", "id")
    if moment is None:
        now = rows.exclude(state__in=OUT).only(*FACTS)
        return [stand(row, state=row.state, share=row.share, due=row.due, day=day, slack=slack) for row in now]
    last = Progress.objects.filter(item=OuterRef("pk"), at__lte=at).order_by("-at", "-id").values("pk")[:1]
    found = rows.only(*FACTS).annotate(then=Subquery(last))
    then = Progress.objects.in_bulk([row.then for row in found if row.then])
    return [
        stand(row, state=past.state, share=past.share, due=past.due, day=day, slack=slack)
        for row in found
        if row.then and (past := then[row.then]).state not in OUT
    ]


def tallied(rows: Iterable[Standing], key: Callable[[Standing], K]) -> dict[K, Tally]:
    found: dict[K, Tally] = {}
    for one in rows:
        found.setdefault(key(one), Tally()).add(one)
    return found


def tally(rows: Iterable[Standing]) -> Tally:
    found = Tally()
    for one in rows:
        found.add(one)
    return found


def by_node(rows: Iterable[Standing]) -> dict[str, Tally]:
    """Every action, task and work that has an item below it."""
    found: dict[str, Tally] = {}
    for one in rows:
        parts = one.code.split(".")
        for depth in range(1, len(parts)):
            found.setdefault(".".join(parts[:depth]), Tally()).add(one)
    return found


def figures(plan: Plan, year: int, moment: datetime | None = None) -> Figures:
    rows = standings(plan, year, moment)
    return Figures(
        moment=moment or clock.now(),
        year=year,
        whole=tally(rows),
        by_branch=tallied(rows, lambda one: one.code.split(".")[0]),
        by_unit=tallied(rows, lambda one: (one.unit, one.unit_name)),
        by_region=tallied(rows, lambda one: county_of(one.region)),
        by_sub_plan=tallied(rows, lambda one: one.sub_plan),
        standings=rows,
    )
