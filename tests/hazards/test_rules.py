"""Who may, asked of the predicates themselves over actors that the small city does not have."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.hazards import rules
from anlan.hazards.steps.finding import place_key
from anlan.identity import roles
from anlan.kernel.actor import CLOCK, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.flow.clock_steps import is_clock
from anlan.kernel.ids import new_id
from tests.factories import CITY, COUNTY, NEIGHBOUR, TOWN

ENTERPRISE, PERSON = new_id(), new_id()
PREDICATES = {
    name: one for name, one in vars(rules).items() if hasattr(one, "test") and hasattr(one, "predicates")
}  # fmt: skip


def hazard(**over: Any) -> Any:
    facts = {
        "region": TOWN, "county": COUNTY, "industry_bit": 0, "enterprise_id": ENTERPRISE, "responsible_id": ENTERPRISE,
        "finder_id": PERSON, "finder_region": COUNTY, "required_signers": [], "round": 1, "version": 1,
        "round_kept": (1, []),
    } | over  # fmt: skip
    return SimpleNamespace(**facts)


def official(role: str, region: int, industries: int = -1) -> Actor:
    return Actor(person=new_id(), role=role, region=region, regions=(subtree(region),), industries=industries)


territories = st.sampled_from([CITY, COUNTY, TOWN, NEIGHBOUR])
masks = st.sampled_from([-1, 0b1, 0b10, 0])
roles_of_all = st.sampled_from(sorted(roles.ROLES))


@given(role=roles_of_all, region=territories, industries=masks)
def test_nobody_outside_territory_and_field_may_anything(role: str, region: int, industries: int) -> None:
    actor = official(role, region, industries)
    if actor.covers(TOWN, 0):
        return
    for kinds in ([], ["principal", "inspector", "group_leader", "county_leader"]):
        may = {name for name, test in PREDICATES.items() if test(actor, hazard(required_signers=kinds))}
        assert may == set()


@given(role=roles_of_all)
def test_enterprise_posts_may_only_for_their_own(role: str) -> None:
    own = Actor(person=new_id(), role=role, enterprises=(ENTERPRISE,))
    other = Actor(person=new_id(), role=role, enterprises=(new_id(),))
    assert rules.is_responsible(own, hazard()) is (role in roles.ENTERPRISE_POSTS)
    for name, test in PREDICATES.items():
        assert not test(other, hazard(required_signers=["principal"])), name


def test_an_enterprise_answers_for_nothing_before_dispatch() -> None:
    nobody = Actor(person=new_id(), role=roles.PRINCIPAL, enterprises=())
    assert not rules.is_responsible(nobody, hazard(responsible_id=None))
    assert not rules.may_register(nobody, hazard(enterprise_id=None))


@pytest.mark.parametrize(
    "role", sorted({roles.AUDITOR, roles.LEADER, roles.CITIZEN, *roles.INTAKE, *roles.ADMINISTRATORS})
)
def test_posts_that_only_read_may_nothing_though_they_found_it(role: str) -> None:
    actor = Actor(person=PERSON, role=role, region=COUNTY, regions=(subtree(COUNTY),), industries=-1)
    assert {name for name, test in PREDICATES.items() if test(actor, hazard())} == set()


@pytest.mark.parametrize(
    ("finder_region", "arbiter", "may"),
    [(COUNTY, COUNTY, True), (COUNTY, CITY, True), (CITY, COUNTY, False), (CITY, CITY, True), (TOWN, COUNTY, True),
     (None, COUNTY, True)],
)  # fmt: skip
def test_an_arbiter_is_at_the_finders_level_or_above(finder_region: int | None, arbiter: int, *, may: bool) -> None:
    assert rules.is_above_finder(official(roles.REGULATOR, arbiter), hazard(finder_region=finder_region)) is may


def test_each_required_signature_has_one_kind_of_post() -> None:
    kinds = list(rules.SIGNER_ROLES)
    found = {role: rules.signer_of(official(role, COUNTY), hazard(required_signers=kinds)) for role in roles.ROLES}
    assert {role: kind for role, kind in found.items() if kind} == {
        roles.INSPECTOR: "inspector", roles.GROUP_LEADER: "group_leader", roles.LEADER: "county_leader"
    }  # fmt: skip
    principal = Actor(person=new_id(), role=roles.PRINCIPAL, enterprises=(ENTERPRISE,))
    assert rules.signer_of(principal, hazard(required_signers=kinds)) == "principal"
    signed = hazard(required_signers=kinds, round_kept=(1, [("principal", new_id(), False)]))
    assert rules.signer_of(principal, signed) is None


def test_only_the_platform_is_the_clock() -> None:
    assert is_clock(CLOCK, hazard())
    assert not any(is_clock(official(role, CITY), hazard()) for role in roles.ROLES)


@given(st.text(max_size=60))
def test_a_place_is_compared_without_width_space_and_punctuation(place: str) -> None:
    key = place_key(place)
    assert place_key(f" {place}。") == key or len(key) == 200
    assert place_key(key) == key
    assert place_key("３号炉　西侧（下）") == place_key("3号炉西侧下")
