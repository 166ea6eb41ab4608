"""Late and missing are facts: what makes one, what does not, and what wins no days."""

from datetime import datetime, timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.flow.clockwork import tick
from tests.campaigns.conftest import Month

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
