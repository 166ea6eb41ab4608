"""A small city: two counties, its three administrators, an auditor and an inspector."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post, Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import level, parent
from anlan.kernel.ids import new_id
from tests.channels.twin import twin, twin_process

__all__ = ["twin", "twin_process"]

CITY, COUNTY, OTHER_COUNTY = 141000000000, 141002000000, 141021000000
TOWN = 141002001000
PASSWORD = "Willow-Gate-41"


@dataclass
class City:
    """Posts by role, with an actor for each; `secret` is everybody's password."""

    posts: dict[str, Post]
    committee: Organisation
    works: Organisation
    secret: str = PASSWORD

    def actor(self, role: str) -> Actor:
        return actor_for(self.posts[role])

    def person(self, role: str) -> Person:
        return self.posts[role].person


def make_post(role: str, region: int = CITY, *, person: Person | None = None, **facts: Any) -> Post:
    number = Person.objects.count()
    if person is None:
        person = Person(username=f"{role.replace('_', '.')}.{number}", name=f"{role} {number}", region=region)
        person.set_password(PASSWORD)
        person.password_changed_at = person.created_at = clock.now()
        person.save()
    return Post.objects.create(
        person=person, role=role, region=region, **({"valid_from": date(2020, 1, 1), "created_at": clock.now()} | facts)
    )


@pytest.fixture
def city(db: Any) -> City:
    with scope.acting(SYSTEM):
        for code in (CITY, COUNTY, OTHER_COUNTY, TOWN):
            above = parent(code)
            Region.objects.create(
                code=code, name=f"R{code}", level=level(code), parent_id=above if above and above >= CITY else None
            )
        committee = Organisation.objects.create(id=new_id(), name="Committee office", kind="committee", region=CITY)
        works = Organisation.objects.create(id=new_id(), name="Works", kind="enterprise", region=TOWN)
        posts = {
            role: make_post(role)
            for role in (
                "system_admin",
                "security_admin",
                "audit_admin",
                "auditor",
                "dispatcher",
                "finance",
                "office",
                "leader",
                "expert",
                "citizen",
            )
        }
        posts |= {role: make_post(role, COUNTY) for role in ("regulator", "inspector", "group_leader")}
        posts |= {role: make_post(role, TOWN, organisation=works) for role in ("principal", "safety_manager")}
        loaded = Post.objects.select_related("person", "organisation").in_bulk([post.pk for post in posts.values()])
        posts = {role: loaded[post.pk] for role, post in posts.items()}
    return City(posts=posts, committee=committee, works=works)
