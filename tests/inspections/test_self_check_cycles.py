"""The cycles an enterprise keeps: begun, ended, and the missed days written down as facts."""

from datetime import date

import pytest

from anlan.inspections.actions.self_check import add_excuse, begin_plan, end_plan
from anlan.inspections.models import SelfCheckPlan
from anlan.inspections.self_check_duty import settle
from anlan.kernel import citysettings, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import City
from tests.inspections.self_checks import DAY, FRIDAY, MONDAY, at, checks, do, plan, states, steps

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
committing = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.mark.parametrize(
    ("name", "may_begin", "may_end"),
    [
        ("principal", True, True), ("safety_manager", True, False), ("regulator", True, True), ("office", True, True),
        ("inspector", False, False), ("leader", False, False), ("n_principal", False, False), ("n_regulator", False, False),
        ("other_field", False, False),
    ],
)  # fmt: skip
def test_who_begins_and_ends_a_cycle(city: City, name: str, may_begin: bool, may_end: bool) -> None:
    actor = city.actors[name]
    if may_begin:
        plan(city, actor=actor)
    else:
        with pytest.raises((Forbidden, NotFound)):
            plan(city, actor=actor)
    weekly = plan(city, "weekly")
    data = {"ends_on": str(FRIDAY), "reason": "设备停用"}
    with at(MONDAY), scope.acting(actor):
        if may_end:
            assert end_plan(actor=actor, plan=weekly.pk, data=data).ends_on == FRIDAY
        else:
            with pytest.raises((Forbidden, NotFound)):
                end_plan(actor=actor, plan=weekly.pk, data=data)


def test_a_cycle_runs_once_and_not_backwards(city: City) -> None:
    first = plan(city)
    with pytest.raises(Conflict):
        plan(city)
    with at(MONDAY), scope.acting(city.principal):
        with pytest.raises(Invalid):
            begin_plan(
                actor=city.principal,
                data={"enterprise": city.enterprise.pk, "cycle": "weekly", "begins_on": str(MONDAY - DAY)},
            )
        end_plan(actor=city.principal, plan=first.pk, data={"ends_on": str(FRIDAY), "reason": "停产检修"})
        with pytest.raises(Conflict):
            end_plan(actor=city.principal, plan=first.pk, data={"ends_on": str(FRIDAY), "reason": "停产检修"})
    with pytest.raises(Invalid):
        plan(city, begins=FRIDAY)
    assert plan(city, begins=FRIDAY + DAY).begins_on == FRIDAY + DAY


# Missed


def test_missed_days_are_facts_through_working_days(city: City) -> None:
    plan(city)
    with at(MONDAY):
        do(city, MONDAY)
        assert settle() == 0, "today is not over"
    with at(MONDAY + 7 * DAY):
        assert settle() == 4, "Tuesday to Friday; the weekend owes nothing"
        assert settle() == 0
    assert [one.period for one in checks()] == [MONDAY + number * DAY for number in range(5)]
    assert states() == ["done"] + ["missed"] * 4
    missed = checks()[1]
    assert (steps(missed), missed.person_name) == (["miss_check"], "")
    with at(MONDAY + 7 * DAY), pytest.raises(Forbidden), scope.acting(city.regulator):
        add_excuse(actor=city.regulator, check=missed.pk, data={"excuse": "停电"})


def test_rest_days_count_where_the_plan_or_the_city_says_so(city: City) -> None:
    plan(city, on_rest_days=True)
    with scope.acting(SYSTEM):
        citysettings.change(
            actor=SYSTEM, key="inspections.self_check.rest_days", region=city.n_enterprise.region, new=["daily"]
        )
    plan(city, actor=city.n_principal, enterprise=city.n_enterprise.pk)
    with at(MONDAY + 7 * DAY):
        assert settle() == 14


def test_weeks_and_months_and_a_week_of_holidays(city: City) -> None:
    plan(city, "weekly", date(2026, 9, 28))
    plan(city, "monthly", date(2026, 10, 15))
    from anlan.kernel import calendar
    from anlan.kernel.models import CalendarDay

    CalendarDay.objects.bulk_create(
        (CalendarDay(day=date(2026, 10, day), works=False, name="放假") for day in (5, 6, 7, 8, 9)),
    )
    CalendarDay.objects.filter(day=date(2026, 10, 10)).update(works=False)
    calendar.forget()
    with at(date(2026, 11, 3)):
        settle()
    assert [(one.cycle, one.period) for one in checks()] == [
        ("weekly", date(2026, 9, 28)), ("monthly", date(2026, 10, 1)), ("weekly", date(2026, 10, 12)),
        ("weekly", date(2026, 10, 19)), ("weekly", date(2026, 10, 26)),
    ]  # fmt: skip


def test_an_ended_cycle_owes_until_its_last_day_and_a_closed_enterprise_nothing(city: City) -> None:
    running = plan(city)
    with at(MONDAY), scope.acting(city.principal):
        end_plan(actor=city.principal, plan=running.pk, data={"ends_on": str(MONDAY + DAY), "reason": "停产"})
    with at(MONDAY + 14 * DAY):
        assert settle() == 2
    plan(city, begins=MONDAY + 14 * DAY)
    with scope.acting(SYSTEM):
        type(city.enterprise).objects.filter(pk=city.enterprise.pk).update(status="suspended")
    with at(MONDAY + 21 * DAY):
        assert settle() == 0


def test_past_the_calendars_end_nothing_is_guessed(city: City) -> None:
    plan(city, begins=date(2027, 12, 30))
    with at(date(2028, 1, 10)):
        assert settle() == 2
        assert settle() == 0
    assert [one.period for one in checks()] == [date(2027, 12, 30), date(2027, 12, 31)]
    with scope.acting(SYSTEM):
        assert SelfCheckPlan.objects.get().settled_to == date(2027, 12, 31), "2028 waits for its notice"
