"""Two counties of one city, with posts in each; the neighbour's rows are the ones that must not leak."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post, Region
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import ancestors, level, make_uscc
from anlan.kernel.ids import new_id
from anlan.registry.actions import load_industries, register_enterprise
from anlan.registry.models import Enterprise

CITY, COUNTY, TOWN = 141000000000, 141002000000, 141002001000
NEIGHBOUR, NEIGHBOUR_TOWN = 141021000000, 141021100000
NAMES = {CITY: "临汾市", COUNTY: "尧都区", TOWN: "解放路街道", NEIGHBOUR: "曲沃县", NEIGHBOUR_TOWN: "乐昌镇"}
GONGMAO, GAS = 4, 6


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in their source language, whatever the catalogues hold."""
    with translation.override("en"):
        yield


@dataclass
class Town:
    people: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    made: int = 0

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def hold(
        self, name: str, role: str, region: int, *, industries: int = -1, enterprise: Enterprise | None = None
    ) -> Actor:
        """A new person in a post; called as SYSTEM."""
        person = Person.objects.create(id=new_id(), username=name, name=f"{name} 某", password="!")
        organisation = Organisation.objects.get(pk=enterprise.pk) if enterprise else None
        self.posts[name] = Post.objects.create(
            id=new_id(),
            person=person,
            role=role,
            region=region,
            industries=industries,
            organisation=organisation,
            valid_from=date(2020, 1, 1),
            created_at=datetime.now(UTC),
        )
        self.people[name] = actor_for(self.posts[name])
        return self.people[name]

    def facts(self, **over: object) -> dict[str, object]:
        """What an enterprise is registered with: never the same code twice."""
        self.made += 1
        return {
            "name": f"第{self.made}铸造有限公司",
            "uscc": make_uscc(self.made, region=COUNTY),
            "region": TOWN,
            "industry": "gongmao",
        } | over

    def enterprise(self, actor: Actor | None = None, **over: object) -> Enterprise:
        who = actor or self["office"]
        with scope.acting(who):
            return register_enterprise(actor=who, data=self.facts(**over))


@pytest.fixture
def town(db: None) -> Town:
    load_industries()
    with scope.acting(SYSTEM):
        for code, name in NAMES.items():
            above = next((one for one in ancestors(code) if one in NAMES), None)
            Region.objects.create(code=code, name=name, level=level(code), parent_id=above)
        found = Town()
        for prefix, county in (("", COUNTY), ("n_", NEIGHBOUR)):
            for role in (
                roles.OFFICE,
                roles.REGULATOR,
                roles.INSPECTOR,
                roles.LEADER,
                roles.AUDITOR,
                roles.CITIZEN,
                roles.SYSTEM_ADMIN,
                roles.SECURITY_ADMIN,
                roles.AUDIT_ADMIN,
            ):
                found.hold(prefix + role, role, county)
        found.hold("gas", roles.REGULATOR, COUNTY, industries=1 << GAS)
        found.hold("city", roles.OFFICE, CITY)
    return found
