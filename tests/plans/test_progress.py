"""Figures of a plan: now and at any moment, by branch, unit and region; who is behind and by how much."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.ids import new_id
from anlan.plans.models import PlanItem
from anlan.plans.pages.timetable import MONTH, bar, place
from anlan.plans.queries.progress import Standing, expected_share, figures, stand, standings, tally
from tests.factories import COUNTY
from tests.plans.conftest import Office, year

START, DUE = date(2026, 1, 1), date(2026, 4, 11)
"""A hundred days."""


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2025, 12, 1), 0), (START, 0), (date(2026, 1, 11), 100), (date(2026, 3, 2), 600), (DUE, 1000), (date(2027, 1, 1), 1000)],
)  # fmt: skip
def test_the_time_gone(day: date, share: int):
    assert expected_share(START, DUE, day) == share


def test_without_a_day_nothing_is_expected():
    assert expected_share(START, None, date(2026, 12, 31)) == 0


def standing(day: date, share: int, state: str = "under_way", **over: Any) -> Standing:
    row = PlanItem(
        id=new_id(), code="1.1.1.1", year=2026, starts_on=START, due=DUE, region=COUNTY, sub_plan_id=new_id(), **over
    )
    return stand(row, state=state, share=share, due=row.due, day=day, slack=150)


@pytest.mark.parametrize(
    ("day", "share", "state", "behind", "days"),
    [
        (date(2026, 3, 2), 600, "under_way", False, 0),
        (date(2026, 3, 2), 451, "under_way", False, 0),
        (date(2026, 3, 2), 450, "under_way", True, 15),
        (date(2026, 3, 2), 100, "under_way", True, 50),
        (date(2026, 4, 11), 990, "under_way", False, 0),
        (date(2026, 4, 12), 990, "under_way", True, 1),
        (date(2026, 5, 11), 0, "assigned", True, 30),
        (date(2026, 5, 11), 500, "reported", False, 0),
        (date(2026, 5, 11), 500, "verified", False, 0),
        (date(2026, 5, 11), 500, "done", False, 0),
        (date(2026, 5, 11), 1000, "returned", True, 30),
    ],
)  # fmt: skip
def test_who_is_behind_and_by_how_many_days(day: date, share: int, state: str, behind: bool, days: int):
    one = standing(day, share, state)
    assert (one.behind, one.behind_days) == (behind, days)


def test_sums_are_means_of_shares_and_counts_of_items():
    rows = [standing(DUE, 0), standing(DUE, 500, key=True), standing(DUE, 0, "done", key=True)]
    found = tally(rows)
    assert (found.total, found.done, found.share, found.expected) == (3, 1, 500, 1000)
    assert (found.key_total, found.key_done, found.gap, found.done_share) == (2, 1, 500, 333)
    assert tally([]).share == 0


def test_bars_stand_where_their_days_are():
    assert place(date(2026, 1, 1), 2026) == 0
    assert place(date(2026, 12, 31), 2026, end=True) == 12 * MONTH
    assert place(date(2025, 6, 1), 2026) == 0
    assert place(date(2027, 1, 1), 2026) == 12 * MONTH
    assert bar(date(2026, 4, 1), date(2026, 6, 30), 500, 2026) == {"x": 300, "width": 300, "done": 150}
    assert bar(date(2026, 1, 1), date(2026, 1, 1), 0, 2026)["width"] > 0


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_figures_of_a_moment_are_those_of_that_moment(office: Office):
    first = datetime(year(), 3, 2, 10, tzinfo=clock.SHANGHAI)
    with clock.at(first):
        item = office.item(starts_on=date(year(), 1, 1), due=date(year(), 4, 11))
        office.item("1.1.1.2", sub_plan="", unit_name=office.n_unit.name, due=date(year(), 12, 31))
        office.publish()
        office.do(office.member, item, "sign")
    with clock.at(first + timedelta(days=5)):
        office.do(office.member, item, "progress", words="完成一半。", achieved=20)
    with clock.at(first + timedelta(days=10)):
        office.report(item)
        office.do(office.keeper, item, "verify")
    with scope.acting(office.keeper):
        before = figures(office.plan, year(), first - timedelta(days=1))
        then = figures(office.plan, year(), first + timedelta(days=6))
        with clock.at(first + timedelta(days=11)):
            now = figures(office.plan, year())
            again = figures(office.plan, year(), clock.now())
    assert before.whole.total == 0
    assert (then.whole.total, then.whole.done, then.whole.share) == (2, 0, 250)
    assert (now.whole.total, now.whole.done, now.whole.share) == (2, 1, 500)
    assert now.whole == again.whole
    assert {name: one.done for (_unit, name), one in now.by_unit.items()} == {"县应急局": 1, "邻县应急局": 0}
    assert set(now.by_branch) == {"1"}
    assert len(now.by_region) == 2


@pytest.mark.django_db(databases=["default", "owner"])
def test_one_sees_the_figures_of_ones_own_items(office: Office):
    office.item()
    office.item("1.1.1.2", sub_plan="", unit_name=office.n_unit.name)
    office.publish()
    with scope.acting(office.member):
        assert [one.unit for one in standings(office.plan, year())] == [office.unit.pk]
