"""A risk point of the city's enterprise and one of the neighbour's."""

from dataclasses import dataclass
from typing import Any

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.risks import actions
from anlan.risks.models import Assessment, HazardSource, RiskPoint
from tests.api.conftest import speak
from tests.factories import City
from tests.sessions import signed_in

__all__ = ["Plant", "plant", "signed_in"]

__all__ = ["speak"]


@dataclass
class Plant:
    city: City

    def point(self, actor: Actor | None = None, **over: Any) -> RiskPoint:
        doer = actor or self.city.safety_manager
        with scope.acting(doer):
            data = {"enterprise": self.city.enterprise.pk, "name": "1号熔炼炉", "unit": "熔炼车间"} | over
            return actions.register_point(actor=doer, data=data)

    def neighbour(self, **over: Any) -> RiskPoint:
        data = {
            "enterprise": self.city.n_enterprise.pk,
            "name": "邻县酸洗槽",
            "unit": "酸洗车间",
            "emergency_phone": "13911112222",
        }
        return self.point(self.city.n_safety_manager, **(data | over))

    def source(self, point: RiskPoint, actor: Actor | None = None, **over: Any) -> HazardSource:
        doer = actor or self.city.safety_manager
        with scope.acting(doer):
            data = {"name": "高温金属液喷溅", "accidents": ["burns", "fire"]} | over
            return actions.add_source(actor=doer, point=point.pk, data=data)

    def assess(self, source: HazardSource, actor: Actor | None = None, **over: Any) -> Assessment:
        doer = actor or self.city.safety_manager
        with scope.acting(doer):
            data = {"method": "lec", "factors": {"L": "3", "E": "6", "C": "15"}} | over
            return actions.assess(actor=doer, source=source.pk, data=data)

    def control(self, source: HazardSource, actor: Actor | None = None, **over: Any) -> Any:
        doer = actor or self.city.safety_manager
        with scope.acting(doer):
            data = {"kind": "engineering", "words": "炉前设防护挡板", "tier": "team", "cycle": "daily"} | over
            return actions.add_control(actor=doer, source=source.pk, data=data)


@pytest.fixture
def plant(city: City) -> Plant:
    return Plant(city)
