"""Risk points for the map's tests: written past the verbs, as the triggers see only rows."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise
from anlan.risks.models import RiskPoint
from anlan.risks.morton import morton
from tests.factories import TOWN

_numbers = count(1)
HERE = (111.5200, 36.0800)
FIELDS = {0: "gongmao", 1: "hazchem", 2: "construction"}


def new_point(
    enterprise: Enterprise,
    *,
    at: tuple[float, float] | None = HERE,
    colour: str = "red",
    region: int = TOWN,
    bit: int = 0,
    reassess_by: date | None = None,
    active: bool = True,
    name: str = "",
) -> RiskPoint:
    number = next(_numbers)
    moment = clock.now()
    return RiskPoint(
        id=new_id(), number=f"FX-{number}", enterprise=enterprise, name=name or f"{number}号风险点",
        lon=at and f"{at[0]:.6f}", lat=at and f"{at[1]:.6f}", morton=at and morton(*at),
        region=region, county=region - region % 1_000_000, industry_id=FIELDS[bit], industry_bit=bit,
        colour=colour, reassess_by=reassess_by, active=active, created_at=moment, changed_at=moment,
    )  # fmt: skip


def put(*points: RiskPoint) -> Sequence[RiskPoint]:
    with scope.acting(SYSTEM):
        return RiskPoint.objects.bulk_create(points)


def change(point: UUID, **values: Any) -> None:
    with scope.acting(SYSTEM):
        RiskPoint.objects.filter(pk=point).update(**values)
