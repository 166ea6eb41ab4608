"""What a setting may be: the checks that the rooms' settings share."""

from typing import Any

import pytest

from anlan.kernel.rulings import days, ladder_to, rungs, some_of, whole

LADDER = [{"days": -1, "to": "owner"}, {"days": 0, "to": "owner"}, {"days": 3, "to": "office"}]


@pytest.mark.parametrize(
    ("found", "stands"), [(1, True), (250, True), (0, False), (251, False), (True, False), ("2", False)]
)
def test_working_days_are_whole_and_bounded(found: Any, stands: bool) -> None:
    assert (days(found) is None) is stands


def test_bounds_without_words_of_their_own_are_named() -> None:
    assert "6" in str(whole(2, 6)(7))
    assert whole(2, 6, "2 to 6.")(1) == "2 to 6."


@pytest.mark.parametrize(
    ("found", "stands"),
    [
        (["a", "b"], True),
        (["a"], True),
        (["b"], False),
        (["a", "a"], False),
        (["a", "c"], False),
        ([], False),
        (["a", {}], False),
        ("a", False),
    ],
)
def test_a_list_of_codes_holds_known_ones_once_and_the_one_that_always_stands(found: Any, stands: bool) -> None:
    judge = some_of(["a", "b"], "no", always="a")
    assert judge(found) == (None if stands else "no")


def test_a_list_may_be_empty_where_that_is_said() -> None:
    assert some_of(["a"], "no")([]) == "no"
    assert some_of(["a"], "no", none=True)([]) is None


@pytest.mark.parametrize(
    "found",
    [
        {"days": 0, "to": "owner"},
        [{"days": 1, "to": "owner"}],
        [{"days": 0, "to": "nobody"}],
        [{"days": 0, "to": []}],
        [{"days": 0, "to": "owner", "by": "mail"}],
        [{"days": 0, "to": "owner"}, {"days": 0, "to": "office"}],
        [{"days": 3, "to": "owner"}, {"days": 0, "to": "office"}],
        [{"days": True, "to": "owner"}, {"days": 0, "to": "owner"}],
        [{"days": 0, "to": "owner"}, {"days": 251, "to": "owner"}],
    ],
)
def test_a_ladder_rises_through_the_due_day_to_known_recipients(found: Any) -> None:
    judge = ladder_to({"owner": "who owns it", "office": "the office"})
    assert judge(LADDER) is None
    assert judge(found)


def test_rungs_remind_before_fall_due_and_escalate_after() -> None:
    assert [(one.level, one.days, one.step) for one in rungs(LADDER)] == [
        (1, -1, "remind"),
        (2, 0, "fall_due"),
        (3, 3, "escalate"),
    ]
    assert {one.step for one in rungs(LADDER, lambda _days: "press")} == {"press"}
