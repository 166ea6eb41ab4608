"""What a report earns: the amount and every line, from values alone."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.rewards.computing import Case, Computation, Limits, Rule, compute, data, rule_for

DAY = date(2026, 11, 2)
MAJOR = Rule(
    code="major", grade="major", formula="share", share_permille=150, least_fen=300_000, most_fen=30_000_000,
    employee_uplift_permille=200, from_day=date(2018, 1, 4),
)  # fmt: skip
GENERAL = Rule(
    code="general", grade="general", amount_fen=30_000, employee_uplift_permille=200, from_day=date(2018, 1, 4)
)
OTHER = Rule(code="ungraded", amount_fen=20_000, from_day=date(2018, 1, 4))
RULES = (MAJOR, GENERAL, OTHER)
FREE = Limits()


def case(**over: Any) -> Case:
    found: dict[str, Any] = {"day": DAY, "territories": (141002001000, 141002000000, 141000000000), "category": "fire_exit", "grade": "general"}  # fmt: skip
    return Case(**(found | over))


def codes(found: Computation) -> list[str]:
    return [line.code for line in found.lines]


def test_a_fixed_amount_with_what_was_looked_at() -> None:
    found = compute(case(), RULES, FREE)
    assert (found.fen, found.excluded, found.rule) == (30_000, "", GENERAL)
    assert codes(found) == ["fixed", "duty", "known", "first", "once", "kin", "penalised", "malicious"]
    assert all(line.evidence in {"V", "B", "B+", "W", "K"} for line in found.lines)


@pytest.mark.parametrize(
    ("fine", "fen"),
    [(None, 300_000), (0, 300_000), (1_999_999, 300_000), (2_000_000, 300_000), (10_000_000, 1_500_000),
     (200_000_000, 30_000_000), (900_000_000, 30_000_000)],
)  # fmt: skip
def test_a_share_of_the_fine_lies_between_its_bounds(fine: int | None, fen: int) -> None:
    assert compute(case(grade="major", fine_fen=fine), RULES, FREE).fen == fen


def test_the_uplift_needs_the_real_name_and_keeps_the_bound() -> None:
    assert compute(case(employee=True, real_name=True), RULES, FREE).fen == 36_000
    nameless = compute(case(employee=True), RULES, FREE)
    assert nameless.fen == 30_000
    assert "uplift_no_name" in codes(nameless)
    most = compute(case(grade="major", fine_fen=200_000_000, employee=True, real_name=True), RULES, FREE)
    assert most.fen == 30_000_000
    assert codes(most)[:3] == ["share", "uplift", "most"]


@pytest.mark.parametrize(
    ("over", "why"),
    [({"on_duty": True}, "duty"), ({"known_before": "YH-1"}, "known"), ({"reported_before": "SP-1"}, "first"), ({"rewarded_before": "SP-2"}, "once"), ({"stated": ("kin",)}, "kin"),
     ({"stated": ("penalised",)}, "penalised"), ({"stated": ("malicious",)}, "malicious")],
)  # fmt: skip
def test_what_is_excluded_earns_nothing_and_says_why(over: dict[str, Any], why: str) -> None:
    found = compute(case(**over), RULES, FREE)
    assert (found.fen, found.excluded) == (0, why)
    assert found.lines[-1].code == why


def test_anonymous_reports_where_the_city_does_not_reward_them() -> None:
    assert compute(case(anonymous=True), RULES, Limits(anonymous=False)).excluded == "anonymous"
    assert compute(case(anonymous=True), RULES, FREE).fen == 30_000


@pytest.mark.parametrize(
    ("earned", "fen", "effect"), [(0, 30_000, "ok"), (70_000, 30_000, "ok"), (80_000, 20_000, "cuts"), (100_000, 0, "stops"), (140_000, 0, "stops")],
)  # fmt: skip
def test_the_cap_a_person_cuts_or_ends_it(earned: int, fen: int, effect: str) -> None:
    found = compute(case(earned_month_fen=earned), RULES, Limits(month_fen=100_000))
    assert found.fen == fen
    assert next(line.effect for line in found.lines if line.code == "cap_month") == effect
    assert found.excluded == ("cap_month" if effect == "stops" else "")


def test_a_share_of_a_fine_is_not_cut_by_the_cap_for_small_amounts() -> None:
    found = compute(case(grade="major", earned_month_fen=100_000), RULES, Limits(month_fen=100_000))
    assert found.fen == 300_000
    assert "cap_month" not in codes(found)
    assert compute(case(grade="major", earned_year_fen=900_000), RULES, Limits(year_fen=1_000_000)).fen == 100_000


def test_of_somebody_unknown_no_cap_can_be_counted_and_it_is_said() -> None:
    found = compute(case(earned_month_fen=None), RULES, Limits(month_fen=100))
    assert found.fen == 30_000
    assert "cap_month_unknown" in codes(found)


def test_the_closest_territory_and_then_the_most_particular_rule_wins() -> None:
    city = Rule(code="city", region=141000000000, amount_fen=1, from_day=DAY)
    county = Rule(code="county", region=141002000000, amount_fen=2, from_day=DAY)
    neighbour = Rule(code="neighbour", region=141021000000, amount_fen=3, from_day=DAY)
    kind = Rule(code="kind", region=141002000000, categories=("fire_exit",), amount_fen=4, from_day=DAY)
    assert rule_for(case(), (*RULES, city)) == city
    assert rule_for(case(), (*RULES, city, county, neighbour)) == county
    assert rule_for(case(), (*RULES, city, county, kind)) == kind
    assert rule_for(case(category="other"), (*RULES, kind)) == GENERAL


def test_the_version_in_force_on_the_day_counts() -> None:
    old = Rule(code="old", amount_fen=1, from_day=date(2020, 1, 1), to_day=date(2024, 12, 31))
    new = Rule(code="new", amount_fen=2, from_day=date(2025, 1, 1))
    for day, rule in ((date(2019, 12, 31), None), (date(2020, 1, 1), old), (date(2024, 12, 31), old), (date(2025, 1, 1), new)):  # fmt: skip
        assert rule_for(case(day=day), (old, new)) == rule
    nothing = compute(case(day=date(2019, 1, 1)), (old, new), FREE)
    assert (nothing.fen, nothing.excluded) == (0, "no_rule")


def test_every_ground_of_the_shipped_data_has_a_mark() -> None:
    assert all(one["evidence"] in {"V", "B", "B+", "W", "K"} for one in (*data()["rules"], *data()["grounds"].values()))
    assert all(one["basis"] for one in data()["rules"])


@given(
    fine=st.none() | st.integers(0, 10**12),
    grade=st.sampled_from(["major", "general", ""]),
    employee=st.booleans(),
    named=st.booleans(),
    earned=st.none() | st.integers(0, 10**9),
    cap=st.integers(0, 10**7),
)
def test_an_amount_is_never_negative_never_above_its_bounds(
    fine: int | None, grade: str, employee: bool, named: bool, earned: int | None, cap: int
) -> None:
    found = compute(
        case(fine_fen=fine, grade=grade, employee=employee, real_name=named, earned_month_fen=earned), RULES, Limits(month_fen=cap)
    )  # fmt: skip
    assert 0 <= found.fen <= 30_000_000
    assert found.fen == found.lines[-1].fen
    assert bool(found.excluded) <= (found.fen == 0)
    if cap and earned is not None and grade != "major":
        assert found.fen <= max(cap - earned, 0)
