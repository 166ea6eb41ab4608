"""Laws and checklists shipped as data: complete, consistent, loaded once, and never over a city's own edits."""

import copy
from collections import Counter
from datetime import date
from typing import Any

import pytest

from anlan.hazards.categories import categories
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.registry.actions import industries as industry_verbs
from anlan.registry.facilities import facilities
from anlan.registry.models import Industry
from anlan.standards import queries
from anlan.standards.actions import laws as law_verbs
from anlan.standards.actions import load_checklists, load_criteria, load_laws, shipped
from anlan.standards.actions.criteria import ClauseChangedError
from anlan.standards.models import Checklist, Edition, Item, Law, LawClause
from tests.factories import CITY, City
from tests.standards.lists import drafted, published, step

MARKS = {"V", "B+", "B", "W", "K"}


def test_every_list_is_whole() -> None:
    lists = shipped.shipped()
    assert len({one["code"] for one in lists}) == len(lists) >= 14
    codes = Counter(item["code"] for one in lists for item in one["items"])
    assert [code for code, times in codes.items() if times > 1] == []
    for one in lists:
        assert one["evidence"] in MARKS
        assert 6 <= len(one["items"]) <= 12
        for item in one["items"]:
            assert item["method"], item["code"]
            assert item["en"], item["code"]
            assert item.get("law") or item.get("basis"), item["code"]
            assert item["category"] in categories(), item["code"]
            assert set(item.get("facility", ())) <= set(facilities()), item["code"]
    (common,) = (one for one in lists if not one.get("industry") and not one.get("campaign"))
    assert len(common["items"]) == 9
    assert {one["campaign"] for one in lists if one.get("campaign")} >= {"城镇燃气专项", "厂中厂专项", "动火作业专项"}


def test_laws_say_how_far_they_were_verified() -> None:
    for law in law_verbs.shipped():
        assert law["evidence"] in MARKS
        assert law["source"]
        articles = [one["article"] for one in law["clause"]]
        assert len(set(articles)) == len(articles) > 0
        for clause in law["clause"]:
            assert clause["evidence"] in MARKS
            assert clause["zh"]
            assert clause["en"]
    (safety,) = (law for law in law_verbs.shipped() if law["code"] == "anquan-2021")
    verified = {one["article"] for one in safety["clause"] if one["evidence"] == "V"}
    assert verified == {"41", "62", "65", "68", "70", "73", "101", "102", "112", "113"}


@pytest.fixture
def ready(city: City) -> City:
    # The small city has bits of its own, so the other fields come after them.
    for bit, row in enumerate(industry_verbs.shipped()["industry"], start=10):
        Industry.objects.get_or_create(code=row["code"], defaults={"zh": row["zh"], "en": row["en"], "bit": bit})
    load_criteria()
    load_laws()
    return city


@pytest.mark.django_db(databases=["default", "owner"])
class TestLoading:
    def test_laws_load_once_and_a_changed_word_needs_a_version(self, db: None, monkeypatch: Any) -> None:
        assert load_laws() == Law.objects.count() == len(law_verbs.shipped())
        assert load_laws() == 0
        data = copy.deepcopy(law_verbs.shipped())
        data[0]["clause"][0]["zh"] = "别的说法"
        monkeypatch.setattr(law_verbs, "shipped", lambda: data)
        with pytest.raises(ClauseChangedError, match="anquan-2021: the words of 4 differ"):
            load_laws()
        data[0]["version"] = 2
        assert load_laws() == 1
        old, new = LawClause.objects.filter(law_id="anquan-2021", article="4").order_by("edition")
        assert (old.superseded_in, new.superseded_in, new.zh) == (2, None, "别的说法")

    def test_all_are_published_for_the_city_and_only_once(self, ready: City) -> None:
        count = load_checklists(region=CITY)
        assert count == len(shipped.shipped())
        assert load_checklists(region=CITY) == 0
        with scope.acting(SYSTEM):
            assert Edition.objects.filter(state="published", shipped=1, in_force_from=clock.today()).count() == count
            assert Checklist.objects.filter(code="141000-gongmao", region=CITY, industry_id="gongmao").exists()
            asked = set(Checklist.objects.exclude(industry=None).values_list("industry_id", flat=True))
            assert asked == set(Industry.objects.values_list("code", flat=True))
            majors = Item.objects.exclude(major_clause=None)
            assert majors.filter(edition__checklist__industry_id="gongmao").count() >= 8
            assert Item.objects.filter(law_clause=None, basis="").count() == 0

    def test_an_enterprise_is_asked_what_applies(self, ready: City) -> None:
        load_checklists(region=CITY, since=date(2025, 1, 1))
        with scope.acting(SYSTEM):
            enterprise = ready.enterprise
            plain = queries.items_for(enterprise=enterprise, kind="administrative", day=date(2025, 6, 1))
            enterprise.facilities = ["dust"]
            dusty = queries.items_for(enterprise=enterprise, kind="administrative", day=date(2025, 6, 1))
        assert [item.code for item in plain] == [*(f"G{n}" for n in range(1, 10)), "GM11", "GM12"]
        assert {item.code for item in dusty} - {item.code for item in plain} == {"GM3", "GM4", "GM5"}

    def test_a_later_version_replaces_what_was_shipped_alone(self, ready: City, monkeypatch: Any) -> None:
        load_checklists(region=CITY)
        with scope.acting(SYSTEM):
            own = Checklist.objects.get(code="141000-gongmao")
            gone = Checklist.objects.get(code="141000-gas")
            at_work = Checklist.objects.get(code="141000-fire")
        edition = drafted(ready.city_regulator, own, "OWN")
        published(ready, edition)
        step(ready.city_office, Edition.objects.get(checklist=gone), "withdraw", reason="本市另行制定")
        drafted(ready.city_regulator, at_work)
        data = copy.deepcopy(shipped.shipped())
        for one in data:
            one["version"] = 2
        monkeypatch.setattr(shipped, "shipped", lambda: data)
        assert load_checklists(region=CITY) == len(data) - 3
        with scope.acting(SYSTEM):
            assert Edition.objects.get(checklist=own, state="published").pk == edition.pk
            assert not Edition.objects.filter(checklist=gone, state="published").exists()
            assert Edition.objects.get(checklist=at_work, state="published").shipped == 1
            assert Edition.objects.get(checklist__code="141000-common", state="published").shipped == 2

    def test_a_clause_that_a_loaded_list_lacks_stops_the_load(self, ready: City, monkeypatch: Any) -> None:
        data = copy.deepcopy(shipped.shipped())
        data[0]["items"][0]["major"] = "gongmao-2023/99/1"
        monkeypatch.setattr(shipped, "shipped", lambda: data)
        with pytest.raises(shipped.UnknownClauseError, match="99"):
            load_checklists(region=CITY)
        assert not Checklist.objects.exists()
