"""The ladder's last rung drafts the supervise letter: once a hazard and rung, to whoever regulates it, for a person to approve."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Instrument
from anlan.enforcement.values import missing
from anlan.hazards.models import Hazard
from anlan.identity.models import Organisation, Post
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ids import new_id
from anlan.kernel.models import CitySetting
from tests.factories import CITY, COUNTY, City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
START = datetime(2026, 9, 14, 4, tzinfo=UTC)
LATE = START + timedelta(days=60)
"""Eight weeks on, the due date of twenty days and seven working days are past."""


@pytest.fixture
def city() -> Iterator[City]:
    with clock.at(START):
        made = make_city()
        with scope.acting(SYSTEM):
            body = Organisation.objects.create(
                id=new_id(), name="工信局", kind="department", region=COUNTY, industries=1
            )
            Post.objects.filter(pk=made.posts["regulator"].pk).update(organisation=body)
            Organisation.objects.create(id=new_id(), name="县安委办", kind="committee", region=COUNTY)
        yield made


def letters(hazard: Hazard) -> list[Instrument]:
    with scope.acting(SYSTEM):
        return list(Instrument.objects.filter(source_type="hazard", source_id=hazard.pk).select_related("unit"))


def test_the_city_s_office_finds_a_whole_draft_to_the_regulating_body(city: City) -> None:
    hazard = city.rectifying()
    with clock.at(LATE):
        tick()
        (letter,) = letters(hazard)
        assert (letter.kind, letter.state, letter.issuer, letter.rung) == ("supervise_letter", "drafted", CITY, 5)
        assert letter.unit is not None
        assert letter.unit.name == "工信局"
        assert not missing(kinds()["supervise_letter"], letter.fields)
        assert hazard.number in letter.fields["facts"]
        with scope.acting(city.city_office):
            assert Instrument.objects.filter(pk=letter.pk).exists()
        for stranger in (city.regulator, city.n_office, city.principal):
            with scope.acting(stranger):
                assert not Instrument.objects.filter(pk=letter.pk).exists()


def test_before_the_last_rung_nothing_is_drafted(city: City) -> None:
    hazard = city.rectifying()
    due = datetime.combine(hazard.rectify_due, START.time(), UTC) + timedelta(days=4)  # type: ignore[arg-type]
    with clock.at(due):
        tick()
    with scope.acting(SYSTEM):
        assert Hazard.objects.get(pk=hazard.pk).level >= 3
    assert letters(hazard) == []


def test_a_second_climb_finds_the_open_letter(city: City) -> None:
    hazard = city.rectifying()
    with clock.at(LATE):
        tick()
        with scope.acting(city.safety_manager):
            photo = city.photo(city.safety_manager)
        city.do(
            city.safety_manager, hazard, "submit", measure_done="已装护罩。", finished_on=clock.today(), cost="1",
            photos=[photo],
        )  # fmt: skip
        city.do(city.inspector2, hazard, "recheck", passed=False, remark="护罩松动。", new_due=city.day(10))
    with clock.at(LATE + timedelta(days=40)):
        tick()
    assert len(letters(hazard)) == 1


def test_a_city_may_go_without(city: City) -> None:
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=CITY, key="enforcement.escalation", value=0, changed_at=clock.now())
    citysettings.forget()
    hazard = city.rectifying()
    with clock.at(LATE):
        tick()
    assert letters(hazard) == []


def test_without_a_body_of_the_regulator_the_county_s_office_is_written_to(city: City) -> None:
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=city.posts["regulator"].pk).update(organisation=None)
    hazard = city.rectifying()
    with clock.at(LATE):
        tick()
    (letter,) = letters(hazard)
    assert letter.unit is not None
    assert letter.unit.name == "县安委办"


def test_a_draft_nobody_touched_is_given_up_when_its_hazard_is_over(city: City) -> None:
    hazard = city.rectifying()
    with clock.at(LATE):
        tick()
        city.do(
            city.regulator,
            hazard,
            "transfer",
            authority="市场监督管理局",
            accepted_ref="收文2026-1号",
            reason="属特种设备职责。",
        )
        (letter,) = letters(hazard)
    assert letter.state == "discarded"
    assert hazard.number in letter.reason
