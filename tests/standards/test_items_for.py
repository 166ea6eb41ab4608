"""Which items a visit asks: territory, industry, kind, campaign, day, and what the enterprise is and has."""

from datetime import timedelta

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.standards.queries import editions_for, items_for
from anlan.standards.rules import applies
from tests.factories import CITY, NEIGHBOUR, City
from tests.standards.lists import change, codes_of, in_use

FACTS = {"industry": ("gongmao",), "grade": ("",), "scale": ("small",), "facility": frozenset({"dust", "boiler"})}


@pytest.mark.parametrize(
    ("predicate", "fits"),
    [
        ({}, True),
        ({"facility": []}, True),
        ({"facility": ["dust"]}, True),
        ({"facility": ["ammonia", "boiler"]}, True),
        ({"facility": ["ammonia"]}, False),
        ({"facility": ["dust"], "industry": ["gongmao", "hazchem"]}, True),
        ({"facility": ["dust"], "industry": ["hazchem"]}, False),
        ({"grade": ["C", "D"]}, False),
        ({"scale": ["small"], "grade": ["A"]}, False),
        ({"weather": ["rain"]}, False),
    ],
)
def test_any_within_a_key_and_all_across_keys(predicate, fits):
    assert applies(predicate, FACTS) is fits


@pytest.mark.django_db(databases=["default", "owner"])
class TestItemsFor:
    def asked(self, city: City, *, kind: str = "administrative", campaign: str = "", days: int = 0) -> list[str]:
        with scope.acting(SYSTEM):
            enterprise = type(city.enterprise).objects.get(pk=city.enterprise.pk)
            day = clock.today() + timedelta(days=days)
            return codes_of(items_for(enterprise=enterprise, kind=kind, campaign=campaign, day=day))

    def test_common_then_industry_then_campaign(self, city):
        in_use(city, "C1", campaign="城镇燃气专项")
        in_use(city, "I1", "I2")
        in_use(city, "G1", industry="")
        assert self.asked(city) == ["G1", "I1", "I2"]
        assert self.asked(city, campaign="城镇燃气专项") == ["G1", "I1", "I2", "C1"]
        assert self.asked(city, campaign="别的专项") == ["G1", "I1", "I2"]

    def test_only_territory_and_industry(self, city):
        in_use(city, "CITY", region=CITY)
        in_use(city, "OWN")
        in_use(city, "OTHER", industry="hazchem")
        with scope.acting(SYSTEM):
            from tests.standards.lists import drafted, listed, step

            near = drafted(city.n_regulator, listed(city.n_regulator, region=NEIGHBOUR), "NEAR")
            step(city.n_office, near, "review")
            step(city.n_office, near, "publish")
        assert self.asked(city) == ["CITY", "OWN"]
        with scope.acting(SYSTEM):
            theirs = items_for(enterprise=city.n_enterprise, kind="administrative", day=clock.today())
        assert codes_of(theirs) == ["CITY", "NEAR"]

    def test_kinds_and_days(self, city):
        in_use(city, "ADM", kinds=["administrative", "supervision"])
        in_use(city, "ALL", start=clock.today() + timedelta(days=3))
        assert self.asked(city) == ["ADM"]
        assert self.asked(city, kind="self_check") == []
        assert self.asked(city, kind="self_check", days=3) == ["ALL"]
        assert self.asked(city, days=3) == ["ADM", "ALL"]
        assert self.asked(city, days=-1) == []

    def test_only_items_that_apply(self, city):
        from anlan.standards.actions import add_item
        from tests.standards.lists import drafted, listed, published

        edition = drafted(city.regulator, listed(city.regulator), "ALL")
        with scope.acting(city.regulator):
            for code, more in {
                "DUST": {"facilities": ["dust"]},
                "HEAT": {"facilities": ["boiler", "furnace"]},
                "BAD": {"grades": ["C", "D"]},
                "BIG": {"scales": ["large"], "facilities": ["dust"]},
            }.items():
                add_item(actor=city.regulator, edition=edition.pk, data={"code": code, "zh": "一项措施"} | more)
        published(city, edition)
        assert self.asked(city) == ["ALL"]
        change(city.enterprise, facilities=["dust"])
        assert self.asked(city) == ["ALL", "DUST"]
        change(city.enterprise, facilities=["furnace", "dust"], grade="D", scale="large")
        assert self.asked(city) == ["ALL", "DUST", "HEAT", "BAD", "BIG"]

    def test_the_cost_does_not_grow_with_the_items(self, city, django_assert_max_num_queries):
        for number in range(3):
            in_use(city, *(f"L{number}-{one}" for one in range(12)), industry="gongmao" if number else "")
        with scope.acting(SYSTEM), django_assert_max_num_queries(2):
            items = items_for(enterprise=city.enterprise, kind="administrative", day=clock.today())
            assert len({item.edition.checklist.zh + item.code for item in items}) == 36
        with scope.acting(SYSTEM), django_assert_max_num_queries(1):
            assert len(editions_for(enterprise=city.enterprise, kind="administrative", day=clock.today())) == 3
