"""Time limits: the ladder in working days, each level once, whoever ticks and however late."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard
from anlan.kernel import calendar, citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.clock import SHANGHAI, end_of
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.flow.timers import moment
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CalendarDay, CalendarYear, Timer
from anlan.kernel.workdays import CalendarExhausted
from anlan.notify.models import Message
from tests.factories import COUNTY, City, make_city
from tests.together import at_once

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DUE = date(2026, 10, 9)  # a Friday; the Saturday after it is a make-up workday
START = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def hazard(city: City) -> Hazard:
    """Rectifying, due on 9 October 2026."""
    with clock.at(START):
        return city.do(city.safety_manager, city.claimed(), "plan", measure="加装防护罩。", due=DUE)


def tick_at(when: datetime) -> int:
    with clock.at(when):
        return tick()


def levels(hazard: Hazard) -> list[int]:
    with scope.acting(SYSTEM):
        return [act.data["level"] for act in acts(hazard.pk) if act.role == "system"]


def fresh(hazard: Hazard) -> Hazard:
    with scope.acting(SYSTEM):
        return Hazard.objects.get(pk=hazard.pk)


def live(hazard: Hazard) -> list[Timer]:
    with scope.acting(SYSTEM):
        return list(Timer.objects.filter(record_id=hazard.pk, clock=Hazard.objects.get(pk=hazard.pk).clock))


def told(hazard: Hazard, level: int) -> dict[str, str]:
    """Who was told of a level, and why."""
    with scope.acting(SYSTEM):
        rows = Message.objects.filter(
            subject_id=hazard.pk, kind__in=["hazard.late", "hazard.remind"], facts__level=level
        )
        names = dict(Message._meta.apps.get_model("identity.Person").objects.values_list("pk", "username"))
        found = [(names[row.person_id], row.facts["why"]) for row in rows]
    assert len(found) == len({name for name, _why in found}), "nobody is told the same level twice"
    return dict(found)


LADDER = [
    # level, the last moment before, the moment it arrives, to whom
    (1, at(date(2026, 10, 8), 8, 59), at(date(2026, 10, 8), 9), {"principal", "safety_manager"}),
    (2, at(DUE, 23, 59), at(date(2026, 10, 10)), {"principal", "safety_manager"}),
    (
        3,
        at(date(2026, 10, 10), 23, 59),
        at(date(2026, 10, 11)),
        {"regulator", "regulator2"},
    ),  # +1: the make-up Saturday
    (4, at(date(2026, 10, 13), 23, 59), at(date(2026, 10, 14)), {"office"}),  # +3
    (5, at(date(2026, 10, 19), 23, 59), at(date(2026, 10, 20)), {"city_office"}),  # +7
]


def test_the_ladder_is_climbed_in_working_days_each_level_once(city: City, hazard: Hazard) -> None:
    tick_at(START + timedelta(days=1))
    assert levels(hazard) == []
    for level, before, then, recipients in LADDER:
        assert tick_at(before) == 0
        assert tick_at(then) == 1
        assert tick_at(then) == 0
        assert levels(hazard) == list(range(1, level + 1))
        assert fresh(hazard).late is (level > 1)
        assert fresh(hazard).level == level
        assert set(told(hazard, level)) == recipients
    assert live(hazard) == []
    assert tick_at(at(date(2027, 6, 1))) == 0


def test_every_message_says_why_it_was_sent(city: City, hazard: Hazard) -> None:
    tick_at(at(date(2026, 12, 1)))
    whys = [set(told(hazard, level).values()) for level in range(1, 6)]
    assert whys == [{"waited_for"}, {"waited_for"}, {"county_regulator"}, {"county_office"}, {"city_office"}]


def test_a_holiday_is_not_counted() -> None:
    make_city()
    friday = end_of(date(2026, 9, 30))  # the day before the holiday
    rungs = {rung.days: rung for rung in HAZARD.ladder(Hazard(region=COUNTY))}
    with scope.acting(SYSTEM):
        assert moment(friday, rungs[1]) == end_of(date(2026, 10, 2))
        assert moment(end_of(date(2026, 10, 2)), rungs[-1]) == at(date(2026, 9, 30), 9)


def test_levels_missed_while_nothing_ran_arrive_in_order_and_once(city: City, hazard: Hazard) -> None:
    assert tick_at(at(date(2026, 12, 1))) == 5
    assert levels(hazard) == [1, 2, 3, 4, 5]
    assert tick_at(at(date(2026, 12, 2))) == 0


def test_a_plan_filed_after_the_date_that_was_set_is_late_at_once(city: City) -> None:
    with clock.at(START):
        hazard = city.claimed()  # to be rectified within thirty days
    later = START + timedelta(days=60)
    with clock.at(later):
        planned = city.do(city.principal, hazard, "plan", measure="加装防护罩。", due=city.day(10))
        assert planned.rectify_due == START.astimezone(SHANGHAI).date() + timedelta(days=30)
        tick()
        assert fresh(hazard).late
        assert city.do(city.principal, hazard, "submit", measure_done="护罩已装好。", finished_on=clock.today(),
                       photos=[_photo(city)]).state == "rectified"  # fmt: skip


def _photo(city: City) -> Any:
    with scope.acting(city.principal):
        return city.photo(city.principal)


def test_a_change_of_state_ends_the_waiting(city: City, hazard: Hazard) -> None:
    with clock.at(at(date(2026, 10, 8), 8)):
        city.do(
            city.principal,
            hazard,
            "submit",
            measure_done="护罩已装好。",
            finished_on=clock.today(),
            photos=[_photo(city)],
        )
    with scope.acting(SYSTEM):
        assert Timer.objects.filter(record_id=hazard.pk).count() == 1
    assert tick_at(at(DUE + timedelta(days=1), 1)) == 0
    assert len(live(hazard)) == 1
    assert not fresh(hazard).late


def test_an_extension_moves_the_waiting_and_takes_lateness_away(city: City, hazard: Hazard) -> None:
    with clock.at(at(date(2026, 10, 8), 8)):
        city.do(city.principal, hazard, "ask_extension", due=date(2026, 10, 23), reason="备件未到货")
    tick_at(at(date(2026, 10, 12)))
    assert fresh(hazard).late
    with clock.at(at(date(2026, 10, 12), 10)):
        city.do(city.regulator, hazard, "decide_extension", granted=True, reason="情况属实")
    assert not fresh(hazard).late
    assert tick_at(at(date(2026, 10, 22), 8)) == 0
    assert tick_at(at(date(2026, 10, 24))) == 2
    assert levels(hazard) == [1, 2, 3, 1, 2]


def test_a_clock_set_back_fires_nothing_twice(city: City, hazard: Hazard) -> None:
    tick_at(at(date(2026, 10, 12)))
    before = levels(hazard)
    tick_at(at(date(2026, 10, 7)))
    tick_at(at(date(2026, 10, 12)))
    assert levels(hazard) == before == [1, 2, 3]


def test_past_the_calendars_end_the_step_is_refused_and_nothing_is_half_done(city: City) -> None:
    with clock.at(START):
        hazard = city.found(grade="general")
    before = fresh(hazard)
    with pytest.raises(CalendarExhausted), clock.at(START):
        city.do(city.regulator, hazard, "dispatch", responsible=city.enterprise.pk, due=date(2028, 1, 5))
    _end_calendar_with(2026)
    near_the_end = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    with pytest.raises(CalendarExhausted), clock.at(near_the_end):  # the first limit is known, its escalation is not
        city.do(city.regulator, hazard, "dispatch", responsible=city.enterprise.pk, due=date(2026, 12, 31))
    with pytest.raises(CalendarExhausted), clock.at(near_the_end):
        city.found(place="年末新发现处")
    after = fresh(hazard)
    assert (after.version, after.state, after.clock) == (before.version, "found", before.clock)
    with scope.acting(SYSTEM):
        assert len(acts(hazard.pk)) == before.version
        assert Hazard.objects.count() == 1


def _end_calendar_with(year: int) -> None:
    CalendarYear.objects.filter(year__gt=year).delete()
    calendar.forget()


def test_a_timer_that_cannot_be_computed_holds_up_no_other(city: City, hazard: Hazard) -> None:
    with clock.at(START):
        stuck = city.do(
            city.safety_manager, city.claimed(place="另一车间"), "plan", measure="加装防护罩。", due=date(2026, 10, 7)
        )
    _end_calendar_with(2025)
    tick_at(at(date(2026, 10, 12)))
    assert levels(stuck) == levels(hazard) == []
    with clock.at(START):
        CalendarYear.objects.create(year=2026, source="test", status="official")
    with scope.acting(SYSTEM):  # the first of the queue now points at a step that fails
        Timer.objects.filter(record_id=stuck.pk).update(flow="no_such_flow")
    calendar.forget()
    tick_at(at(date(2026, 10, 12)))
    assert levels(hazard) == [1, 2, 3]
    assert levels(stuck) == []
    assert len(live(stuck)) == 1


def test_a_ladder_changed_in_between_makes_nothing_late_before_its_time(city: City, hazard: Hazard) -> None:
    with scope.acting(SYSTEM):
        citysettings.change(
            actor=SYSTEM,
            key="hazards.ladder",
            region=COUNTY,
            new=[{"days": 0, "to": "waited_for"}, {"days": 2, "to": "city_office"}],
        )
    assert tick_at(at(date(2026, 10, 8), 12)) == 0
    assert not fresh(hazard).late
    assert tick_at(at(date(2026, 10, 10))) == 1
    assert fresh(hazard).late
    assert tick_at(at(date(2026, 10, 13))) == 1
    assert levels(hazard) == [1, 2]


def test_a_calendar_edit_moves_what_is_not_yet_climbed(city: City, hazard: Hazard) -> None:
    tick_at(at(date(2026, 10, 10)))
    CalendarDay.objects.filter(day=date(2026, 10, 10)).update(works=False)  # the make-up Saturday is taken back
    calendar.forget()
    assert tick_at(at(date(2026, 10, 11))) == 0
    assert tick_at(at(date(2026, 10, 13))) == 1


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_clocks_at_once_and_a_restart_take_each_level_once() -> None:
    city = make_city()
    with clock.at(START):
        waiting = [city.found(place=f"{number}号炉") for number in range(6)]
    with clock.at(START):
        tick()  # whatever is due now; then the process is gone and two others start

    def run() -> None:
        with clock.at(START + timedelta(days=40)):
            tick()

    at_once(run, run)
    with clock.at(START + timedelta(days=40)):
        assert tick() == 0
    for one in waiting:
        assert Counter(levels(one)) == Counter({2: 1, 3: 1, 4: 1, 5: 1}) | Counter(set(levels(one)) & {1})
        assert levels(one) == sorted(levels(one))
        for level in levels(one):
            told(one, level)


OWED = {
    # what is owed → who is told at its limit, and three working days later
    "extension": ({"regulator", "regulator2"}, {"office"}),
    "listing": ({"office"}, {"city_office"}),
    "publication": ({"office"}, {"city_office"}),
}


def pressed(hazard: Hazard, wait: str) -> list[int]:
    with scope.acting(SYSTEM):
        return [act.data["level"] for act in acts(hazard.pk) if act.step == "press" and act.data["wait"] == wait]


def told_of(hazard: Hazard, wait: str, level: int) -> set[str]:
    with scope.acting(SYSTEM):
        rows = Message.objects.filter(
            subject_id=hazard.pk, kind="hazard.owed", facts__wait=wait, facts__level=level
        ).values_list("person_id", flat=True)
        names = dict(Message._meta.apps.get_model("identity.Person").objects.values_list("pk", "username"))
        return {names[one] for one in rows}


def owing(city: City, wait: str) -> Hazard:
    """A hazard on which something is owed since START: each within a limit of its own, beside that of its state."""
    with clock.at(START):
        if wait == "extension":
            hazard = city.rectifying()
            return city.do(city.principal, hazard, "ask_extension", due=city.day(60), reason="备件未到货")
        hazard = city.rectifying(grade="major")
        return hazard if wait == "listing" else city.do(city.office, hazard, "list", level="county")


LIMIT = {"extension": 10, "listing": 3, "publication": 5}
"""Working days."""


@pytest.mark.parametrize("wait", OWED)
def test_what_is_owed_beside_the_state_has_a_clock_of_its_own(city: City, wait: str) -> None:
    hazard = owing(city, wait)
    with scope.acting(SYSTEM):
        days = calendar.working_days()
        limit = days.add(START, LIMIT[wait])
        later = days.add(limit, 3)
    tick_at(limit - timedelta(minutes=1))
    assert pressed(hazard, wait) == []
    tick_at(limit)
    tick_at(limit)
    assert pressed(hazard, wait) == [1]
    tick_at(later)
    tick_at(later + timedelta(days=20))
    assert pressed(hazard, wait) == [1, 2]
    assert (told_of(hazard, wait, 1), told_of(hazard, wait, 2)) == OWED[wait]


@pytest.mark.parametrize("wait", OWED)
def test_what_was_given_is_owed_no_more(city: City, wait: str) -> None:
    hazard = owing(city, wait)
    give: dict[str, tuple[Any, str, dict[str, Any]]] = {
        "extension": (city.regulator, "decide_extension", {"granted": False, "reason": "理由不足"}),
        "listing": (city.office, "list", {"level": "county"}),
        "publication": (city.office, "publish", {"where": "县政府网站"}),
    }
    actor, step, data = give[wait]
    with clock.at(START + timedelta(hours=1)):
        city.do(actor, hazard, step, **data)
    tick_at(START + timedelta(days=60))
    assert pressed(hazard, wait) == []


def test_a_hazard_stores_one_rung_a_wait(city: City) -> None:
    with clock.at(START):
        hazard = city.accepted(grade="major")
    with scope.acting(SYSTEM):
        assert sorted(Timer.objects.filter(record_id=hazard.pk).values_list("wait", flat=True)) == ["", "listing"]
    with clock.at(START):
        city.do(city.regulator2, hazard, "close")
    with scope.acting(SYSTEM):
        assert not Timer.objects.filter(record_id=hazard.pk).exists()
