"""What a card makes of figures: the sum is that of the lines, weights make a hundred, caps and vetoes hold, whatever is given."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.assessments.cards import SHIPPED, shipped
from anlan.assessments.measures import measures
from anlan.assessments.scoring.card import CardError, parse, plain, read_card
from anlan.assessments.scoring.computing import Figure, Given, Inputs, by_group, compute
from tests.assessments.conftest import short_card

CARD = read_card(short_card())
CENTS = st.integers(0, 10000).map(lambda cents: Decimal(cents) / 100)
FIGURES = st.integers(0, 2000).flatmap(
    lambda whole: st.builds(Figure, whole=st.just(whole), part=st.integers(0, whole))
)
GIVEN = st.builds(Given, points=CENTS)


def everything(card: Any) -> st.SearchStrategy[Inputs]:
    cases = [code for code in card.named if card.kind(code)]
    return st.builds(
        Inputs,
        figures=st.dictionaries(st.sampled_from(card.measures), FIGURES),
        given=st.dictionaries(st.sampled_from(list(card.items)), GIVEN),
        cases=st.dictionaries(st.sampled_from(cases), st.integers(1, 40)),
        decided=st.dictionaries(st.sampled_from(list(card.items)), GIVEN),
    )


@pytest.mark.parametrize("card", [CARD, *(shipped(code) for code in SHIPPED)], ids=["short", *SHIPPED])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_sum_is_that_of_its_lines(card: Any, data: Any) -> None:
    inputs = data.draw(everything(card))
    result = compute(card, inputs)
    assert result.total == sum((line.points for line in result.lines), Decimal(0))
    assert 0 <= result.total <= 100 + card.bonus_most
    assert all(0 <= line.points <= line.most for line in result.lines if line.kind in ("item", "bonus"))
    bonus = sum((line.points for line in result.lines if line.kind in ("bonus", "bonus_cut")), Decimal(0))
    assert 0 <= bonus <= card.bonus_most
    for veto in card.veto:
        if inputs.cases.get(veto.code):
            assert veto.at_most is None or result.total <= veto.at_most
            if veto.grade:
                order = [one.code for one in card.grade]
                assert order.index(result.grade) >= order.index(veto.grade)
    assert compute(card, Inputs.read(inputs.stored())).stored() == result.stored()
    assert sum(by_group(card, result.stored()).values()) == sum(line.points for line in result.lines if line.group)


@given(one=FIGURES, better=st.integers(0, 100))
def test_a_better_figure_never_earns_less(one: Figure, better: int) -> None:
    more = Figure(part=min(one.part + better, one.whole), whole=one.whole)
    for card in (CARD, *(shipped(code) for code in SHIPPED)):
        low, high = (compute(card, Inputs(figures=dict.fromkeys(card.measures, figure))) for figure in (one, more))
        assert low.total <= high.total


@pytest.mark.parametrize(
    ("figure", "points"),
    [
        (Figure(part=0, whole=0), 15), (Figure(part=7, whole=7), 15), (Figure(part=6, whole=7), 12),
        (Figure(part=2, whole=7), 0), (Figure(part=0, whole=500), 0),
    ],
)  # fmt: skip
def test_a_formula(figure: Figure, points: int) -> None:
    """Three points for each that was late, none below nought; with nothing due, all of them."""
    card = shipped("district")
    lines = compute(card, Inputs(figures={"major_in_time": figure})).lines
    assert next(line for line in lines if line.code == "major_in_time").points == points


@pytest.mark.parametrize(
    ("part", "points"), [(20, "12"), (19, "10"), (18, "7"), (17, "4"), (16, "4"), (15, "0"), (0, "0")]
)
def test_bands(part: int, points: str) -> None:
    lines = compute(shipped("district"), Inputs(figures={"directives_in_time": Figure(part=part, whole=20)})).lines
    assert plain(next(line for line in lines if line.code == "tasks_in_time").points) == points


def test_a_rate_is_rounded_to_hundredths() -> None:
    lines = compute(CARD, Inputs(figures={"directives_in_time": Figure(part=2, whole=3)})).lines
    assert lines[0].points == 20
    lines = compute(CARD, Inputs(figures={"directives_in_time": Figure(part=1, whole=7)})).lines
    assert lines[0].points == Decimal("4.29")


def test_what_was_not_given_earns_nothing_and_says_so() -> None:
    result = compute(CARD, Inputs())
    assert result.total == Decimal("17.5")  # nobody was criticised
    assert [line.facts["by"] for line in result.lines] == ["nothing"] * 4 + ["deduct"]


def test_a_veto_that_lowers_nothing_bars_nothing() -> None:
    result = compute(CARD, Inputs(cases={"falsified": 1}))
    assert (result.grade, result.barred) == ("failed", "")
    full = {"directives_in_time": Figure(part=1, whole=1), "major_in_time": Figure(part=1, whole=1)}
    best = Inputs(figures=full, given={"visits": Given(points=Decimal(20)), "training": Given(points=Decimal("12.5"))})
    assert (compute(CARD, best).total, compute(CARD, best).grade) == (100, "excellent")
    barred = compute(CARD, Inputs(figures=full, given=best.given, cases={"falsified": 1}))
    assert (barred.total, barred.grade, barred.barred) == (100, "failed", "falsified")


@pytest.mark.parametrize("code", SHIPPED)
def test_what_is_shipped_is_whole_and_known(code: str) -> None:
    card = read_card(shipped(code).stored(), measures=frozenset(measures))
    assert card == shipped(code)
    assert sum(item.weight for item in card.items.values()) == 100
    assert all(one.mark != "V" for one in card.named.values())  # nobody verified these weights


def _with(**over: Any) -> dict[str, Any]:
    """The short card with its first item otherwise."""
    card = short_card()
    card["group"][0]["item"][0] |= over
    return card


@pytest.mark.parametrize(
    ("card", "place"),
    [
        (_with(weight=29), "group"),
        (_with(weight=0), "group.work.item.tasks.weight"),
        (_with(weight="30.001"), "group.work.item.tasks.weight"),
        (_with(code="major"), "major"),
        (_with(measure=""), "tasks"),
        (_with(measure="wind_speed"), "tasks"),
        (_with(formula="most +"), "tasks"),
        (_with(formula="'ten'"), "tasks"),
        (_with(formula="[1, 2].map(x, x)"), "tasks"),
        (_with(formula="most - wind"), "tasks"),
        (_with(formula="most", bands=[{"rate": 90, "points": 1}]), "tasks"),
        (_with(bands=[{"rate": 90, "points": 1}, {"rate": 95, "points": 2}]), "tasks"),
        (_with(bands=[{"rate": 90, "points": 31}]), "tasks"),
        (_with(way="hand"), "tasks"),
        (_with(way="deduct", measure="", per_case=0), "tasks"),
        (_with(colour="red"), "group.work.item.tasks.colour"),
        (short_card(veto=[{"code": "x", "zh": "无", "en": "none"}]), "x"),
        (short_card(veto=[{"code": "x", "zh": "无", "en": "none", "grade": "unheard"}]), "x"),
        (short_card(bonus=[{"code": "x", "zh": "无", "en": "none", "per_case": 3, "cap": 2}]), "x"),
        (short_card(grade=[{"code": "a", "zh": "甲", "en": "a", "points": 60}, {"code": "b", "zh": "乙", "en": "b", "points": 5}]), "grade"),
        (short_card(grade=[{"code": "a", "zh": "甲", "en": "a", "points": 0}, {"code": "b", "zh": "乙", "en": "b", "points": 60}]), "grade"),
    ],
)  # fmt: skip
def test_a_wrong_card_is_refused_with_its_place(card: dict[str, Any], place: str) -> None:
    with pytest.raises(CardError) as refused:
        read_card(card, measures=frozenset(measures))
    assert place in {where for where, _reason in refused.value.faults}


def test_an_office_reads_in_chinese_what_is_wrong() -> None:
    with override("zh-hans"), pytest.raises(CardError) as refused:
        read_card(_with(bands="95-10", weight="30.001", code="Tasks"))
    assert dict(refused.value.faults) == {
        "group.work.item.Tasks.bands": "请按“95:10; 90:8”的格式填写分档。",
        "group.work.item.Tasks.code": "请使用小写字母a至z、数字、“_”或“-”。",
        "group.work.item.Tasks.weight": "最多 2 位小数。",
    }


def test_broken_toml_is_refused() -> None:
    with pytest.raises(CardError):
        parse("code = ")
