"""A draft's fields come from the records: a hazard, a visit, what the instrument follows."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from anlan.enforcement.filling import filled, grounds_of
from anlan.enforcement.kinds import kinds
from anlan.kernel import clock, scope
from anlan.kernel.errors import NotFound
from tests.factories import City, make_city
from tests.inspections.conftest import Field, make_field

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOON = datetime(2026, 9, 14, 4, tzinfo=UTC)


@pytest.fixture
def town() -> City:
    return make_city()


def test_an_order_from_a_visit_lists_its_findings_and_certified_officers() -> None:
    with clock.at(NOON):
        town: Field = make_field()
        visit = town.under_way()
        town.finding(visit, description="除尘器未设锁气卸灰装置。")
        town.finding(visit, description="安全出口上锁。")
        town.recorded(visit)
        with scope.acting(town.regulator):
            fields = filled("rectification_order", grounds_of("visit", visit.pk), town.regulator)
    assert [row["text"].partition("：")[2] for row in fields["problems"]] == [
        "除尘器未设锁气卸灰装置。",
        "安全出口上锁。",
    ]
    assert all(row["due"] > "2026-09-14" for row in fields["problems"])
    assert fields["due"] == max(row["due"] for row in fields["problems"])
    assert len(fields["officers"]) == 2
    assert all(row["certificate"] for row in fields["officers"])
    assert fields["checked_on"] == "2026-09-14"
    assert "第六十五条" in fields["basis"]
    missing = {one.code for one in kinds()["rectification_order"].required} - set(fields)
    assert not missing, "a person only reviews"


def test_a_letter_from_a_late_hazard_tells_how_late_it_is(town: City) -> None:
    with clock.at(NOON):
        hazard = town.rectifying()
    with clock.at(datetime(2026, 10, 20, 4, tzinfo=UTC)):
        from anlan.kernel.flow.clockwork import tick

        tick()
        with scope.acting(town.city_office):
            grounds = grounds_of("hazard", hazard.pk)
            fields = filled("supervise_letter", grounds, town.city_office)
    assert grounds.late_days > 0
    assert f"已超期{grounds.late_days}个工作日" in fields["facts"]
    assert fields["matter"] == "翠岭铸造有限公司事故隐患整改"
    assert hazard.number in fields["facts"]
    assert fields["level"] == "city"
    assert {one.code for one in kinds()["supervise_letter"].required} <= set(fields)


def test_a_recheck_takes_the_problems_of_its_order(town: City) -> None:
    with clock.at(NOON):
        hazard = town.accepted()
        with scope.acting(town.regulator):
            grounds = grounds_of("hazard", hazard.pk)
            order: dict[str, Any] = {"problems": [{"text": grounds.problems[0].text}, {"text": "另一问题"}]}
            fields = filled("recheck_opinion", grounds, town.regulator, follows=order)
    assert [row["result"] for row in fields["results"]] == ["mended", "not_mended"]
    assert fields["opinion"].startswith("第2项未整改到位")


def test_a_decision_says_what_its_notice_announced(town: City) -> None:
    notice = {
        "penalty": "罚款人民币贰万元。",
        "fine": 2_000_000,
        "facts": "未设安全装置。",
        "ground": "《安全生产法》第一百零二条",
    }
    with clock.at(NOON):
        hazard = town.rectifying()
        with scope.acting(town.regulator):
            fields = filled("penalty_decision", grounds_of("hazard", hazard.pk), town.regulator, follows=notice)
    assert {code: fields[code] for code in notice} == notice
    assert fields["uscc"] == town.enterprise.uscc
    assert fields["due"] == "2026-09-29"


def test_another_county_and_an_unknown_record_give_no_grounds(town: City) -> None:
    hazard = town.rectifying()
    with scope.acting(town.n_regulator):
        for kind, record in (("hazard", hazard.pk), ("hazard", uuid4()), ("nothing", hazard.pk)):
            with pytest.raises(NotFound):
                grounds_of(kind, record)
