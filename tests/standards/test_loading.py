"""Criteria from the shipped data: loaded once, never changed in place, found by day, industry and word."""

import copy
from datetime import date

import pytest

from anlan.kernel import calendar, calendar_seed, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import CalendarEnds, NotFound
from anlan.kernel.holidays import last_official_year
from anlan.kernel.ids import new_id
from anlan.kernel.models import CalendarDay, CalendarYear, Entry
from anlan.registry.actions import load_industries
from anlan.registry.actions.industries import BitMovedError
from anlan.registry.models import Industry
from anlan.site import reference
from anlan.standards import queries
from anlan.standards.actions import criteria as actions
from anlan.standards.models import Clause, CriteriaList
from anlan.standards.rules import citation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = date(2026, 6, 1)


@pytest.fixture
def loaded():
    reference.load()


@pytest.fixture
def changed(monkeypatch):
    """The shipped data with one clause reworded: `changed(version=…)`."""

    def change(version):
        data = copy.deepcopy(actions.shipped())
        gongmao = next(one for one in data if one["id"] == "gongmao-2023")
        gongmao["items"][0]["zh"] = "另一种说法"
        gongmao["version"] = version
        monkeypatch.setattr(actions, "shipped", lambda: data)

    return change


def test_a_second_load_writes_nothing(loaded, django_assert_num_queries):
    assert Industry.objects.count() == 19
    assert CriteriaList.objects.count() == len(actions.shipped())
    assert Clause.objects.filter(criteria="gongmao-2023").count() == 65
    assert Clause.objects.filter(criteria="fangwu-2024").count() == 53
    with django_assert_num_queries(5):
        assert (load_industries(), actions.load_criteria(), calendar_seed.seed()) == (0, 0, 0)


def test_a_load_is_in_the_ledger(loaded):
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(step="load_criteria").count() == CriteriaList.objects.count()


def test_changed_words_of_the_same_version_are_refused(loaded, changed):
    changed(1)
    with pytest.raises(actions.ClauseChangedError, match=r"gongmao-2023: the words of 3\.1 differ"):
        actions.load_criteria()


def test_a_later_version_keeps_what_was_cited(loaded, changed):
    old = Clause.objects.get(criteria="gongmao-2023", article="3", item=1)
    changed(2)
    assert actions.load_criteria() == 1
    kept, new = Clause.objects.filter(criteria="gongmao-2023", article="3", item=1).order_by("edition")
    assert (kept.pk, kept.zh, kept.superseded_in) == (old.pk, old.zh, 2)
    assert (new.zh, new.edition, new.superseded_in) == ("另一种说法", 2, None)
    assert not queries.is_in_force(kept, DAY)
    assert queries.is_in_force(new, DAY)
    assert kept.pk not in {one.pk for one in queries.clauses_in_force(DAY)}
    assert actions.load_criteria() == 0


def test_only_what_was_in_force_on_the_day_can_be_cited(loaded):
    assert {one.criteria_id for one in queries.clauses_in_force(DAY)} == {"gongmao-2023", "fangwu-2024"}
    before = queries.clauses_in_force(date(2024, 12, 12))
    assert {one.criteria_id for one in before} == {"gongmao-2023"}
    assert queries.clauses_in_force(date(2023, 5, 14)) == []
    first = before[0]
    assert queries.is_in_force(first, date(2023, 5, 15))
    assert not queries.is_in_force(first, date(2023, 5, 14))
    assert queries.clause(first.pk) == first
    with pytest.raises(NotFound):
        queries.clause(new_id())


def test_the_last_day_still_counts(loaded):
    first = queries.clauses_in_force(DAY, "gongmao")[0]
    CriteriaList.objects.filter(pk="gongmao-2023").update(in_force_to=DAY)
    first = queries.clause(first.pk)
    assert queries.is_in_force(first, DAY)
    assert not queries.is_in_force(first, date(2026, 6, 2))


def test_clauses_are_found_by_industry_and_words(loaded):
    assert {one.criteria_id for one in queries.clauses_in_force(DAY, "construction")} == {"fangwu-2024"}
    assert queries.clauses_in_force(DAY, "coal") == []
    found = queries.clauses_in_force(DAY, "gongmao", "深井铸造 液位")
    assert [(one.article, one.item) for one in found] == [("5", 7), ("5", 8), ("5", 9)]
    assert queries.clauses_in_force(DAY, words="DEEP-WELL launder")
    assert queries.clauses_in_force(DAY, words="没有这样的词") == []


def test_a_clause_is_cited_with_its_document(loaded):
    clause = Clause.objects.get(criteria="gongmao-2023", article="5", item=7)
    assert citation(clause) == "《工贸企业重大事故隐患判定标准》（应急管理部令第10号（2023））第5条第7项"
    whole = Clause.objects.get(criteria="gongmao-2023", article="14")
    assert citation(whole).endswith("第14条")


def test_lists_say_how_they_stand(loaded):
    found = {one.criteria.code: one for one in queries.lists(DAY)}
    assert found["gongmao-2023"].citable
    assert (found["aq3067-2026"].standing, found["aq3067-2026"].citable) == ("not_yet", False)
    assert found["fireworks-2017"].standing == "undated"
    assert found["fangwu-2024"].standing == "in_force"
    assert found["fangwu-2022"].standing == "ended" or found["fangwu-2022"].standing == "undated"
    assert {one.criteria.code for one in queries.lists(DAY, industry="coal")} == {"coal-2020", "coal-2026"}


def test_a_moved_bit_is_refused_and_local_names_stay(loaded):
    Industry.objects.filter(pk="coal").update(zh="煤炭", department="能源局")
    assert load_industries() == 0
    assert Industry.objects.get(pk="coal").department == "能源局"
    Industry.objects.filter(pk="coal").update(bit=40)
    with pytest.raises(BitMovedError):
        load_industries()


def test_the_calendar_starts_official_and_keeps_edits(loaded):
    last = last_official_year()
    assert CalendarYear.objects.get(year=last).status == "official"
    assert not CalendarDay.objects.get(day=date(last, 10, 1)).works
    days = calendar.load()
    with pytest.raises(CalendarEnds):
        days.is_workday(date(last + 1, 1, 4))
    CalendarDay.objects.filter(day__year=last).delete()
    CalendarYear.objects.filter(year=last).update(status="provisional", changed_by="张三")
    assert calendar_seed.seed() == 0
    CalendarYear.objects.filter(year=last).update(changed_by="")
    assert calendar_seed.seed() == 1
    assert calendar_seed.seed_provisional(last + 1)
    assert not calendar_seed.seed_provisional(last + 1)
    assert CalendarYear.objects.get(year=last + 1).status == "provisional"


def test_an_empty_calendar_refuses():
    with pytest.raises(CalendarEnds):
        calendar.load().is_workday(DAY)
