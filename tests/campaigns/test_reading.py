"""What people type is read, and what cannot be read says what to write."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from anlan.campaigns.returns.reading import WORDS, Read, read, words_of
from anlan.campaigns.returns.shipped import shipped
from anlan.campaigns.returns.template import Element

CELLS = shipped("2024-campaign").template.cells


def _element(name: str) -> Element:
    return CELLS[name].element


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("checks.units", "12", 12),
        ("checks.units", " １２ ", 12),
        ("checks.units", "3,284", 3284),
        ("checks.units", "3，284家", 3284),
        ("checks.units", "1.2万", 12000),
        ("checks.units", 0, 0),
        ("checks.visits", "5 家次", 5),
        ("training.principals", "80名", 80),
        ("penalties.fine", "10000", 1_000_000),
        ("penalties.fine", "1万元", 1_000_000),
        ("penalties.fine", "￥1,234.50", 123_450),
        ("penalties.fine", "0.5亿", 5_000_000_000),
        ("visits.date", "2024年4月8日", date(2024, 4, 8)),
        ("visits.date", "2024/4/18", date(2024, 4, 18)),
        ("visits.date", date(2024, 4, 18), date(2024, 4, 18)),
        ("major.state", "已整改", "fixed"),
        ("major.state", "fixed", "fixed"),
        ("studies.decision", " 住建局五月底前完成 \r\n普查 ", "住建局五月底前完成\n普查"),
        ("checks.units", "无", None),
        ("checks.units", "不涉及", None),
        ("engineering.roads", "N/A", None),
        ("checks.units", None, None),
    ],
)
def test_it_is_understood(name: str, typed: Any, value: Any) -> None:
    found = read(_element(name), typed)
    assert (found.value, found.good) == (value, True)


@pytest.mark.parametrize(
    ("name", "typed", "wrong"),
    [
        ("checks.units", "十二", "unread"),
        ("checks.units", "约12", "unread"),
        ("checks.units", "12 13", "unread"),
        ("checks.units", "12家次", "unit"),
        ("checks.visits", "12家", "unit"),
        ("training.principals_times", "224人", "unit"),
        ("checks.units", "12.5", "whole"),
        ("checks.units", "-3", "negative"),
        ("checks.units", "9" * 20, "too_large"),
        ("checks.units", "12元", "unread"),
        ("checks.units", True, "unread"),
        ("penalties.fine", "一万", "money"),
        ("penalties.fine", "12家", "money"),
        ("penalties.fine", "0.001", "money"),
        ("visits.date", "4月18日", "day"),
        ("visits.date", "2024-04-31", "day"),
        ("major.state", "差不多", "choice"),
        ("visits.place", "长" * 201, "long"),
        ("visits.place", "车站\x00", "text"),
    ],
)
def test_it_is_refused_with_words(name: str, typed: Any, wrong: str) -> None:
    found = read(_element(name), typed)
    assert found.wrong == wrong
    with override("en"):
        message, instead = words_of(found.wrong, found.names)
    assert message
    assert instead
    assert "%(" not in message + instead


def test_a_blank_is_neither_an_answer_nor_an_error() -> None:
    assert read(_element("checks.units"), "   ") == Read(blank=True)
    assert not Read(blank=True).good


def test_the_wrong_unit_is_told_apart() -> None:
    found = read(_element("checks.units"), "12家次")
    with override("en"):
        said = words_of(found.wrong, found.names)
    assert said == ("This is counted in 家, not in 家次.", "Write the number of 家.")


def test_a_name_that_means_nothing_stays_text() -> None:
    """“None” is only an answer where it may be one: a leader's name must be written."""
    assert read(_element("visits.leader"), "无").value == "无"
    assert read(_element("studies.decision"), "无").value is None


def test_every_reason_is_reached() -> None:
    assert set(WORDS) == {"unread", "whole", "unit", "negative", "too_large", "money", "day", "choice", "long", "text"}
