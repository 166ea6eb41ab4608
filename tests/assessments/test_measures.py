"""What is counted from other rooms: leaders' duties from their register, the plan as it stood when the time was over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from anlan.assessments.measures import Of, measured
from anlan.campaigns.leaders.people import leaders
from anlan.campaigns.models import LeaderAct
from anlan.chain.models import Duty
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import subtree
from anlan.kernel.ids import new_id
from tests.campaigns.conftest import make_month
from tests.factories import CITY, COUNTY, City
from tests.plans.conftest import Office, office
from tests.sessions import signed_in

__all__ = ["office", "signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
IN_MARCH = datetime(2026, 3, 2, 2, tzinfo=UTC)
IN_APRIL = datetime(2026, 4, 10, 2, tzinfo=UTC)
IN_AUGUST = datetime(2026, 8, 20, 2, tzinfo=UTC)


def of(unit: UUID, region: int = COUNTY, **over: Any) -> Of:
    """The first half of 2026."""
    begins, ends = (datetime(2026, month, 1, tzinfo=clock.SHANGHAI) for month in (1, 7))
    return Of(unit=unit, region=region, industries=-1, begins=begins, ends=ends, **over)


def counted(name: str, asked: Of) -> tuple[int, int, list[tuple[str, bool]]]:
    with scope.acting(SYSTEM):
        found = measured(name, asked)
    return found.figure.part, found.figure.whole, [(row.label, row.good) for row in found.rows]


def test_leaders_duties_come_from_their_register(db: None) -> None:
    with clock.at(IN_MARCH):
        month = make_month()
    with clock.at(IN_AUGUST), scope.acting(SYSTEM):
        for part, name in (("director_party", "张书记"), ("director_government", "李县长")):
            Duty.objects.create(
                id=new_id(), kind="committee", part=part, region=COUNTY, person_name=name, title="主任",
                valid_from=date(2024, 1, 1),
            )  # fmt: skip
        head = next(one for one in leaders(*subtree(COUNTY), date(2026, 8, 20)) if one.name == "李县长")
        for day in (date(2026, 6, 30), date(2026, 7, 1)):  # the second falls into the other half-year
            LeaderAct.objects.create(
                id=new_id(), campaign=month.campaign, region=COUNTY, kind="hear", on=day, topic="听取三年行动进展",
                people=[{"key": head.key, "name": head.name, "title": head.title}], recorded_by="县安委办",
                created_at=clock.now(),
            )  # fmt: skip
    county = of(month.units["county"].pk)
    with clock.at(IN_AUGUST):
        assert counted("chief_heard", county) == (
            1,
            2,
            [("张书记 2026-01–2026-06", False), ("李县长 2026-01–2026-06 · 2026-06-30", True)],
        )
        with scope.acting(SYSTEM):
            LeaderAct.objects.filter(on=date(2026, 6, 30)).update(withdrawn_at=clock.now(), withdrawn_why="记错")
        assert counted("chief_heard", county)[:2] == (0, 2)
        # a department answers for leaders of its own, not for those of the whole territory
        assert counted("chief_heard", of(month.units["department"].pk, CITY, department=True))[:2] == (0, 0)


@pytest.fixture
def in_march(db: None) -> Iterator[None]:
    with clock.at(IN_MARCH):
        yield


@pytest.fixture
def city(in_march: None) -> City:
    from tests.factories import make_city

    return make_city()


def test_the_plan_counts_as_it_stood_at_the_end(city: City, office: Office) -> None:
    done, given, later = (office.item(f"1.1.1.{n}", due=date(2026, 4, 20)) for n in (1, 2, 3))
    office.publish()
    with clock.at(IN_APRIL):
        for step in ("sign", "start"):
            office.do(office.member, done, step)
        office.report(done)
        asked = of(office.unit.pk)
    with clock.at(datetime(2026, 5, 4, 2, tzinfo=UTC)):  # the time still runs: what stands now counts
        assert counted("plan_items_in_time", asked)[:2] == (1, 3)
    with clock.at(IN_AUGUST):
        office.do(office.keeper, done, "return", reason="台账缺乡镇企业。")
        office.do(office.keeper, given, "withdraw", reason="上级已取消。")
        for step in ("sign", "start"):
            office.do(office.member, later, step)
        office.report(later, finished_on=date(2026, 4, 19))  # a day that nobody heard of until August
        assert counted("plan_items_in_time", asked)[:2] == (1, 3)
