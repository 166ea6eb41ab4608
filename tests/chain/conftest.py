"""A city whose chain is whole: every slot has its holder, every enterprise its people and cards."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from anlan.chain.actions import give_duty
from anlan.chain.models import Duty, DutyCard
from anlan.identity.models import Organisation, Post, Region
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise, Industry
from tests.api.conftest import speak
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City

__all__ = ["speak"]

PLACES = (CITY, COUNTY, NEIGHBOUR)
TOWNS = (TOWN, NEIGHBOUR_TOWN)
START = date(2024, 1, 1)


@dataclass
class Chain:
    """What was given, by (kind, part, region, industry)."""

    city: City
    bodies: dict[tuple[int, str], Organisation] = field(default_factory=dict)
    slots: dict[tuple[str, str, int, str], Duty] = field(default_factory=dict)

    def body(self, region: int, name: str, kind: str = "department") -> Organisation:
        key = (region, name)
        if key not in self.bodies:
            self.bodies[key] = Organisation.objects.create(
                id=new_id(), name=f"{region}{name}", kind=kind, region=region
            )
        return self.bodies[key]

    def facts(self, **over: Any) -> dict[str, Any]:
        """A lead of gongmao in the county."""
        facts = {"kind": "sector", "part": "lead", "region": COUNTY, "industry": "gongmao", "valid_from": START}
        return facts | {"organisation": self.body(COUNTY, "应急管理局").pk} | over

    def give(self, **facts: Any) -> Duty:
        duty = give_duty(actor=SYSTEM, data={"valid_from": START} | facts)
        self.slots[duty.kind, duty.part, duty.region, duty.industry_id or ""] = duty
        return duty

    def card(self, firm: Enterprise, **over: Any) -> DutyCard:
        facts: dict[str, Any] = {
            "level": "principal", "title": "主要负责人", "holder_name": firm.principal_name, "duties": ["尽责"],
            "signed_on": START,
        }  # fmt: skip
        return DutyCard.objects.create(
            id=new_id(), enterprise=firm, region=firm.region, industry_bit=firm.industry_bit, changed_at=datetime.now(UTC),
            **(facts | over),
        )  # fmt: skip


def complete(chain: Chain) -> None:
    """As SYSTEM: fill every slot of the small city."""
    for region in PLACES:
        for industry in Industry.objects.order_by("bit"):
            chain.give(
                kind="sector",
                part="lead",
                region=region,
                industry=industry.pk,
                organisation=chain.body(region, industry.pk).pk,
            )
            chain.give(
                kind="sector", part="leader", region=region, industry=industry.pk, person_name=f"分管{industry.pk}"
            )
        for part in ("director_party", "director_government"):
            chain.give(kind="committee", part=part, region=region, person_name=part)
    for region in (*PLACES, *TOWNS):
        chain.give(
            kind="territorial", part="lead", region=region, organisation=chain.body(region, "政府", "government").pk
        )
    for firm in Enterprise.objects.all():
        firm.principal_name, firm.safety_manager_name = "赵一", "钱二"
        firm.save()
        chain.card(firm)


@pytest.fixture
def chain(city: City) -> Chain:
    made = Chain(city)
    with scope.acting(SYSTEM):
        Region.objects.filter(pk=140000000000).update(level="province")
        complete(made)
    return made


@pytest.fixture
def leader_post(chain: Chain) -> Post:
    return chain.city.posts["leader"]


def ids(rows: Any) -> set[UUID]:
    return {one.pk for one in rows}
