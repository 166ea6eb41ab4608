"""Who did what of the leaders' duties, who has not yet, and what was missed."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from anlan.campaigns import rulings
from anlan.campaigns.leaders.deeds import Deed, counted, deeds
from anlan.campaigns.leaders.duties import LeadersDuty, Period, duties, period_of
from anlan.campaigns.leaders.people import Leader, leaders
from anlan.campaigns.models import Campaign, LeaderAct, LeaderOwed
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import value
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import subtree
from anlan.kernel.errors import CalendarEnds, NotFound

Standing = Literal["done", "open", "soon", "missed"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One duty of one leader in one period."""

    duty: LeadersDuty
    period: Period
    done: int
    standing: Standing

    @property
    def left(self) -> int:
        return max(self.duty.least - self.done, 0)


@dataclass(kw_only=True)
class Line:
    leader: Leader
    marks: dict[str, Mark | None] = field(default_factory=dict)
    """By the duty's code; None where it does not bind this leader."""
    missed: int = 0
    """Facts since the campaign began."""

    @property
    def owes(self) -> bool:
        return any(mark and mark.left for mark in self.marks.values())


def announced_from(period: Period, region: int) -> date:
    """From which day on what is owed is announced."""
    try:
        moment = working_days().add(
            datetime.combine(period.ends, time(12), SHANGHAI), -value(rulings.LEADERS_BEFORE.key, region)
        )
    except CalendarEnds:
        return period.ends
    return clock.day_of(moment)


def lines(campaign: Campaign, region: int, day: date) -> list[Line]:
    """Every leader of a territory with each duty in the period of the day. What a campaign asks of leaders is known to who watches it."""
    low, high = subtree(region)
    with scope.elevated("what leaders did is counted from visits and returns of the whole territory"):
        people = leaders(low, high, day)
        periods = {duty.code: period_of(duty.period, day) for duty in duties()}
        whole = Period(
            begins=min(one.begins for one in periods.values()), ends=max(one.ends for one in periods.values())
        )
        found = deeds(campaign, people, whole)
        missed: dict[str, int] = {}
        for key in (
            LeaderOwed.objects.filter(campaign=campaign, region__gte=low, region__lt=high)
            .exclude(missed_at=None)
            .values_list("leader", flat=True)
        ):
            missed[key] = missed.get(key, 0) + 1
    soon = {code: announced_from(period, region) for code, period in periods.items()}
    shown = []
    for leader in people:
        line = Line(leader=leader, missed=missed.get(leader.key, 0))
        for duty in duties():
            period = periods[duty.code]
            if not duty.binds(chief=leader.chief):
                line.marks[duty.code] = None
                continue
            done = counted(found, leader, duty, period)
            standing: Standing = (
                "done"
                if done >= duty.least
                else "missed"
                if day > period.ends
                else "soon"
                if day >= soon[duty.code]
                else "open"
            )
            line.marks[duty.code] = Mark(duty=duty, period=period, done=done, standing=standing)
        shown.append(line)
    return shown


def deeds_of(campaign: Campaign, region: int, day: date, leader: str = "", duty: str = "") -> list[Deed]:
    """What stands behind the figures of a page; an empty `leader` with `duty` "nobody" are rows of returns that name none."""
    low, high = subtree(region)
    with scope.elevated("the rows behind what leaders did"):
        people = leaders(low, high, day)
        kinds = {one.code: period_of(one.period, day) for one in duties()}
        if duty in kinds:
            period = kinds[duty]
        else:
            period = Period(
                begins=min(one.begins for one in kinds.values()), ends=max(one.ends for one in kinds.values())
            )
        found = deeds(campaign, people, period)
    if duty == "nobody":
        return [one for one in found if not one.leader]
    wanted = {duty, "hear"} if duty == "study" else {duty}
    return [one for one in found if (not leader or one.leader == leader) and (not duty or one.kind in wanted)]


def owed(campaign: Campaign, region: int) -> list[LeaderOwed]:
    """Missed duties, newest first."""
    low, high = subtree(region)
    rows = LeaderOwed.objects.filter(campaign=campaign, region__gte=low, region__lt=high).exclude(missed_at=None)
    return list(rows.order_by("-ends", "region", "name")[:200])


def act(actor: Actor, key: UUID) -> LeaderAct:
    row = LeaderAct.objects.select_related("campaign").filter(pk=key).first()
    if row is None or not actor.covers(row.region):
        raise NotFound
    return row


def leaders_of(actor: Actor, campaign: Campaign, day: date) -> list[Leader]:
    """Leaders of whom the actor may write something down: those of its territory within the campaign's; a leader of itself."""
    low, high = subtree(campaign.region)
    with scope.elevated("leaders are known to those who keep the campaign's records"):
        found = leaders(low, high, day)
    return [one for one in found if actor.covers(one.region)]
