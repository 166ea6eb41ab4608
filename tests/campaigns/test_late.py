"""Late and missing are facts: what makes one, what does not, and what wins no days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from anlan.campaigns import actions
from anlan.campaigns.models import Return
from anlan.campaigns.returns.kept import trouble_of
from anlan.kernel import calendar, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.models import CalendarDay
from tests.campaigns.conftest import Month, asked, nothing, right

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]


def test_lateness_is_a_fact(month: Month) -> None:
    in_time, record = month.passed("neighbour"), month.of("county")
    _ticked(record.hand_in_by + timedelta(minutes=1))
    late = month.fresh(record)
    assert (late.late, late.missing, late.was_late) == (True, True, True)
    with clock.at(record.hand_in_by + timedelta(hours=1)):
        handed = month.passed("county")
    assert (handed.late, handed.missing, handed.was_late) == (False, False, True)
    in_time = month.fresh(in_time)
    assert (in_time.missing, in_time.was_late) == (False, False)


def _ticked(at: datetime) -> None:
    with clock.at(at):
        while tick():
            pass


def test_an_empty_return_is_not_handed_in(month: Month) -> None:
    record = month.do("county", month.of("county"), "hand_in")
    assert (record.state, record.handed_in_at) == ("bounced", None)
    _ticked((record.mend_by or record.hand_in_by) + timedelta(minutes=1))
    late = month.fresh(record)
    assert (late.missing, late.was_late) == (True, True)
    with clock.at(record.hand_in_by + timedelta(days=9)):
        handed = month.passed("county")
    assert (handed.missing, handed.was_late, handed.handed_in_at) == (False, True, handed.state_since)


def test_what_never_passed_is_late_and_bouncing_wins_no_days(month: Month) -> None:
    record = month.of("county")
    with clock.at(record.hand_in_by - timedelta(hours=1)):
        first = month.do("county", month.do("county", record, "save", cells={"checks.units": "许多"}), "hand_in")
        assert (first.state, first.was_late) == ("bounced", False)
        assert first.handed_in_at
    with clock.at(first.mend_by - timedelta(hours=1)):  # type: ignore[operator]
        again = month.do("county", record, "hand_in")
    assert again.mend_by == first.mend_by
    _ticked(again.mend_by + timedelta(minutes=1))  # type: ignore[operator]
    late = month.fresh(record)
    assert (late.missing, late.was_late) == (False, True)


@pytest.fixture
def new_year(month: Month) -> Iterator[None]:
    with scope.acting(SYSTEM):
        CalendarDay.objects.create(day=date(2027, 1, 1), works=False, name="元旦")
    calendar.forget()
    yield
    calendar.forget()


@pytest.mark.usefixtures("new_year")
def test_over_the_turn_of_the_year(month: Month) -> None:
    """December is due on the fifth working day after New Year's holiday, and January is compared with December."""
    december = _filled(month, date(2026, 12, 1), units=10)
    assert december.hand_in_by.astimezone(clock.SHANGHAI).date() == date(2027, 1, 8)
    assert december.state == "passed"
    with clock.at(december.hand_in_by - timedelta(hours=1)):
        month.do("city", _confirmed(month, december), "accept")
    january = _filled(month, date(2027, 1, 1), units=500)
    leap = next(one for one in january.troubles if one["check"] == "units_leap")
    assert leap["values"]["last.checks.units"] == 10


def _filled(month: Month, first: date, *, units: int) -> Return:
    with clock.at(datetime.combine(first + timedelta(days=33), time(2), UTC)):
        with scope.acting(month.actors["city"]):
            actions.open_month(actor=month.actors["city"], campaign=month.campaign.pk, month=first)
        figures = right("county") | {"checks.units": units, "checks.visits": units}
        record = month.do("county", month.of("county", first), "save", cells=figures, nothing=nothing("county"))
        reasons = {trouble_of(one).key: "已逐项核对，数据属实。" for one in record.troubles}
        month.do("county", record, "save", reasons=reasons)
        return month.do("county", record, "hand_in")


def _confirmed(month: Month, record: Return) -> Return:
    for panel in asked("county"):
        record = month.do("city", record, "confirm", panel=panel)
    return record
