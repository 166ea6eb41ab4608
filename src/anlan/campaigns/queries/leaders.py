"""Who did what of the leaders' duties, who has not yet, and what was missed."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from anlan.campaigns import rulings
from anlan.campaigns.leaders.deeds import Deed, counted, deeds
from anlan.campaigns.leaders.duties import LeadersDuty, Period, duties, period_of, periods_in
from anlan.campaigns.leaders.people import Leader, bound, leaders
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
    """By the duty's code; None where it does not bind this leader, or not in this period."""
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


def fact_from(period: Period, region: int) -> date:
    """When the returns of its last month are in."""
    try:
        return clock.day_of(
            working_days().add(
                datetime.combine(period.ends, time(12), SHANGHAI), value(rulings.LEADERS_AFTER.key, region)
            )
        )
    except CalendarEnds:
        return date.max


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
        asked = {code: {one.key for one in bound(low, high, period, day)} for code, period in periods.items()}
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
            if not duty.binds(chief=leader.chief) or leader.key not in asked[duty.code]:
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


@dataclass(frozen=True, kw_only=True)
class Year:
    """One duty of one leader in one period of a year: with the deeds that count towards it, and the fact when it was missed."""

    campaign: UUID
    leader: Leader
    duty: LeadersDuty
    period: Period
    deeds: tuple[Deed, ...]
    fact: UUID | None
    """The `LeaderOwed` that was written down when the period was over: it stands, whatever is written down later."""
    over: bool
    """The time to hand in what was done in the period has passed."""

    @property
    def done(self) -> bool:
        return self.fact is None and counted(self.deeds, self.leader, self.duty, self.period) >= self.duty.least

    @property
    def missed(self) -> bool:
        return self.fact is not None or (self.over and not self.done)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """`owed` is everything that the year has asked so far, `done` and `missed` its parts; the rest is still open."""

    rows: tuple[Year, ...]

    @property
    def owed(self) -> int:
        return len(self.rows)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def missed(self) -> int:
        return sum(row.missed for row in self.rows)


def year_of(
    region: int, year: int, *, unit: UUID | None = None, duty: str = "", campaign: UUID | None = None
) -> Tally:  # fmt: skip
    """
    Leaders' duties of one territory (not of those below it) in a calendar year: done, owed, missed, each with what stands behind.

    `unit`: only leaders whose post is in that body, for a department. `duty`: `hear`, `study` or `visit` alone. Without `campaign`
    all that run there: a deed in one does not count for another. Periods that have not begun, or do not lie in the campaign
    whole, are not asked. Rows are counted with the whole city in sight, so ask only for who may see the figure.
    """
    today, found = clock.today(), []
    with scope.elevated("leaders' duties are counted from visits and returns of the whole territory"):
        for one in _campaigns(region, campaign):
            for asked in duties():
                if not duty or asked.code == duty:
                    for period in periods_in(asked.period, year):
                        if period.begins <= today and one.runs_through(period.begins, period.ends):
                            found += _asked(one, region, unit, asked, period, today)
    return Tally(rows=tuple(found))


def _campaigns(region: int, campaign: UUID | None) -> list[Campaign]:
    rows = Campaign.objects.order_by("from_day", "id")
    if campaign:
        rows = rows.filter(pk=campaign)
    return [one for one in rows if (span := subtree(one.region)) and span[0] <= region < span[1]]


def _asked(
    campaign: Campaign, region: int, unit: UUID | None, duty: LeadersDuty, period: Period, today: date
) -> list[Year]:  # fmt: skip
    """The leaders whom a duty binds in a period: who led on its last day, whether or not they still do."""
    rows = LeaderOwed.objects.filter(campaign=campaign, region=region, duty=duty.code, begins=period.begins)
    facts = {one.leader: one.pk for one in rows.exclude(missed_at=None)}
    people = [one for one in bound(region, region + 1, period, today) if duty.binds(chief=one.chief)]
    done = deeds(campaign, people, period)
    return [
        Year(
            campaign=campaign.pk,
            leader=one,
            duty=duty,
            period=period,
            deeds=tuple(deed for deed in done if deed.leader == one.key and deed.kind in duty.kinds),
            fact=facts.get(one.key) or facts.get(one.by_name),
            over=today >= fact_from(period, region),
        )
        for one in people
        if unit is None or one.unit == unit
    ]


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
    wanted = next((one.kinds for one in duties() if one.code == duty), frozenset())
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
