"""Whether words name a meeting or say what it was about: measured on words that were never learnt from."""

import tomllib
from pathlib import Path

import pytest

from anlan.campaigns.returns import naming

HELD_OUT = tomllib.loads((Path(__file__).parent / "data" / "meetings_held_out.toml").read_text(encoding="utf-8"))
WORDS = [(words, label) for label in (naming.NAME, naming.TOPIC) for words in HELD_OUT[label]]


def test_what_is_held_out_was_not_learnt() -> None:
    taught = {words for words, _label in naming.examples()}
    assert len(WORDS) >= 150
    assert not taught & {words for words, _label in WORDS}
    assert len({words for words, _label in WORDS}) == len(WORDS)


def test_nearly_all_held_out_words_are_judged_rightly() -> None:
    wrong = [(words, label) for words, label in WORDS if naming.judge(words).label != label]
    assert len(wrong) <= 0.03 * len(WORDS), wrong


def test_words_written_after_the_rule_was_mended_are_judged_as_well() -> None:
    later = HELD_OUT["later"]
    wrong = [
        words for label in (naming.NAME, naming.TOPIC) for words in later[label] if naming.judge(words).label != label
    ]
    stopped = [words for words in later[naming.TOPIC] if naming.is_name(words)]
    assert len(later[naming.NAME]) + len(later[naming.TOPIC]) == 40
    assert stopped == []
    assert len(wrong) <= 3, wrong


def test_no_topic_is_called_a_name_beyond_doubt() -> None:
    """An error must be right: it stops a return. The classifier only asks back."""
    assert [words for words in HELD_OUT[naming.TOPIC] if naming.is_name(words)] == []
    taught = [words for words, label in naming.examples() if label == naming.TOPIC and naming.is_name(words)]
    assert taught == []


def test_nearly_all_names_are_caught_and_hardly_a_topic_is_asked_back() -> None:
    caught = [words for words in HELD_OUT[naming.NAME] if naming.is_name(words) or naming.like_name(words)]
    asked_back = [words for words in HELD_OUT[naming.TOPIC] if naming.like_name(words)]
    assert len(caught) >= 0.95 * len(HELD_OUT[naming.NAME])
    assert len(asked_back) <= 0.03 * len(HELD_OUT[naming.TOPIC]), asked_back


def test_the_classifier_earns_its_keep() -> None:
    """Where the rule is silent, which is where it is asked."""
    silent = [(words, label) for words, label in WORDS if naming.judge(words).by == "learnt"]
    right = [words for words, label in silent if naming.judge(words).label == label]
    assert len(silent) >= 30
    assert len(right) >= 0.93 * len(silent)


@pytest.mark.parametrize("words", ["", "  ", "。", "第"])
def test_words_that_say_nothing_are_not_called_a_name_beyond_doubt(words: str) -> None:
    assert naming.is_name(words) is False


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("市政府第３２次常务会议。", True),
        ("《市政府第三十二次常务会议》纪要", True),
        ("区安委会全体会议（扩大）", True),
        ("4月18日，市政府常务会议", True),
        ("市政府常务会议：研究燃气安全整治", False),
        ("会议研究了燃气安全整治", False),
        ("传达学习市安委会第二次全会精神", False),
    ],
)
def test_the_clear_cases_are_ruled(words: str, name: bool) -> None:
    judged = naming.judge(words)
    assert judged.by == "rule"
    assert (judged.label == naming.NAME) is name
