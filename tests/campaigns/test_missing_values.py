"""What happens when values are missing, against the truth tables of another system; and where this one answers otherwise on purpose."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from anlan.campaigns.models.returns import nothing_written
from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.kept import Beside, judged
from anlan.campaigns.returns.rulebook import Case, Check
from anlan.campaigns.returns.saying import say
from anlan.campaigns.returns.template import parse
from tests.campaigns.returns import broken, filled

ROWS = tomllib.loads((Path(__file__).parent / "data" / "missing_values.toml").read_text(encoding="utf-8"))["row"]
TEMPLATE = parse("""
code = "four"
version = 1
zh = "四项"
en = "Four"
from_month = "2000-01"
due = 5
source = "test"

[[panels]]
code = "p"
zh = "板块"
en = "Panel"
fills = ["unit"]
source = "test"
elements = [
  { code = "a", type = "count", unit = "家", zh = "甲", en = "A", needed = false },
  { code = "b", type = "count", unit = "家", zh = "乙", en = "B", needed = false },
  { code = "c", type = "count", unit = "家", zh = "丙", en = "C", needed = false },
  { code = "d", type = "count", unit = "家", zh = "丁", en = "D", needed = false },
]
""")
RULES: dict[str, dict[str, Any]] = {
    "a compulsory_pair b": {"left": {"expression": "p.a"}, "operator": "compulsory_pair", "right": {"expression": "p.b"}},
    "a exclusive_pair b": {"left": {"expression": "p.a"}, "operator": "exclusive_pair", "right": {"expression": "p.b"}},
    "a == b, never": {
        "left": {"expression": "p.a", "missing": "never"},
        "operator": "==",
        "right": {"expression": "p.b", "missing": "never"},
    },
} | {
    f"a + b != a + b, {missing}": {
        "left": {"expression": "p.a + p.b", "missing": missing},
        "operator": "!=",
        "right": {"expression": "p.a + p.b", "missing": missing},
    }
    for missing in ("never", "skip_all", "skip_any")
}  # fmt: skip
WORDS = {
    "zh": "错",
    "en": "wrong",
    "instead_zh": "改",
    "instead_en": "mend",
    "source": "test",
    "level": "panel",
    "shows": ["p"],
}


def _check(key: str, **given: Any) -> Check:
    return Check.model_validate({"id": key, **WORDS, **given})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["test"])
def test_the_oracle_agrees(row: dict[str, Any]) -> None:
    also = _check("also", expression="p.c == p.d", missing="never")
    checker = Checker(TEMPLATE, [_check("asked", **RULES[row["rule"]]), also])
    values = {f"p.{name}": row[name] for name in "abcd" if name in row}
    found = broken(checker, Case(filler="unit", values=values))
    if row.get("wholly_empty"):
        assert {"empty", "asked"} <= found  # there: silence passes
        return
    assert ("asked" in found) is row["violated"]
    assert ("also" in found) is row.get("also", False)


def test_the_tables_are_whole() -> None:
    assert len(ROWS) == 25
    assert {row["rule"] for row in ROWS} == set(RULES)


@pytest.mark.parametrize(
    ("missing", "values", "asked"),
    [
        ("skip_any", {}, False), ("skip_any", {"p.a": 1}, False), ("skip_any", {"p.a": 1, "p.b": 1}, True),
        ("skip_all", {}, False), ("skip_all", {"p.a": 1}, True), ("skip_all", {"p.a": 1, "p.b": 1}, True),
        ("never", {"p.c": 1}, True), ("never", {"p.a": 1}, True), ("never", {"p.a": 1, "p.b": 1}, True),
    ],
)  # fmt: skip
def test_a_single_expression_follows_the_same_table(missing: str, values: dict[str, int], asked: bool) -> None:
    checker = Checker(TEMPLATE, [_check("never_holds", expression="p.a + p.b < 0", missing=missing)])
    assert ("never_holds" in broken(checker, Case(filler="unit", values=values))) is asked


def test_none_counts_as_nought_for_a_figure_and_is_no_silence() -> None:
    checker = Checker(TEMPLATE, [_check("same", expression="p.a == p.b")])
    assert broken(checker, Case(filler="unit", values={"p.a": 0}, none=("p.b",))) == set()
    assert broken(checker, Case(filler="unit", values={"p.a": 1}, none=("p.b",))) == {"same"}
    assert broken(checker, Case(filler="unit", none=("p",))) == set()
    assert broken(checker, Case(filler="unit")) == {"empty"}


def test_a_check_without_a_value_is_named_and_stops_nobody() -> None:
    checks = [_check("shares", expression="p.a / p.b > 1"), _check("plain", expression="p.a < p.c")]
    checker = Checker(TEMPLATE, checks)
    verdict = checker.check(filled(Case(filler="unit", values={"p.a": 5, "p.b": 0, "p.c": 3})))
    assert [one.check for one in verdict.troubles] == ["plain"]
    assert len(verdict.faults) == 1
    assert verdict.faults[0].startswith("shares: ")
    assert "divide by zero" in verdict.faults[0]
    whole = checker.check(filled(Case(filler="unit", values={"p.a": 5, "p.b": 5, "p.c": 3})))
    assert {one.check for one in whole.troubles} == {"plain", "shares"}


def test_a_check_without_a_value_is_said_where_it_shows() -> None:
    checker = Checker(TEMPLATE, [_check("shares", expression="p.a / p.b > 1")])
    cells = {name: {"typed": str(value), "value": value} for name, value in {"p.a": 5, "p.b": 0}.items()}
    values = {**nothing_written(), "cells": cells}
    verdict = judged(checker, values, filler="unit", month=date(2026, 4, 1), beside=Beside())
    told = next(one for one in verdict.troubles if one.check == "fault:shares")
    assert verdict.faults
    assert told not in verdict.stopping()
    with override("en"):
        assert "shares" in say(checker, told).message
