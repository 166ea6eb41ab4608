"""The ranker on sentences it never saw, against plain BM25; silence on ordinary faults. No database."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from anlan.standards.suggest import Ranker, ranker, train
from anlan.standards.suggest.index import OF_CLAUSE, OF_NONE
from anlan.standards.suggest.library import Entry, entries, sentences, table
from anlan.standards.suggest.ranker import Weights
from anlan.standards.suggest.terms import plain, settled
from tests.standards import measures

DAY = date(2026, 11, 21)
SMALL = (
    "灭火器压力不足", "安全通道堆放杂物", "消防栓被遮挡", "员工未戴安全帽", "配电箱门未关", "标识褪色", "台账填写不规范",
    "电线私拉乱接", "地面有油污", "应急灯不亮", "护栏松动", "气瓶没有固定", "防护罩缺失", "培训记录不全", "压力表未检定",
)  # fmt: skip


def in_force(day: date):
    return lambda entry: entry.in_force(day)


def keys(found):
    return [one.entry.key for one in found]


@pytest.fixture(scope="module")
def held_out() -> tuple[Ranker, list]:
    """A ranker that met no sentence of a fifth of the clauses, and the sentences about those."""
    index, kept, out = train.held_out(0, by_clause=True)
    clause, none = train.learn(train.rows(index, kept, own=True))
    shipped = ranker().weights
    weights = Weights(
        dict(zip(OF_CLAUSE, map(float, clause), strict=True)),
        dict(zip(OF_NONE, map(float, none), strict=True)),
        shipped.slope,
        shipped.shift,
    )
    return Ranker(index, weights), out


def test_the_training_set_is_as_large_as_said_and_names_real_clauses():
    said = sentences()
    known = {entry.key for entry in entries()}
    grave = [one for one in said if one.of]
    assert len(grave) >= 400
    assert len(said) - len(grave) >= 300
    assert {key for one in grave for key in one.of} == known
    assert len({one.words for one in said}) == len(said)


def test_no_test_sentence_was_trained_on():
    trained = {settled(one.words) for one in sentences()}
    for said in (*measures.own_test(), *measures.foreign_test()):
        again = [one.words for one in said if settled(one.words) in trained]
        assert len(again) <= len(said) * 0.05, again  # “灭火器压力不足” is what everybody writes


def test_it_finds_the_clause_and_beats_plain_bm25_on_its_own_test():
    grave, _ordinary = measures.own_test()
    learnt, baseline = measures.figures(grave, measures.every(ranker())), measures.figures(grave, measures.plain_bm25())
    assert learnt.count >= 120
    assert learnt.first >= 0.78
    assert learnt.three >= 0.93
    assert learnt.reciprocal >= 0.86
    assert learnt.first > baseline.first
    assert learnt.three > baseline.three
    assert learnt.reciprocal > baseline.reciprocal + 0.03


def test_it_finds_the_clause_in_what_others_wrote():
    grave, ordinary = measures.foreign_test()
    learnt, baseline = measures.figures(grave, measures.every(ranker())), measures.figures(grave, measures.plain_bm25())
    assert learnt.first >= 0.9
    assert learnt.three >= 0.95
    assert learnt.reciprocal > baseline.reciprocal
    assert measures.sure_share(ranker(), ordinary) <= 0.08


def test_a_clause_nobody_wrote_about_is_ranked_by_its_own_words(held_out):
    unseen, out = held_out
    grave = [one for one in out if one.of]
    learnt, baseline = measures.figures(grave, measures.every(unseen)), measures.figures(grave, measures.plain_bm25())
    assert learnt.count >= 120
    assert learnt.first >= 0.78
    assert learnt.three >= 0.92
    assert learnt.reciprocal > baseline.reciprocal
    assert measures.sure_share(unseen, [one for one in out if not one.of]) <= 0.05


def test_ordinary_faults_get_no_confident_suggestion():
    _grave, ordinary = measures.own_test()
    assert len(ordinary) >= 80
    assert measures.sure_share(ranker(), ordinary) <= 0.03


@pytest.mark.parametrize("words", SMALL)
def test_the_small_faults_of_every_day_are_met_with_silence(words):
    assert measures.sure(ranker(), words) == []


def test_grave_faults_are_spoken_of_with_confidence():
    grave, _ordinary = measures.own_test()
    assert measures.sure_share(ranker(), grave) >= 0.75


def test_a_colloquial_search_has_its_clause_among_the_first_five():
    asked = measures.searches()
    assert len(asked) >= 30
    order = measures.every(ranker())
    missed = [one["words"] for one in asked if not one["wanted"] & set(order(one["words"])[:5])]
    assert missed == []


def test_only_what_was_in_force_on_the_day():
    words = "罐区储罐没有紧急切断阀"
    assert keys(ranker().suggest(words, allowed=in_force(DAY)))[0] == ("aq3067-2026", "5.5", 6)
    before = ranker().suggest(words, allowed=in_force(date(2026, 9, 29)))
    assert all(code != "aq3067-2026" for code, _article, _item in keys(before))
    assert keys(ranker().suggest("塔吊没有验收就使用", allowed=in_force(date(2024, 12, 13))))[0][0] == "fangwu-2024"
    assert not any(
        code == "fangwu-2024"
        for code, _a, _i in keys(ranker().rank("塔吊没有验收就使用", allowed=in_force(date(2024, 12, 12))))
    )


def test_the_own_field_comes_first():
    words = "电焊工没有特种作业证"
    for industry, code in (("gongmao", "gongmao-2023"), ("construction", "fangwu-2024"), ("hazchem", "aq3067-2026")):
        assert keys(ranker().suggest(words, allowed=in_force(DAY), industry=industry))[0][0] == code


def test_what_an_enterprise_has_raises_its_articles():
    def score(*facilities: str) -> float:
        found = ranker().rank("除尘器坏了", allowed=in_force(DAY), facilities=facilities)
        return max(one.score for one in found if one.entry.key[:2] == ("gongmao-2023", "11"))

    assert score("dust") > score()
    assert score("ammonia") == score()


def test_facilities_and_articles_exist():
    from anlan.registry.facilities import facilities

    articles = {entry.key[:2] for entry in entries()}
    for name, places in table("facilities.toml")["facility"].items():
        assert name in facilities()
        assert {tuple(place.split()) for place in places} <= articles


def test_why_is_what_was_typed_and_stands_in_the_clause():
    words = "喷漆房没有安装可燃气体报警器"
    best = ranker().suggest(words, allowed=in_force(DAY), industry="gongmao")[0]
    assert "可燃气体报警" in best.why
    assert all(word in plain(words) for word in best.why)
    assert not any("没有" in word for word in best.why)


def test_width_and_traditional_signs_make_no_difference():
    simple, other = "脚手架没有连墙件，SIS", "腳手架沒有連牆件，ＳＩＳ"
    assert keys(ranker().rank(simple, allowed=in_force(DAY))) == keys(ranker().rank(other, allowed=in_force(DAY)))


@pytest.mark.parametrize("words", ["", "。", "的", "?" * 5000, "a", "\U0001f600", "没有"])
def test_words_that_say_nothing_are_answered_with_nothing_sure(words):
    assert measures.sure(ranker(), words) == []


def test_scores_lie_between_nothing_and_one_and_fall():
    found = ranker().rank("基坑超挖", allowed=in_force(DAY))
    assert all(0 <= one.score <= 1 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len(found) == sum(entry.in_force(DAY) for entry in entries())


def test_a_list_without_first_day_is_never_in_force():
    entry: Entry = replace(entries()[0], first=None)
    assert not entry.in_force(DAY)


def _anlan(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """As a stranger runs it: no database is named, no settings are made."""
    return subprocess.run(
        [sys.executable, "-m", "anlan.site.cli", "criteria", "suggest", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_answers_without_a_database():
    done = _anlan(
        "有限空间作业没有审批，也没人监护", "--on", "2026-11-21", "-n", "2", "--industry", "gongmao", "--json"
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) == 2
    assert (rows[0]["list"], rows[0]["article"], rows[0]["item"]) == ("gongmao-2023", "13", 2)
    assert rows[0]["confident"] is True
    assert 0.5 <= rows[0]["score"] <= 1
    assert rows[0]["document"].startswith("工贸企业重大事故隐患判定标准")
    assert "有限空间作业" in rows[0]["why"]


def test_the_command_is_silent_on_a_small_fault_and_plain_about_a_bad_day():
    done = _anlan("灭火器压力不足", "--on", "2026-11-21", "--json")
    assert done.returncode == 0
    assert not any(row["confident"] for row in json.loads(done.stdout))
    assert _anlan("塔吊", "--on", "21.11.2026").returncode == 2
    assert _anlan("塔吊", "-n", "0").returncode == 2
    assert _anlan("  ").returncode == 1
