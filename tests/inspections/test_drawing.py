"""The rule of a draw: the same result from its record alone, for all time, and nobody goes who must not."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.inspections import drawing
from tests.inspections.lots import published


def test_the_result_is_known_for_all_time() -> None:
    """Computed apart from this program with `sha256sum` and `sort`; another result means that published draws cannot be replayed."""
    assert [(one["enterprise"], one["officers"]) for one in drawing.draw(published())] == GOLDEN


GOLDEN = [
    ("e1", ["p3", "p0"]),
    ("e9", ["p1", "p5"]),
    ("e3", ["p2", "p6"]),
    ("e12", ["p0", "p1"]),
    ("e16", ["p7", "p3"]),
    ("e15", ["p6", "p3"]),
]


@given(seed=st.text(min_size=1, max_size=40), order=st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(seed: str, order: Any) -> None:
    plain, shuffled = published(seed=seed), deepcopy(published(seed=seed))
    order.shuffle(shuffled["enterprises"])
    order.shuffle(shuffled["officers"])
    assert drawing.draw(plain) == drawing.draw(shuffled)


@given(
    seed=st.text(min_size=1, max_size=20),
    away=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 19)), max_size=60),
    most=st.integers(1, 4),
    abroad=st.booleans(),
)
def test_nobody_goes_who_must_not(seed: str, away: set[tuple[int, int]], most: int, abroad: bool) -> None:
    pairs = [{"officer": f"p{p}", "enterprise": f"e{e}", "reason": "kin"} for p, e in sorted(away)]
    asked = {"enterprises": 6, "officers_each": 2, "most_each_officer": most, "other_region": abroad}
    result = drawing.draw(published(seed=seed, avoidances=pairs, asked=asked))
    assert len({one["enterprise"] for one in result}) == 6
    everybody = [officer for one in result for officer in one["officers"]]
    assert all(everybody.count(officer) <= most for officer in everybody)
    for one in result:
        assert len(one["officers"]) == len(set(one["officers"])) <= 2
        for officer in one["officers"]:
            assert (int(officer[1:]), int(one["enterprise"][1:])) not in away
            assert not abroad or int(officer[1:]) % 2 == 0
        if len(one["officers"]) < 2:
            assert len(one["passed_over"]) == 8 - len(one["officers"]), "whoever could go was taken"


def test_every_enterprise_is_drawn_about_as_often() -> None:
    counts = dict.fromkeys((f"e{n}" for n in range(20)), 0)
    for seed in range(400):
        for one in drawing.draw(published(seed=str(seed))):
            counts[one["enterprise"]] += 1
    assert sum(counts.values()) == 2400
    assert all(80 <= count <= 160 for count in counts.values()), counts  # 120 expected, 4 standard deviations


@pytest.mark.parametrize(
    "wrong", [{"rule": "other"}, {"seed": None, "enterprises": 3}, {"asked": {}}, {"officers": [{}]}]
)
def test_what_is_no_draw_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(drawing.NotADrawError):
        drawing.draw(published(**wrong))


def test_draws_of_the_first_rule_are_done_again_and_told_apart() -> None:
    old = published(rule=drawing.FIRST_RULE)
    record = {"published": old, "result": drawing.draw(old), "digest": drawing.digest(old)}
    found = drawing.replay(record)
    assert (found.same, found.bound) == (True, False)
    with pytest.raises(drawing.NotADrawError):  # no announcement, no head: not the second rule
        drawing.replay(record | {"published": published()})
