"""What no checklist covers: figures, and the rows behind each of them."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import make_uscc
from anlan.registry.models import Enterprise
from anlan.standards.queries.coverage import Bare, Coverage, bare_enterprises, coverage
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.standards.lists import change, in_use

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BITS = {"gongmao": 0, "hazchem": 1, "construction": 2}


def grown(count: int, *, region: int = TOWN, industry: str = "hazchem", **facts: Any) -> None:
    now = datetime.now(UTC)
    with scope.acting(SYSTEM):
        base = 1000 + Enterprise.objects.count()
        Enterprise.objects.bulk_create(
            Enterprise(
                uscc=make_uscc(base + n, region=region), name=f"企业{base + n}", region=region, industry_id=industry,
                industry_bit=BITS[industry], created_at=now, changed_at=now, **facts,
            )
            for n in range(count)
        )  # fmt: skip


def seen(actor: Actor, county: int | None = None) -> Coverage:
    with scope.acting(actor):
        return coverage(actor, clock.today(), county=county)


def rows(actor: Actor, **asked: Any) -> list[str]:
    found, after = [], None
    while True:
        with scope.acting(actor):
            page = bare_enterprises(actor, clock.today(), Bare(**asked), after=after, limit=2)
        found += [one.name for one in page.rows]
        after = page.after
        if after is None:
            return found


def test_every_figure_opens_its_rows(city: City) -> None:
    grown(3)
    grown(2, region=NEIGHBOUR_TOWN, facilities=["dust"])
    in_use(city, "A1")  # the county's list of its industry
    in_use(city, "G1", industry="")
    in_use(city, "C1", industry="hazchem", campaign="专项")
    found = seen(city.city_office)
    assert {code: (one.total, one.bare, one.lists) for code, one in found.industries.items()} == {
        "gongmao": (2, 1, 1),  # the neighbour county's is not covered
        "hazchem": (5, 5, 0),
    }
    assert {place: (one.total, one.bare) for place, one in found.counties.items()} == {
        COUNTY: (4, 3),
        NEIGHBOUR: (3, 3),
    }
    assert (found.total, found.bare, found.bare_industries) == (7, 6, ["hazchem"])
    office = city.city_office
    assert len(rows(office)) == 6
    for code, one in found.industries.items():
        assert len(rows(office, industry=code)) == one.bare
    for place, one in found.counties.items():
        assert len(rows(office, county=place)) == one.bare
    assert rows(office, industry="gongmao") == [city.n_enterprise.name]


def test_facilities_are_covered_by_an_item_that_asks_about_them(city: City) -> None:
    change(city.enterprise, facilities=["dust", "boiler"])
    change(city.n_enterprise, facilities=["dust"])
    grown(2, facilities=["dust", "furnace"])
    in_use(city, "A1", item={"facilities": ["dust"]})
    in_use(city, "B1", industry="", item={"facilities": ["furnace"], "industries": ["gongmao"]})
    found = seen(city.city_office)
    assert {code: (one.total, one.bare) for code, one in found.facilities.items()} == {
        "dust": (4, 3), "boiler": (1, 1), "furnace": (2, 2),
    }  # fmt: skip
    assert set(found.bare_facilities) == {"boiler", "furnace"}
    for code, one in found.facilities.items():
        assert len(rows(city.city_office, facility=code)) == one.bare, code
    in_use(city, "C1", industry="", campaign="专项", item={"facilities": ["furnace"]})
    assert seen(city.city_office).facilities["furnace"].bare == 0
    assert rows(city.city_office, facility="furnace") == []


def test_a_list_of_the_city_covers_its_counties_and_nobody_sees_a_neighbour(city: City) -> None:
    grown(2, region=NEIGHBOUR_TOWN)
    assert seen(city.office).total == 1
    assert list(seen(city.office).counties) == [COUNTY]
    assert rows(city.office, county=NEIGHBOUR) == []
    assert rows(city.office, industry="hazchem") == []
    in_use(city, "A1", region=CITY)
    assert seen(city.city_office).industries["gongmao"].bare == 0
    assert seen(city.office).bare == 0
    assert seen(city.city_office, county=NEIGHBOUR).total == 3
    assert seen(city.other_field).total == 0


def test_closed_enterprises_do_not_count(city: City) -> None:
    change(city.enterprise, status="closed")
    assert seen(city.office).total == 0
    assert rows(city.office) == []


def test_one_page_costs_a_few_queries_whatever_is_there(city: City, django_assert_max_num_queries: Any) -> None:
    grown(400, facilities=["dust"])
    for one in range(4):
        in_use(city, "A1", "A2", code=f"l{one}", item={"facilities": ["dust"]})
    with scope.acting(city.city_office), django_assert_max_num_queries(4):
        coverage(city.city_office, clock.today())
    began = time.perf_counter()
    seen(city.city_office)
    assert time.perf_counter() - began < 2
