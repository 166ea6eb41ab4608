"""Sums that reconcile: by state with the budget, for the plaza, and what needs a look."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.rewards.contradictions import left
from anlan.rewards.models import Bill, BillEvent, Budget, Reward
from anlan.rewards.queries.list import seen
from anlan.rewards.states import STATES, TAKEN


@dataclass(frozen=True, kw_only=True)
class StateSum:
    state: str
    count: int
    fen: int


@dataclass(frozen=True, kw_only=True)
class BudgetView:
    """
    budget = paid + open + beyond + left, where what lapsed or was refused takes nothing; `beyond` was paid though nothing was
    owed, and did not come back.
    """

    budget: Budget
    paid_fen: int
    open_fen: int
    beyond_fen: int = 0

    @property
    def taken_fen(self) -> int:
        return self.paid_fen + self.open_fen + self.beyond_fen

    @property
    def left_fen(self) -> int:
        return self.budget.fen - self.taken_fen


def sums(actor: Actor, year: int) -> list[StateSum]:
    """Count and sum by state, of one year's rewards in the actor's territory, in the order of the flow."""
    rows = Reward.objects.filter(seen(actor), year=year).values_list("state").order_by()
    found = {state: (count, fen or 0) for state, count, fen in rows.annotate(count=Count("pk"), fen=Sum("amount_fen"))}
    return [
        StateSum(state=one.code, count=found[one.code][0], fen=found[one.code][1])
        for one in STATES
        if one.code in found
    ]


def budgets(actor: Actor, year: int | None = None) -> list[BudgetView]:
    """The budgets of the actor's territory, newest year first; sums over all rewards that they pay."""
    rows = Budget.objects.filter(scope.within(actor, industry=None))
    rows = rows.filter(year=year) if year else rows
    found = list(rows.order_by("-year", "region")[:200])
    with scope.elevated("a budget's sums take in rewards of every territory it pays for"):
        taken = {
            key: (paid or 0, open_ or 0)
            for key, paid, open_ in Reward.objects.filter(budget__in=found, state__in=TAKEN)
            .values_list("budget")
            .order_by()
            .annotate(paid=Sum("amount_fen", filter=Q(state="paid")), open=Sum("amount_fen", filter=~Q(state="paid")))
        }
        beyond = dict(
            Bill.objects.filter(reward__budget__in=found)
            .exclude(excess_fen=0)
            .values_list("reward__budget")
            .order_by()
            .annotate(sum=Sum("excess_fen"))
        )
    return [
        BudgetView(
            budget=one,
            paid_fen=taken.get(one.pk, (0, 0))[0],
            open_fen=taken.get(one.pk, (0, 0))[1],
            beyond_fen=beyond.get(one.pk, 0),
        )
        for one in found
    ]


def figures(year: int | None = None) -> dict[str, int]:
    """For everybody: how many rewards were paid, and how much. Names nobody."""
    with scope.elevated("what the service paid in all is public"):
        rows = Reward.objects.filter(state="paid")
        rows = rows.filter(year=year) if year else rows
        found = rows.aggregate(count=Count("pk"), fen=Sum("amount_fen"))
    return {"paid": found["count"], "paid_fen": found["fen"] or 0}


def paid_by_day(first: date, before: date) -> dict[date, tuple[int, int]]:
    """How many rewards were paid on each day of the city from `first` until before `before`, and their sum in fen."""
    begin, end = (datetime.combine(day, time.min, clock.SHANGHAI) for day in (first, before))
    with scope.elevated("what the service paid in all is public"):
        rows = Reward.objects.filter(paid_at__gte=begin, paid_at__lt=end, state="paid").order_by()
        found = rows.annotate(day=TruncDate("paid_at", tzinfo=clock.SHANGHAI)).values_list("day")
        return {day: (count, fen) for day, count, fen in found.annotate(Count("pk"), Sum("amount_fen"))}


def alarms(actor: Actor, *, limit: int = 20) -> list[BillEvent]:
    """Contradictions that nobody settled yet, those of the newest rewards first."""
    rewards = Reward.objects.filter(seen(actor), disputed=True).order_by("-created_at", "-id")[:limit]
    events = BillEvent.objects.filter(source__in=["alarm", "finding"], bill__reward__in=list(rewards))
    return left(events.select_related("bill__reward").order_by("-at", "-id"))
