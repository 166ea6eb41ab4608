"""How text is measured, counted and divided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.papers.measure import balanced, chinese_number, width

TITLE = "安澜市安全生产委员会办公室关于2026年第三季度进展情况的通报"


def test_letters_and_figures_are_half_as_wide() -> None:
    assert width("通报2026") == 4.0
    assert width("（一）") == 3.0


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (34, "三十四"), (100, "一百"), (101, "一百零一"), (110, "一百一十"), (999, "九百九十九")],
)  # fmt: skip
def test_counting_in_chinese(number: int, said: str) -> None:
    assert chinese_number(number) == said


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_what_is_not_counted_in_chinese(number: int) -> None:
    with pytest.raises(ValueError, match="not counted"):
        chinese_number(number)


def test_a_short_title_stays_on_one_line() -> None:
    assert balanced("关于开展检查的通知", 20) == ["关于开展检查的通知"]


def test_a_title_is_divided_before_what_it_is_about() -> None:
    assert balanced(TITLE, 20)[0] == "安澜市安全生产委员会办公室"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("安澜市安全生产委员会办公室关于2026年第三季度安全生产治本攻坚三年行动进展情况的通报", ["治本", "攻坚", "行动", "进展"]),
        ("安澜市人民政府办公室关于切实加强今冬明春重点行业领域安全防范工作的紧急通知", ["今冬", "明春", "行业", "防范", "紧急"]),
        ("关于对甲县乙化工有限公司重大事故隐患实行挂牌督办的函", ["重大", "事故", "隐患", "挂牌", "督办"]),
    ],
)  # fmt: skip
def test_words_are_seldom_torn(title: str, words: list[str]) -> None:
    lines = balanced(title, 20)
    assert all(any(word in line for line in lines) for word in words), lines


def test_a_year_is_never_torn() -> None:
    lines = balanced("安委会关于印发安全生产工作安排要点（2026—2028年）的通知", 14)
    assert any("2026" in line for line in lines)
    assert any("2028年）" in line for line in lines)


def test_the_authors_own_division_is_kept() -> None:
    assert balanced("甲乙\n丙丁", 20) == ["甲乙", "丙丁"]


@given(st.text(st.sampled_from("安全生产关于的和与、，。（）《》2026年a ."), min_size=1, max_size=90))
def test_every_title_is_set_whole_and_no_line_is_too_long_or_begins_with_a_comma(text: str) -> None:
    lines = balanced(text, 20)
    assert "".join(lines) == text.strip()
    if len(lines) > 1:
        assert all(width(line) <= 20 for line in lines)
        assert not any(line.startswith(("，", "。", "）", "》")) for line in lines[1:])
