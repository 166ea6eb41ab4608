"""The separation of duties binds the person, in whatever post; and what comes late or from another year."""

from datetime import date, timedelta

import pytest

from anlan.assessments import actions
from anlan.assessments.scoring.card import CardError, read_card
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid, NotNow
from anlan.kernel.ids import new_id
from tests.assessments.conftest import IN_DECEMBER, IN_JANUARY, Yearly, short_card
from tests.factories import CITY, COUNTY

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_january")]


def also(yearly: Yearly, who: str, unit: str, region: int) -> str:
    """A second post of the same person, in another unit's office."""
    with scope.acting(SYSTEM):
        post = Post.objects.create(
            id=new_id(), person_id=yearly.posts[who].person_id, role=roles.OFFICE, region=region, industries=-1,
            organisation=yearly.units[unit], valid_from=date(2020, 1, 1), created_at=clock.now(),
        )  # fmt: skip
    yearly.actors[name := f"{who} at {unit}"] = actor_for(post)
    return name


def test_whoever_scored_an_item_for_the_unit_does_not_check_it(yearly: Yearly) -> None:
    both = also(yearly, "county", "city", CITY)
    record = yearly.of("county")
    with clock.at(IN_DECEMBER):
        for item in ("visits", "training"):
            yearly.do("county", record, "score", item=item, points=10)
        yearly.do("county2", record, "hand_in")  # another hands in what the first scored
    for step, data in (
        ("examine", {"item": "visits", "points": 20, "words": "很好。"}),
        ("mark", {"code": "commended", "words": "全省推广。", "document": "1号"}),
        ("check", {}),
    ):
        with pytest.raises(NotNow) as refused:
            yearly.do(both, record, step, **data)
        assert "acted for this unit" in str(refused.value.detail)


def test_whoever_appealed_does_not_decide_on_it(yearly: Yearly) -> None:
    both = also(yearly, "county3", "city", CITY)
    record = yearly.do("county3", yearly.notified("county"), "appeal", items=["visits"], words="请复核两次记录。")
    change = {"item": "visits", "points": 20, "reason": "看着不错。"}
    with pytest.raises(NotNow):
        yearly.do(both, record, "decide", changes=[change], reason="予以采纳。")
    assert yearly.do("city2", record, "decide", reason="维持核查结果。").state == "decided"


def test_whoever_checked_does_not_agree_for_the_unit(yearly: Yearly) -> None:
    both = also(yearly, "city", "county", COUNTY)
    record = yearly.notified("county")
    for step, data in (("agree", {}), ("appeal", {"words": "请复核两次记录。"})):
        with pytest.raises(NotNow):
            yearly.do(both, record, step, **data)


def test_a_case_of_another_year_does_not_count(yearly: Yearly) -> None:
    record = yearly.scored("county")
    case = {"code": "criticised", "words": "被市安委会通报批评。", "document": "通报7号"}
    for day in (date(2024, 12, 31), date(2026, 1, 1)):
        with pytest.raises(Invalid) as refused:
            yearly.do("city", record, "mark", on=day, **case)
        assert "on" in refused.value.fields
    yearly.do("city", record, "mark", on=date(2025, 12, 31), **case)


def test_a_unit_that_joins_late_has_time_to_score_itself(yearly: Yearly) -> None:
    office = yearly.actors["city"]
    with scope.acting(SYSTEM):
        late = Organisation.objects.create(
            id=new_id(), name="新设开发区", kind="committee", region=COUNTY, industries=0
        )

    def join(until: date) -> None:
        with scope.acting(office):
            actions.open_round(actor=office, data={"card": yearly.card.pk, "units": [late.pk], "self_by": until})

    with pytest.raises(Invalid) as refused:
        join(clock.today() - timedelta(days=1))
    assert "self_by" in refused.value.fields
    join(clock.today() + timedelta(days=5))
    yearly.units["late"] = late
    record = yearly.of("late")
    assert record.self_by == clock.day_of(IN_JANUARY) + timedelta(days=5)
    with pytest.raises(NotNow):
        yearly.do("city", record, "go_on", reason="逾期未报自评。")
    assert yearly.of("county").self_by == date(2025, 12, 31)  # the others' day stays


def test_a_card_may_not_take_the_name_of_a_line_of_the_platform() -> None:
    card = short_card()
    card["group"][0]["item"][0]["code"] = "bonus_most"
    with pytest.raises(CardError) as refused:
        read_card(card)
    assert [place for place, _reason in refused.value.faults] == ["bonus_most"]
