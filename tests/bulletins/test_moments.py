"""The plan in a bulletin stands as at the end of its months, not as on the day somebody got round to drafting."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db.models import Sum

from anlan.bulletins import actions, queries
from anlan.bulletins.models import Bulletin, FigureRow
from anlan.kernel import clock, scope
from tests.factories import City, make_city
from tests.plans.conftest import Office, office
from tests.sessions import signed_in

__all__ = ["office", "signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
IN_FEBRUARY = datetime(2026, 2, 10, 2, tzinfo=UTC)
IN_MARCH = datetime(2026, 3, 20, 2, tzinfo=UTC)
IN_APRIL = datetime(2026, 4, 12, 2, tzinfo=UTC)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with clock.at(IN_FEBRUARY):
        yield make_city()


def _close(office: Office, item: object) -> None:
    for step in ("sign", "start"):
        office.do(office.member, item, step)  # type: ignore[arg-type]
    office.report(item)  # type: ignore[arg-type]
    for step in ("verify", "close"):
        office.do(office.keeper, item, step)  # type: ignore[arg-type]


def _draft(office: Office, first: int, last: int) -> Bulletin:
    with scope.acting(office.keeper):
        return actions.draft(
            actor=office.keeper,
            data={
                "campaign": office.plan.campaign_id,
                "first_month": date(2026, first, 1),
                "last_month": date(2026, last, 1),
            },
        )


def test_the_plan_stands_as_at_the_end_of_the_months(city: City, office: Office) -> None:
    first, second, third = (office.item(f"1.1.1.{n}", due=date(2026, 4, 30)) for n in (1, 2, 3))
    office.publish()
    with clock.at(IN_MARCH):
        _close(office, first)
    with clock.at(IN_APRIL):
        _close(office, second)
        office.do(office.keeper, third, "withdraw", reason="上级已取消。")
        over, running = _draft(office, 1, 3), _draft(office, 4, 6)
    told = [(one.figures["plan_items"]["value"], one.figures["plan_done"]["value"]) for one in (over, running)]
    assert told == [(3, 1), (2, 2)]
    assert over.figures["plan_next"]["value"] == 2  # both were due in the next quarter then
    with scope.acting(office.keeper):
        views = [queries.figure_view(one, "plan_rate").stood for one in (over, running)]
        rows = FigureRow.objects.filter(of=over, figure="plan_items").aggregate(sum=Sum("value"))
        tree = queries.figure_view(over, "plan_actions").stood
    shown = [f"{one.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" for one in views if one]
    assert shown == ["2026-03-31 23:59", "2026-04-12 10:00"]
    assert rows["sum"] == 3
    assert tree is None  # a tree does not change from month to month


def test_a_plan_that_came_later_stands_as_it_does_now(city: City, office: Office) -> None:
    with clock.at(IN_APRIL):
        office.item(due=date(2026, 4, 30))
        office.publish()
        bulletin = _draft(office, 1, 3)
    assert bulletin.figures["plan_items"]["value"] == 1
    with scope.acting(office.keeper):
        assert queries.figure_view(bulletin, "plan_items").stood == IN_APRIL
