"""The loop's rules as data: what a city may set, what is refused, and that each setting is obeyed."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.hazards import rulings
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declared
from anlan.kernel.errors import Invalid
from tests.factories import COUNTY, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
OURS = {key: one for key, one in declared.items() if key.startswith("hazards.")}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["days", "to", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def put(key: str, new: Any) -> None:
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key=key, region=COUNTY, new=new)


def test_each_default_satisfies_its_own_check_and_has_a_mark() -> None:
    for key, one in OURS.items():
        assert one.check(one.default) is None, key
        assert one.evidence in {"V", "B", "B+", "W", "S0", "K"}
        assert str(one.label)


@given(st.sampled_from(sorted(OURS)), anything)
def test_no_value_breaks_the_check(key: str, new: Any) -> None:
    reason = OURS[key].check(new)
    assert reason is None or str(reason)


@pytest.mark.parametrize(
    "ladder",
    [
        [], [{"days": 1, "to": "county_office"}], [{"days": 0, "to": "nobody"}], [{"days": True, "to": "waited_for"}],
        [{"days": 0, "to": "waited_for"}, {"days": 0, "to": "city_office"}], [{"days": 3}, {"days": 0, "to": "waited_for"}],
        [{"days": 0, "to": "waited_for"}, {"days": 100_000, "to": "city_office"}], [{"days": 0, "to": ["waited_for"]}],
        [{"days": 0, "to": "waited_for", "more": 1}], {"days": 0, "to": "waited_for"}, "0",
    ],
)  # fmt: skip
def test_a_ladder_that_cannot_be_climbed_is_refused(ladder: Any) -> None:
    with pytest.raises(Invalid):
        put("hazards.ladder", ladder)


@pytest.mark.parametrize(
    "signers", [[], ["inspector"], ["principal", "principal"], ["principal", "mayor"], [["principal"]], "principal"]
)
def test_signers_that_cannot_sign_are_refused(signers: Any) -> None:
    with pytest.raises(Invalid):
        put("hazards.signers.county", signers)


def test_who_must_sign_follows_the_city(city: City) -> None:
    put("hazards.signers.county", ["county_leader", "principal"])
    hazard = city.dispatched()
    assert hazard.required_signers == ["county_leader", "principal"]
    assert city.sign(city.leader, city.sign(city.principal, hazard)).state == "claimed"


def test_a_hazard_dispatched_before_keeps_its_signers(city: City) -> None:
    hazard = city.dispatched()
    put("hazards.signers.county", ["county_leader", "principal"])
    assert city.sign(city.inspector, city.sign(city.principal, hazard)).state == "claimed"


LIMITED = {
    "found": "dispatch",
    "dispatched": "sign",
    "disputed": "arbitrate",
    "rectified": "recheck",
    "accepted": "close",
}


@pytest.mark.parametrize("state", LIMITED)
def test_each_limit_is_the_citys(city: City, state: str) -> None:
    put(f"hazards.days.{LIMITED[state]}", 7)
    hazard = city.in_state(state)
    assert hazard.due_at == working_days().add(hazard.state_since, 7)


@pytest.mark.parametrize(
    ("grade", "key"), [("general", "hazards.days.plan.general"), ("major", "hazards.days.plan.major")]
)
def test_the_time_to_plan_is_the_citys(city: City, grade: str, key: str) -> None:
    put(key, 6)
    hazard = city.claimed(grade=grade)
    assert hazard.due_at == working_days().add(hazard.state_since, 6)


def test_the_number_of_officers_is_the_citys(city: City) -> None:
    put("hazards.major.officers", 1)
    hazard = city.rectified(grade="major")
    with scope.acting(city.inspector2):
        photos = [city.photo(city.inspector2)]
    assert (
        city.do(city.inspector2, hazard, "recheck", passed=True, remark="现场合格。", photos=photos).state == "accepted"
    )


def test_how_early_a_listed_hazard_asks_is_the_citys(city: City) -> None:
    put("hazards.days.extension.listed", 5)
    hazard = city.do(city.office, city.rectifying(grade="major"), "list", level="county")
    due = hazard.rectify_due + timedelta(days=10)
    assert city.do(city.principal, hazard, "ask_extension", due=due, reason="备件未到货").asked_due == due


def test_the_ladder_is_the_citys(city: City) -> None:
    put("hazards.ladder", [{"days": 0, "to": "waited_for"}, {"days": 2, "to": "city_office"}])
    hazard = city.found()
    with scope.acting(SYSTEM):
        rungs = HAZARD.ladder(Hazard.objects.get(pk=hazard.pk))
    assert [(rung.level, rung.days, rung.step) for rung in rungs] == [(1, 0, "fall_due"), (2, 2, "escalate")]
    assert rulings.recipients_of(hazard, 2) == "city_office"
    assert clock.now() < hazard.due_at


def test_each_setting_is_read_somewhere() -> None:
    folder = Path(rulings.__file__).parent
    names = {name for name, one in vars(rulings).items() if isinstance(one, citysettings.Declared)}
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    assert {name for name in names if len(re.findall(rf"\b{name}\b", text)) < 2} == set()
