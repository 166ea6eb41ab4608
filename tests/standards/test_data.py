"""The criteria, fields, regions and categories shipped as data are complete and refer to one another."""

import csv
import datetime as dt
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SRC = Path(__file__).parents[2] / "src" / "anlan"
STANDARDS = SRC / "standards" / "data"
MARKS = {"V", "B+", "B", "W", "K"}
LOADED = {
    "gongmao-2023": "gongmao_2023.toml",
    "fangwu-2024": "fangwu_2024.toml",
    "aq3067-2026": "aq3067_2026.toml",
}
PER_ARTICLE = {
    "gongmao-2023": {3: 3, 4: 8, 5: 13, 6: 8, 7: 7, 8: 7, 9: 2, 10: 2, 11: 10, 12: 2, 13: 2, 14: 1},
    "fangwu-2024": {4: 5, 5: 4, 6: 4, 7: 3, 8: 9, 9: 5, 10: 2, 11: 4, 12: 2, 13: 7, 14: 3, 15: 3, 16: 1, 17: 1},
    "aq3067-2026": {"5.1": 5, "5.2": 10, "5.3": 6, "5.4": 9, "5.5": 12, "5.6": 4, "5.7": 7},
}


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def catalogue() -> dict[str, dict[str, Any]]:
    documents = load(STANDARDS / "catalogue.toml")["document"]
    assert len({d["id"] for d in documents}) == len(documents)
    return {d["id"]: d for d in documents}


@pytest.fixture(scope="module")
def industries() -> dict[str, Any]:
    return load(SRC / "registry" / "data" / "industries.toml")


@pytest.mark.parametrize("document", LOADED)
def test_every_article_has_its_number_of_items(document):
    items = load(STANDARDS / LOADED[document])["item"]
    assert Counter(item["article"] for item in items) == PER_ARTICLE[document]
    for article, count in PER_ARTICLE[document].items():
        numbers = [item["item"] for item in items if item["article"] == article]
        assert numbers == ([0] if numbers[0] == 0 else list(range(1, count + 1)))


@pytest.mark.parametrize("document", LOADED)
def test_counts_by_kind_agree_with_the_document(document):
    data = load(STANDARDS / LOADED[document])
    kinds = {number: article["kind"] for number, article in data["article"].items()}
    found = Counter(kinds[str(item["article"])] for item in data["item"])
    assert found == data["document"]["counts"]
    assert sum(n for kind, n in found.items() if kind != "whole") == data["document"]["item_count"]


@pytest.mark.parametrize("document", LOADED)
def test_every_item_says_what_it_rests_on(document, industries):
    fields = {row["code"] for row in industries["industry"]}
    trades = {row["code"] for row in industries["trade"]}
    data = load(STANDARDS / LOADED[document])
    assert data["document"]["evidence"] in MARKS
    for item in data["item"]:
        assert item["evidence"] in {"B", "K"}
        assert item["zh"]
        assert item["en"]
        assert item["keywords"]
        assert set(item["industry"]) <= fields
        assert set(item.get("trade", ())) <= trades
        assert item.get("special", "dust") in {"dust", "ammonia", "confined"}
        assert item.get("condition", "any") in {"any", "all"}
        if item.get("topic"):
            assert item["evidence"] == "K"
            assert "仅列主题" in item["zh"]
            assert "topic only" in item["en"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("document", LOADED)
def test_no_two_items_in_one_scope_read_the_same(document, language):
    items = load(STANDARDS / LOADED[document])["item"]
    said = Counter((item[language], tuple(item.get("trade", ()))) for item in items)
    assert [words for words, times in said.items() if times > 1] == []


def test_catalogue_agrees_with_the_loaded_documents(catalogue):
    assert {key for key, entry in catalogue.items() if entry["clauses_loaded"]} == set(LOADED)
    for key, name in LOADED.items():
        document = load(STANDARDS / name)["document"]
        assert document["id"] == key
        for field in ("zh", "number", "in_force_from", "item_count", "evidence", "industry"):
            assert catalogue[key][field] == document[field], (key, field)


def test_catalogue_dates_and_links(catalogue, industries):
    fields = {row["code"] for row in industries["industry"]}
    for key, entry in catalogue.items():
        assert entry["evidence"] in MARKS, key
        assert set(entry["industry"]) <= fields, key
        assert ("in_force_from" in entry) != ("date_note" in entry), f"{key}: a date, or why there is none"
        for link in ("replaces", "replaced_by", "companion"):
            assert entry.get(link, key) in catalogue, key
        if "replaces" in entry:
            old = catalogue[entry["replaces"]]
            assert old["replaced_by"] == key
            assert old["in_force_to"] + dt.timedelta(days=1) == entry["in_force_from"]


def test_fields_have_a_bit_a_department_and_criteria(industries, catalogue):
    rows = industries["industry"]
    assert [row["bit"] for row in rows] == list(range(19))
    assert len({row["code"] for row in rows}) == len({row["zh"] for row in rows}) == 19
    for row in rows:
        assert row["department"]
        assert row["department_en"]
        assert row["criteria"]
        assert set(row["criteria"]) <= set(catalogue)
        assert all(row["code"] in catalogue[key]["industry"] for key in row["criteria"])
    listed = {(key, row["code"]) for row in rows for key in row["criteria"]}
    assert {(key, code) for key, entry in catalogue.items() for code in entry["industry"]} == listed


def test_categories_are_unique():
    rows = load(SRC / "hazards" / "data" / "categories.toml")["category"]
    for field in ("code", "zh", "en"):
        assert len({row[field] for row in rows}) == len(rows) >= 16


def test_regions_form_one_tree_in_code_order():
    with (SRC / "registry" / "data" / "regions_141000.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    codes = {row["code"]: row for row in rows}
    assert len(codes) == len(rows)
    assert Counter(row["level"] for row in rows)["county"] == 17
    for row in rows:
        assert len(row["code"]) == 12
        assert row["zh"]
        assert row["en"]
        assert row["evidence"] in MARKS
        if row["level"] == "city":
            assert row["parent"] == ""
        else:
            keep = 4 if row["level"] == "county" else 6
            assert row["parent"] in codes
            assert row["code"][:keep] == row["parent"][:keep]
    counties = {row["code"] for row in rows if row["level"] == "county"}
    assert {row["parent"] for row in rows if row["level"] == "township"} == counties
