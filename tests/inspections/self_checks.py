"""An enterprise with points, controls and running cycles, and one check as it is sent."""

from datetime import date, datetime, time, timedelta
from typing import Any

from anlan.inspections.actions.self_check import begin_plan, do_check
from anlan.inspections.models import SelfCheck, SelfCheckPlan
from anlan.inspections.periods import period_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.registry.models import Enterprise
from anlan.risks.models import Control, HazardSource, RiskPoint
from tests.factories import City

MONDAY = date(2026, 11, 16)
"""A Monday of a month without holidays in the tests' calendar."""
DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


def at(day: date, hour: int = 10, minute: int = 0) -> Any:
    """Act as if it were this hour of this day."""
    return clock.at(datetime.combine(day, time(hour, minute), clock.SHANGHAI))


def make_point(enterprise: Enterprise, name: str = "一号冲压机") -> RiskPoint:
    now = clock.now()
    with scope.acting(SYSTEM):
        return RiskPoint.objects.create(
            id=new_id(), number=f"FX-{new_id().hex[-12:]}", enterprise=enterprise, name=name, place="一车间",
            region=enterprise.region, county=enterprise.region - enterprise.region % 1_000_000,
            industry_id=enterprise.industry_id, industry_bit=enterprise.industry_bit, created_at=now, changed_at=now,
        )  # fmt: skip


def make_control(point: RiskPoint, words: str, cycle: str, **over: Any) -> Control:
    with scope.acting(SYSTEM):
        source, _made = HazardSource.objects.get_or_create(point=point, name="传动部位", defaults={"id": new_id()})
        return Control.objects.create(
            id=new_id(), source=source, kind="engineering", words=words, tier="team", cycle=cycle, **over
        )


def plan(
    city: City, cycle: str = "daily", begins: date = MONDAY, actor: Actor | None = None, **over: Any
) -> SelfCheckPlan:
    actor = actor or city.principal
    enterprise = over.pop("enterprise", city.enterprise.pk)
    with at(begins, 7), scope.acting(actor):
        return begin_plan(
            actor=actor, data={"enterprise": enterprise, "cycle": cycle, "begins_on": begins.isoformat()} | over
        )


def sheet(city: City, day: date, /, cycle: str = "daily", **over: Any) -> dict[str, Any]:
    return {
        "enterprise": str(city.enterprise.pk), "cycle": cycle, "period": period_of(cycle, day).isoformat(),
        "answers": [{"text": "护罩完好", "value": "yes"}], "nothing_found": True,
    } | over  # fmt: skip


def found(photos: Any, **over: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()), "place": "一车间东侧", "category": "guarding", "description": "传动部位缺少防护罩，人员可触及。",
        "photos": [str(one) for one in photos],
    } | over  # fmt: skip


def do(city: City, day: date, /, cycle: str = "daily", actor: Actor | None = None, **over: Any) -> SelfCheck:
    actor = actor or city.safety_manager
    client_at = over.pop("client_at", None)
    pk = over.pop("pk", None) or new_id()
    with scope.acting(actor):
        return do_check(actor=actor, id=pk, data=sheet(city, day, cycle, **over), client_at=client_at)


def checks() -> list[SelfCheck]:
    with scope.acting(SYSTEM):
        return list(SelfCheck.objects.order_by("period", "cycle"))


def steps(check: SelfCheck) -> list[str]:
    with scope.acting(SYSTEM):
        return list(Entry.objects.filter(subject_id=check.pk).order_by("version").values_list("step", flat=True))


def states() -> list[str]:
    return [one.state for one in checks()]
