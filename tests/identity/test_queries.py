"""Who is told: the holders of a role whose territory and industries take in a record."""

from datetime import date, timedelta
from typing import Any

import pytest

from anlan.identity import queries
from anlan.identity.holders import Whom, holders, reach
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

CITY, COUNTY, OTHER_COUNTY = 141000000000, 141002000000, 141021000000
TOWN = 141002001000
GAS, COAL = 3, 4


def post(role: str, region: int, **more: Any) -> Post:
    number = Person.objects.count()
    person = Person.objects.create(
        username=f"p{number}", name=f"Person {number}", is_active=more.pop("is_active", True)
    )
    facts = {"valid_from": date(2020, 1, 1), "created_at": clock.now(), **more}
    return Post.objects.create(person=person, role=role, region=region, **facts)


def found(*roles: str, region: int, **more: Any) -> list[Post]:
    """The posts, found by both ways."""
    whom = Whom(roles=roles, region=region, **more)
    with scope.acting(SYSTEM):
        posts = holders(whom)
    with scope.acting(Actor(role="citizen")):
        assert reach(whom) == [(post.person_id, post.pk) for post in posts], "told without seeing them"
    return posts


def test_holders_are_those_whose_territory_and_industries_cover_the_record() -> None:
    with scope.acting(SYSTEM):
        city = post("regulator", CITY)
        county = post("regulator", COUNTY, industries=1 << GAS)
        post("regulator", COUNTY, industries=1 << COAL)
        post("regulator", OTHER_COUNTY)
        post("office", COUNTY)
        post("regulator", COUNTY, valid_to=clock.today() - timedelta(days=1))
        post("regulator", COUNTY, valid_from=clock.today() + timedelta(days=1))
        post("regulator", COUNTY, is_active=False)
    assert found("regulator", region=TOWN, industry_bit=GAS) == [county, city]
    assert found("regulator", region=TOWN, industry_bit=GAS, nearest=True) == [county]
    assert found("regulator", region=TOWN, industry_bit=GAS, nearest=True, besides=[county.person_id]) == [city]
    assert found("regulator", region=CITY, industry_bit=GAS) == [city]
    assert {one.role for one in found("regulator", "office", region=TOWN)} == {"regulator", "office"}
    assert found("leader", region=TOWN, nearest=True) == []


def test_holders_of_an_enterprise_are_its_own_people() -> None:
    with scope.acting(SYSTEM):
        works = Organisation.objects.create(id=new_id(), name="Works", kind="enterprise", region=TOWN)
        other = Organisation.objects.create(id=new_id(), name="Other works", kind="enterprise", region=TOWN)
        principal = post("principal", TOWN, organisation=works)
        post("principal", TOWN, organisation=other)
    assert found("principal", region=TOWN, industry_bit=GAS, enterprise=works.pk) == [principal]


def test_names_beyond_the_own_scope_need_elevation() -> None:
    with scope.acting(SYSTEM):
        there = post("office", OTHER_COUNTY, title="Head")
    with scope.acting(Actor(role="inspector", regions=((COUNTY, COUNTY + 10**6),), industries=-1)):
        assert queries.names_of([there.pk]) == {}
        with scope.elevated("to tell who was told"):
            names = queries.names_of([there.pk, new_id()])
            with scope.elevated("within the elevation"):
                pass
            assert Post.objects.count() == 1
        assert Post.objects.count() == 0
    assert str(names[there.pk]) == f"{there.person.name} (Head)"
