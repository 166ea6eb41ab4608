"""The demo city's words fill, cite real clauses and are not repeated."""

import random
import re
import tomllib
from pathlib import Path

import pytest

from anlan.demo.geography import counties, county_of, point_near, regions, townships
from anlan.demo.words import WordBank, hazard_rows, industries
from anlan.demo.words.records import table

SRC = Path(__file__).parents[2] / "src" / "anlan"
PHRASES = [
    key
    for key, value in table("phrases").items()
    if isinstance(value, list) and key not in {"openers", "risks", "unit_notes", "parts_wanted"}
]


def codes(path: str, name: str) -> set[str]:
    return {row["code"] for row in tomllib.loads((SRC / path).read_text(encoding="utf-8"))[name]}


def clauses() -> dict[tuple[str, int, int], dict]:
    found = {}
    for name in ("gongmao_2023", "fangwu_2024"):
        data = tomllib.loads((SRC / "standards" / "data" / f"{name}.toml").read_text(encoding="utf-8"))
        found |= {(data["document"]["id"], item["article"], item["item"]): item for item in data["item"]}
    return found


def test_every_supervision_field_has_words():
    assert set(industries()) == codes("registry/data/industries.toml", "industry")


@pytest.mark.parametrize("industry", [*industries(), "common"])
def test_rows_refer_to_what_exists(industry):
    rows = hazard_rows(industry)
    assert len(rows) >= (10 if industry == "common" else 12)
    assert len({row.description for row in rows}) == len(rows)
    known, trades = clauses(), codes("registry/data/industries.toml", "trade")
    for row in rows:
        assert row.category in codes("hazards/data/categories.toml", "category")
        assert row.cost_yuan[0] <= row.cost_yuan[1]
        assert row.trades <= trades
        if row.clause:
            item = known[row.clause.document, row.clause.article, row.clause.item]
            assert industry in item["industry"]
            if "trade" in item:
                assert row.trades, "a clause of one trade needs a row of that trade"
                assert row.trades <= set(item["trade"])


def test_no_hazard_is_written_twice_across_industries():
    said = [row.description for industry in (*industries(), "common") for row in hazard_rows(industry)]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("seed", range(3))
def test_a_thousand_hazards_look_alive(seed):
    bank = WordBank(random.Random(seed))
    drawn = [bank.hazard(industry) for industry in industries() for _ in range(60)]
    assert not any(re.search(r"[{}|]", h.place + h.description + h.measure + h.finish) for h in drawn)
    assert len({(h.place, h.description) for h in drawn}) > 0.97 * len(drawn)
    assert all((h.grade == "major") == (h.clause is not None) for h in drawn)


def test_the_same_seed_tells_the_same_story():
    first, second = WordBank(random.Random(7)), WordBank(random.Random(7))
    for industry in industries():
        assert first.enterprise(industry, "洪洞县") == second.enterprise(industry, "洪洞县")
        assert first.hazard(industry) == second.hazard(industry)


def test_names_are_invented_and_not_repeated():
    bank = WordBank(random.Random(1))
    enterprises = [bank.enterprise(industry, "侯马市").name for industry in industries() for _ in range(40)]
    people = [bank.person() for _ in range(1500)]
    assert len(set(enterprises)) == len(enterprises)
    assert len(set(people)) == len(people)
    assert all("侯马" in name and "侯马市" not in name for name in enterprises)


def test_a_trade_meets_only_clauses_of_its_own():
    bank = WordBank(random.Random(2))
    known = clauses()
    for _ in range(200):
        words = bank.hazard("gongmao", trade="textile", grade="major")
        item = known[words.clause.document, words.clause.article, words.clause.item]
        assert "textile" in item.get("trade", ["textile"])


def test_where_no_clause_is_loaded_nothing_is_major():
    with pytest.raises(LookupError, match="coal"):
        WordBank(random.Random(3)).hazard("coal", grade="major")


def test_a_plan_fills_all_eleven_boxes():
    bank = WordBank(random.Random(4))
    plan = bank.plan(bank.hazard("construction", grade="major"), responsible="甲某")
    assert list(plan.settled) == ["duty", "measure", "funds", "time", "contingency"]
    assert list(plan.parts) == ["goal", "method", "funds", "organisation", "schedule", "safety"]
    words = [*plan.settled.values(), *plan.parts.values()]
    assert all(words)
    assert not any("{" in text or "。。" in text for text in words)
    assert "甲某" in plan.settled["duty"]


@pytest.mark.parametrize("kind", PHRASES)
def test_every_sentence_fills(kind):
    bank = WordBank(random.Random(5))
    hazard = bank.hazard("gas")
    said = {bank.say(kind, hazard) for _ in range(60)}
    assert not any("{" in text for text in said)
    assert len(said) > 1


def test_points_lie_by_their_county():
    rng = random.Random(6)
    assert len(counties()) == 17
    for county in counties():
        for town in townships(county.code):
            assert county_of(town.code) == county.code
            lon, lat = point_near(town.code, rng)
            assert 110.3 < lon < 112.6
            assert 35.3 < lat < 37.0
    assert regions()[0].zh == "临汾市"
