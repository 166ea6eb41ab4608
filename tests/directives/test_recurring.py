"""Periods of what comes again, and the tasks the platform opens for them: each once, also when it slept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from anlan.directives import actions
from anlan.directives.actions import open_recurring
from anlan.directives.models import DirectiveTask, Recurrence
from anlan.directives.recurring import Period, due, period, recurs
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.kernel.models import Entry
from anlan.kernel.workdays import CalendarExhausted, Workdays
from tests.directives.conftest import Desk
from tests.together import outcomes_of

HOLIDAY = date(2026, 12, 25)
WORKDAYS = Workdays({HOLIDAY: False}, first=date(2026, 1, 1), through=date(2027, 12, 31))


def rhythm(every: str, **more: Any) -> dict[str, Any]:
    return {"every": every, "interval": 1, "day": 0, "weekday": 0} | more


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        ("week", date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        ("tenday", date(2026, 2, 28), date(2026, 2, 21), date(2026, 2, 28)),
        ("tenday", date(2026, 11, 10), date(2026, 11, 1), date(2026, 11, 10)),
        ("halfmonth", date(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 30)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 11, 22), date(2026, 10, 1), date(2026, 12, 31)),
        ("halfyear", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        ("year", date(2026, 11, 22), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_a_day_lies_in(every, day, first, last):
    assert period(rhythm(every), day) == Period(first, last)


def test_several_units_make_one_period():
    assert period(rhythm("month", interval=2), date(2026, 11, 22)) == Period(date(2026, 11, 1), date(2026, 12, 31))
    assert period(rhythm("week", interval=2), date(2026, 11, 22)) == Period(date(2026, 11, 16), date(2026, 11, 29))


@pytest.mark.parametrize("every", ["week", "tenday", "halfmonth", "month", "quarter", "halfyear", "year"])
def test_periods_follow_each_other_without_gap(every):
    span = period(rhythm(every), date(2026, 1, 1))
    while span.last < date(2027, 12, 1):
        following = period(rhythm(every), date.fromordinal(span.last.toordinal() + 1))
        assert following.first.toordinal() == span.last.toordinal() + 1
        assert period(rhythm(every), following.last) == following
        span = following


def test_the_day_gives_way_to_the_next_working_day():
    december = period(rhythm("month"), date(2026, 12, 1))
    assert due(rhythm("month", day=24), december, WORKDAYS) == date(2026, 12, 24)
    assert due(rhythm("month", day=25), december, WORKDAYS) == date(2026, 12, 28)  # Friday is a holiday
    assert due(rhythm("month", day=26), december, WORKDAYS) == date(2026, 12, 28)  # a Saturday
    february = period(rhythm("month"), date(2026, 2, 1))
    assert due(rhythm("month", day=31), february, WORKDAYS) == date(2026, 3, 2)
    week = period(rhythm("week"), date(2026, 11, 18))
    assert due(rhythm("week", weekday=5), week, WORKDAYS) == date(2026, 11, 20)
    with pytest.raises(CalendarExhausted):
        due(rhythm("year"), period(rhythm("year"), date(2028, 5, 1)), WORKDAYS)


def test_what_is_daily_stands_as_one_task():
    assert not recurs(rhythm("day"))
    assert not recurs(None)
    assert recurs(rhythm("week"))


db = pytest.mark.django_db(databases=["default", "owner"])


def tasks_of(row: Recurrence) -> list[DirectiveTask]:
    with scope.acting(SYSTEM):
        return list(DirectiveTask.objects.filter(recurrence=row).order_by("period"))


def monthly(desk: Desk) -> Recurrence:
    task = desk.accept(2)[0]
    with scope.acting(SYSTEM):
        return Recurrence.objects.get(pk=task.recurrence_id)


NOVEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC)


@db
def test_the_first_task_comes_at_once_and_the_next_with_its_period(desk: Desk):
    with clock.at(NOVEMBER):
        row = monthly(desk)
        (first,) = tasks_of(row)
        assert (first.period, first.due) == (date(2026, 11, 1), date(2026, 11, 25))
        assert open_recurring() == 0
    with clock.at(datetime(2026, 12, 1, 2, tzinfo=UTC)):
        assert open_recurring() == 1
        assert open_recurring() == 0
    assert [(one.period, one.due, one.state) for one in tasks_of(row)] == [
        (date(2026, 11, 1), date(2026, 11, 25), "assigned"),
        (date(2026, 12, 1), date(2026, 12, 25), "assigned"),
    ]


@db
def test_whose_day_has_passed_begins_with_the_next_period(desk: Desk):
    with clock.at(datetime(2026, 11, 26, 2, tzinfo=UTC)):
        row = monthly(desk)
    (first,) = tasks_of(row)
    assert (first.period, first.due, first.late) == (date(2026, 12, 1), date(2026, 12, 25), False)
    with clock.at(datetime(2027, 1, 4, 2, tzinfo=UTC)):
        assert open_recurring() == 1
    assert [one.period for one in tasks_of(row)] == [date(2026, 12, 1), date(2027, 1, 1)]


@db
def test_after_a_long_sleep_every_period_has_its_task(desk: Desk):
    with clock.at(NOVEMBER):
        row = monthly(desk)
    with clock.at(datetime(2027, 3, 10, 2, tzinfo=UTC)):
        assert open_recurring() == 4
    assert [one.period.month for one in tasks_of(row)] == [11, 12, 1, 2, 3]


@db
def test_past_the_calendar_nothing_is_guessed_and_others_go_on(desk: Desk):
    with clock.at(NOVEMBER):
        row = monthly(desk)
    with clock.at(datetime(2028, 2, 10, 2, tzinfo=UTC)):
        assert open_recurring() == 0
    assert len(tasks_of(row)) == 1


@db
def test_ended_by_the_office_it_opens_no_more(desk: Desk):
    with clock.at(NOVEMBER):
        row = monthly(desk)
    for actor in (desk.member, desk.n_member, desk.city.office):
        with scope.acting(actor), pytest.raises((Forbidden, NotFound)):
            actions.end_recurrence(actor=actor, recurrence=row.pk, data={"reason": "文件已废止。"})
    with scope.acting(desk.office):
        actions.end_recurrence(actor=desk.office, recurrence=row.pk, data={"reason": "文件已废止。"})
        with pytest.raises(Conflict):
            actions.end_recurrence(actor=desk.office, recurrence=row.pk, data={"reason": "文件已废止。"})
        assert Entry.objects.filter(subject_id=row.directive_id, step="end_recurrence").count() == 1
    with clock.at(datetime(2026, 12, 1, 2, tzinfo=UTC)):
        assert open_recurring() == 0


@db
def test_until_its_last_day(desk: Desk):
    with clock.at(NOVEMBER):
        row = desk.proposal(desk.register(), 2)
        data = {
            "units": [desk.unit.pk], "what": "报送工作进展情况",
            "rhythm": {"every": "month", "day": 25}, "until": date(2026, 12, 31),
        }  # fmt: skip
        with scope.acting(desk.office):
            (task,) = actions.mend(actor=desk.office, proposal=row.pk, data=data)
    with clock.at(datetime(2027, 2, 1, 2, tzinfo=UTC)):
        assert open_recurring() == 1
    with scope.acting(SYSTEM):
        assert DirectiveTask.objects.filter(recurrence=task.recurrence_id).count() == 2


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_workers_at_once_open_each_period_once(desk: Desk):
    with clock.at(NOVEMBER):
        row = monthly(desk)

    def run() -> int:
        with clock.at(datetime(2027, 1, 4, 2, tzinfo=UTC)):
            return open_recurring()

    outcomes = outcomes_of(run, run, run)
    assert sum(one for one in outcomes if isinstance(one, int)) == 2
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert [one.period.month for one in tasks_of(row)] == [11, 12, 1]
