"""The stored calendar: kept for moments, dropped after an edit, ending at the first gap."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from anlan.kernel import calendar
from anlan.kernel.models import CalendarDay, CalendarYear
from anlan.kernel.workdays import CalendarExhausted

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
MONDAY = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def years(*wanted: int) -> None:
    CalendarYear.objects.bulk_create(CalendarYear(year=year, source="test", status="official") for year in wanted)
    calendar.forget()


def test_an_empty_calendar_computes_nothing() -> None:
    with pytest.raises(CalendarExhausted):
        calendar.working_days().add(MONDAY, 1)


def test_days_beyond_a_gap_are_not_known() -> None:
    years(2025, 2026, 2028)
    days = calendar.working_days()
    assert (days.first, days.through) == (date(2025, 1, 1), date(2026, 12, 31))
    with pytest.raises(CalendarExhausted, match="2026-12-31"):
        days.add(MONDAY, 200)


def test_an_edit_counts_after_it_is_told(django_assert_num_queries: Any) -> None:
    years(2026)
    before = calendar.working_days().add(MONDAY, 1).date()
    assert before == date(2026, 6, 2)
    CalendarDay.objects.create(day=before, works=False, name="停工日")
    with django_assert_num_queries(0):
        assert calendar.working_days().add(MONDAY, 1).date() == before
    calendar.forget()
    assert calendar.working_days().add(MONDAY, 1).date() == date(2026, 6, 3)


def test_the_copy_is_asked_for_again_after_ten_seconds() -> None:
    years(2026)
    first = calendar.working_days()
    assert calendar.working_days() is first
    kept_at, days = calendar._kept  # type: ignore[misc]
    calendar._kept = (kept_at - calendar.KEEP_SECONDS - 1, days)
    assert calendar.working_days() is not first
