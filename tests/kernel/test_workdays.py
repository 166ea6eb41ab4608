from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.clock import SHANGHAI, end_of
from anlan.kernel.errors import Problem
from anlan.kernel.holidays import last_official_year, provisional_year, seed_rows
from anlan.kernel.workdays import CalendarDay, CalendarExhausted, Workdays

CALENDAR = Workdays.from_days(seed_rows())
SPAN = (CALENDAR.through - CALENDAR.first).days

moments = st.datetimes(
    min_value=datetime(2006, 1, 1),  # noqa: DTZ001
    max_value=datetime(2024, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.fixture(autouse=True)
def english():
    """Messages are compared in their source language, whatever the catalogues hold."""
    with translation.override("en"):
        yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end(text: str) -> datetime:
    return end_of(date.fromisoformat(text))


def test_a_second_opinion_agrees_on_every_day():
    assert CALENDAR.first == date(2004, 1, 1)
    assert CALENDAR.through == date(last_official_year(), 12, 31)
    assert last_official_year() >= 2026
    days = [CALENDAR.first + timedelta(days=n) for n in range(SPAN + 1)]
    assert [CALENDAR.is_workday(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-09-28T10:00", 3, "2026-10-08"),  # over National Day 2026: 1 to 7 October off
        ("2026-09-18T10:00", 1, "2026-09-20"),  # a working Sunday before National Day
        ("2026-03-02T00:00", 1, "2026-03-03"),
        ("2026-03-02T23:59:59", 1, "2026-03-03"),
        ("2026-03-06T10:00", 1, "2026-03-09"),
        ("2026-03-07T10:00", 1, "2026-03-09"),
        ("2026-03-07T10:00", 0, "2026-03-09"),
        ("2026-03-06T10:00", 0, "2026-03-06"),
        ("2026-03-09T10:00", -1, "2026-03-06"),
        ("2026-03-08T10:00", -1, "2026-03-06"),
    ],
)
def test_limits(start, n, due):
    assert CALENDAR.add(at(start), n) == end(due)


def test_the_day_is_the_citys_day():
    evening_in_utc = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 00:30 on the 3rd in Shanghai
    assert CALENDAR.add(evening_in_utc, 1) == end("2026-03-04")


def test_calendar_days_give_way_to_the_next_working_day():
    assert CALENDAR.add_calendar_days(at("2026-09-16T09:00"), 15) == end("2026-10-08")
    assert CALENDAR.add_calendar_days(at("2026-03-02T09:00"), 3) == end("2026-03-05")
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_calendar_days(at("2026-03-02T09:00"), -1)
    with pytest.raises(CalendarExhausted):
        CALENDAR.add_calendar_days(at("2026-03-02T09:00"), 10**7)


def test_days_left_and_reminders():
    due = CALENDAR.add(at("2026-03-02T09:00"), 3)
    assert CALENDAR.days_left(due, at("2026-03-02T09:00")) == 3
    assert CALENDAR.days_left(due, at("2026-03-05T23:00")) == 0
    assert CALENDAR.days_left(due, at("2026-03-06T00:00")) == -1
    friday = end("2026-03-06")
    assert CALENDAR.days_left(friday, at("2026-03-07T08:00")) == -1  # overdue on a Saturday is overdue
    assert CALENDAR.days_left(friday, at("2026-03-10T08:00")) == -2
    assert CALENDAR.remind_at(end("2026-03-09"), 1) == at("2026-03-06T09:00")
    assert CALENDAR.remind_at(end("2026-03-09"), 0, time(8)) == at("2026-03-09T08:00")


@given(moments, st.integers(1, 200))
def test_add_and_between_undo_each_other(start, n):
    due = CALENDAR.add(start, n)
    assert due > start
    assert CALENDAR.is_workday(due.date())
    assert CALENDAR.between(start, due) == n
    assert CALENDAR.between(due, start) == -n
    assert CALENDAR.add(due, -n) <= end(start.astimezone(SHANGHAI).date().isoformat())
    if CALENDAR.is_workday(start.astimezone(SHANGHAI).date()):
        assert CALENDAR.add(due, -n).date() == start.astimezone(SHANGHAI).date()


@given(moments, st.integers(-200, 200), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_later_or_longer_is_never_earlier(start, n, delay):
    assert CALENDAR.add(start, n) <= CALENDAR.add(start + delay, n)
    assert CALENDAR.add(start, n) <= CALENDAR.add(start, n + 1)


@given(st.dates(min_value=CALENDAR.through + timedelta(days=1)))
def test_past_the_end_nothing_is_guessed(day):
    with pytest.raises(CalendarExhausted) as caught:
        CALENDAR.is_workday(day)
    assert caught.value.day == day
    assert isinstance(caught.value, Problem)
    assert day.isoformat() in caught.value.detail
    assert str(day.year) in caught.value.detail


def test_steps_over_the_edges_refuse():
    with pytest.raises(CalendarExhausted) as caught:
        CALENDAR.add(datetime.combine(CALENDAR.through, time(9), SHANGHAI), 1)
    assert caught.value.day == CALENDAR.through + timedelta(days=1)
    with pytest.raises(CalendarExhausted):
        CALENDAR.add(at("2004-01-05T09:00"), -5)
    with pytest.raises(CalendarExhausted):
        CALENDAR.between(at("2003-12-31T09:00"), at("2004-01-05T09:00"))


def test_a_gap_in_the_years_ends_the_calendar():
    days = [CalendarDay(date(year, 1, 1), False, "元旦", "t", "official") for year in (2024, 2025, 2027)]
    assert Workdays.from_days(days).through == date(2025, 12, 31)


def test_the_provisional_year_is_used_only_on_request():
    days = seed_rows() + provisional_year(last_official_year() + 1)
    assert Workdays.from_days(days).through == CALENDAR.through
    longer = Workdays.from_days(days, provisional=True)
    assert longer.through.year == CALENDAR.through.year + 1


def test_the_provisional_2027():
    rows = {row.day: row for row in provisional_year(2027)}
    assert len(rows) == 13
    assert rows[date(2027, 2, 6)].name == "春节"
    assert rows[date(2027, 6, 9)].name == "端午节"
    assert rows[date(2027, 9, 15)].name == "中秋节"
    assert {row.status for row in rows.values()} == {"provisional"}
    assert not any(row.is_workday for row in rows.values())
    with pytest.raises(ValueError, match="2051"):
        provisional_year(2051)


def test_the_pattern_of_provisional_years_holds_for_announced_ones():
    """The same statutory days, computed for the years since the rule changed, are days off in the real notices."""
    for day in [date(2025, 1, 28), date(2025, 5, 2), date(2026, 2, 16), date(2026, 5, 2), date(2026, 10, 3)]:
        assert not CALENDAR.is_workday(day)


def test_immutable_and_particular_about_its_input():
    exceptions = {date(2026, 1, 1): False}
    calendar = Workdays(exceptions, first=date(2026, 1, 1), through=date(2026, 1, 31))
    exceptions[date(2026, 1, 5)] = False
    assert calendar.is_workday(date(2026, 1, 5))
    with pytest.raises(ValueError, match="time zone"):
        calendar.add(datetime(2026, 1, 5), 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="ends before"):
        Workdays({}, first=date(2026, 1, 2), through=date(2026, 1, 1))
    with pytest.raises(ValueError, match="at least one"):
        Workdays.from_days([])
