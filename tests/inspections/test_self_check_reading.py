"""What is asked of self-checks: their items, the day of a phone, the history and who is behind."""

from datetime import date
from typing import Any

import pytest

from anlan.inspections.actions.self_check import add_excuse
from anlan.inspections.models import SelfCheckMonth
from anlan.inspections.queries import self_check as queries
from anlan.inspections.self_check_duty import settle
from anlan.inspections.self_check_months import drift
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.factories import City
from tests.inspections.self_checks import DAY, MONDAY, at, do, make_control, make_point, plan

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
committing = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_items_come_from_the_own_points_and_their_cycles(city: City) -> None:
    point, other = make_point(city.enterprise), make_point(city.n_enterprise, "别家的")
    closed = make_point(city.enterprise, "停用的")
    wanted = {
        "daily": [make_control(point, "每班点检", "shift"), make_control(point, "每日查看", "daily")],
        "weekly": [make_control(point, "每周检查", "weekly")],
        "monthly": [make_control(point, "每月检查", "monthly")],
    }
    quarterly, yearly = make_control(point, "每季检查", "quarterly"), make_control(point, "每年检查", "yearly")
    make_control(other, "别家", "daily")
    make_control(closed, "停用", "daily")
    make_control(point, "作废", "daily", active=False)
    with scope.acting(SYSTEM):
        type(point).objects.filter(pk=closed.pk).update(active=False)
    with scope.acting(city.safety_manager):
        periods = [
            ("daily", MONDAY),
            ("weekly", MONDAY),
            ("monthly", date(2026, 11, 1)),
            ("monthly", date(2026, 12, 1)),
        ]
        items = queries.items_of(city.enterprise, periods)
    for cycle, period in periods[:3]:
        assert {one.control for one in items[cycle, period] if one.control} == {one.pk for one in wanted[cycle]}
    assert {one.control for one in items["monthly", date(2026, 12, 1)] if one.control} == {
        wanted["monthly"][0].pk,
        quarterly.pk,
        yearly.pk,
    }
    assert {one.risk_point_name for one in items["daily", MONDAY]} == {"一号冲压机"}


def test_the_phones_part_of_the_day(city: City) -> None:
    plan(city)
    plan(city, "weekly")
    make_control(make_point(city.enterprise), "每日查看", "daily")
    plan(city, actor=city.n_principal, enterprise=city.n_enterprise.pk)
    tuesday = MONDAY + DAY
    with at(tuesday):
        settle()
        with scope.acting(city.safety_manager):
            bundle = queries.checks_for(city.safety_manager, tuesday)
        assert [(one["cycle"], one["period"], one["due"], one["late"]) for one in bundle] == [
            ("daily", str(tuesday), True, False), ("weekly", str(MONDAY), True, False), ("daily", str(MONDAY), True, True),
        ]  # fmt: skip
        assert [item["text"] for item in bundle[0]["items"]] == ["每日查看"]
        do(city, tuesday)
        with scope.acting(city.safety_manager):
            assert [one["due"] for one in queries.checks_for(city.safety_manager, tuesday)] == [True, True, False]
        with scope.acting(city.inspector):
            assert queries.checks_for(city.inspector, tuesday) == []


def test_history_months_and_who_is_behind(city: City, django_assert_max_num_queries: Any) -> None:
    plan(city)
    plan(city, actor=city.n_principal, enterprise=city.n_enterprise.pk)
    with at(MONDAY):
        do(city, MONDAY)
    with at(MONDAY + 7 * DAY):
        settle()
    november = date(2026, 11, 1)
    with scope.acting(city.safety_manager):
        first = queries.history(city.enterprise.pk, limit=3)
        rest = queries.history(city.enterprise.pk, after=first.after, limit=3)
        assert [one.period.day for one in [*first.rows, *rest.rows]] == [20, 19, 18, 17, 16]
        assert rest.after is None
        assert queries.history(city.n_enterprise.pk).rows == [], "a neighbour's checks are not there"
        summary = queries.month_summary(city.enterprise.pk, november)
        assert (summary.counts, summary.rate) == ({"done": 1, "late": 0, "missed": 4}, 20)
    with scope.acting(city.city_office), django_assert_max_num_queries(3):
        both, _none = queries.behind(city.city_office, month=november)
        assert [(one.name, one.missed) for one in both] == [(city.n_enterprise.name, 5), (city.enterprise.name, 4)]
    with scope.acting(city.city_office):
        first, place = queries.behind(city.city_office, month=november, limit=1)
        second, _none = queries.behind(city.city_office, month=november, after=place, limit=1)
        assert [*first, *second] == both
        assert queries.territory_figures(city.city_office, month=november) == {
            "done": 1, "late": 0, "missed": 9, "enterprises": 2,
        }  # fmt: skip
    with scope.acting(city.regulator):
        mine, _none = queries.behind(city.regulator, month=november)
        assert [one.enterprise for one in mine] == [city.enterprise.pk]
    with scope.acting(city.other_field):
        assert queries.behind(city.other_field, month=november) == ([], None)
    assert drift() == []


def test_the_counts_of_a_month_follow_what_is_written(city: City) -> None:
    """A missed check that is done late moves from one count to the other; a reason beside it moves nothing."""
    plan(city)
    with at(MONDAY + DAY):
        settle()
    november = date(2026, 11, 1)

    def counted(cycle: str) -> tuple[int, int, int]:
        with scope.acting(SYSTEM):
            row = SelfCheckMonth.objects.get(enterprise=city.enterprise, month=november, cycle=cycle)
        return row.done, row.late, row.missed

    assert counted("") == counted("daily") == (0, 0, 1)
    with at(MONDAY + DAY):
        late = do(city, MONDAY, excuse="停电")
        assert late.state == "late"
        with scope.acting(city.safety_manager):
            add_excuse(actor=city.safety_manager, check=late.pk, data={"excuse": "全厂停电"})
        do(city, MONDAY + DAY)
    assert counted("") == counted("daily") == (1, 1, 0)
    assert drift() == []
    with scope.acting(SYSTEM):
        SelfCheckMonth.objects.filter(cycle="").update(missed=7)
    assert len(drift()) == 1, "a count that does not reconcile is named"
    with scope.acting(city.n_office):
        assert not SelfCheckMonth.objects.exists(), "a neighbour's counts are not there"
