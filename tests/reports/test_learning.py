"""The learnt suggestion: right on reports it had not seen, as sure as it may be, silent where it knows nothing."""

from dataclasses import replace

import pytest

from anlan.reports.sorting.learning.grams import Told, features, spoken, told_lines
from anlan.reports.sorting.learning.measuring import FEWEST_ANSWERS, measure, trusted, worth
from anlan.reports.sorting.learning.model import Model, fit, unpack
from tests.reports.telling import NONSENSE, Heard, heard

BAR = 0.8


def _features(rows: list[Heard]) -> list[object]:
    return told_lines([Told(words=one.words, address=one.address, region=141002001000) for one in rows])  # type: ignore[return-value]


@pytest.fixture(scope="module")
def taught() -> Model:
    rows = heard(1000, seed=7)
    given, kinds = _features(rows), [one.kind for one in rows]
    return fit(given[:880], kinds[:880], given[880:], kinds[880:])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def later() -> list[Heard]:
    return heard(600, seed=99)


def test_it_is_right_far_more_often_than_the_commonest_guess(taught: Model, later: list[Heard]) -> None:
    figures = measure(taught, _features(later), [one.kind for one in later])  # type: ignore[arg-type]
    assert figures["right"] > 0.85
    assert figures["right"] > 3 * figures["commonest"]
    answered, right = worth(figures, BAR)
    assert answered > 0.6 * len(later)
    assert right / answered > 0.9
    assert trusted(figures, BAR)


def test_its_confidence_comes_true(taught: Model, later: list[Heard]) -> None:
    """In each band the share right is about what it said."""
    guesses = [(taught.guess(one).best, heard_.kind) for one, heard_ in zip(_features(later), later, strict=True)]  # type: ignore[arg-type]
    sure = [label == kind for (label, confidence), kind in guesses if confidence >= 0.9]
    unsure = [label == kind for (label, confidence), kind in guesses if confidence < 0.6]
    assert sum(sure) / len(sure) > 0.9
    assert not unsure or sum(unsure) / len(unsure) < 0.85


@pytest.mark.parametrize("text", NONSENSE)
def test_it_abstains_on_what_is_no_report(taught: Model, text: str) -> None:
    assert taught.guess(features(Told(words=text))).best[1] < BAR


def test_it_abstains_on_nothing_at_all(taught: Model) -> None:
    assert taught.guess(features(Told(words=""))).best[1] == 0
    assert taught.guess(features(Told(words="！？。"))).best[1] == 0


def test_the_words_that_spoke_stand_in_the_text(taught: Model) -> None:
    text = "小区单元门安全出口锁着推不开"
    given = features(Told(words=text, address="东街8号", region=141002001000))
    why = taught.spoke(given, taught.guess(given).best[0], text)
    assert why
    assert all(word in text for word in why)
    assert any("锁着" in word or "推不" in word or "出口" in word for word in why)


def test_packed_weights_are_small_and_say_the_same(taught: Model, later: list[Heard]) -> None:
    packed = taught.pack()
    assert len(packed) < 400_000
    again = unpack(taught.labels, packed)
    for one in _features(later[:20]):
        assert again.guess(one) == taught.guess(one)  # type: ignore[arg-type]


def test_learning_twice_gives_the_same() -> None:
    rows = heard(200, seed=3)
    given, kinds = _features(rows), [one.kind for one in rows]
    first, second = (fit(given[:170], kinds[:170], given[170:], kinds[170:]) for _time in range(2))  # type: ignore[arg-type]
    assert first.pack() == second.pack()


def test_what_was_taught_noise_is_not_trusted() -> None:
    """Labels that have nothing to do with the words: the held-out reports say so, and it is offered to nobody."""
    rows = heard(700, seed=11, wrong=1.0)
    given, kinds = _features(rows), [one.kind for one in rows]
    model = fit(given[:500], kinds[:500], given[500:560], kinds[500:560])  # type: ignore[arg-type]
    figures = measure(model, given[560:], kinds[560:])  # type: ignore[arg-type]
    assert figures["right"] < 0.35
    assert not trusted(figures, BAR)


def test_few_answers_are_an_accident_and_no_figure() -> None:
    figures = {"by_threshold": [{"at": 80, "answered": FEWEST_ANSWERS - 1, "right": FEWEST_ANSWERS - 1}]}
    assert not trusted(figures, BAR)
    figures = {"by_threshold": [{"at": 80, "answered": FEWEST_ANSWERS, "right": FEWEST_ANSWERS}]}
    assert trusted(figures, BAR)
    assert not trusted(figures, 0.85)  # nothing was measured there


def test_width_and_traditional_signs_are_the_same_words() -> None:
    def pairs(text: str) -> set[int]:
        return set(features(Told(words=text)).pairs)

    assert pairs("電動車在樓道充電") == pairs("电动车在楼道充电")
    assert pairs("ＬＰＧ气瓶") == pairs("lpg气瓶")


def test_places_and_kinds_are_features_without_words() -> None:
    told = Told(words="井盖没了", category="road", region=141002001000)
    silent = [gram for gram in features(told).grams if not spoken(gram)]
    assert "#road" in silent
    assert "^141002000000" in silent
    assert "#road" not in features(replace(told, category="")).grams
