"""A small city that takes citizens' reports: the kinds of report, units, citizens with accounts and without."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.citizens.accounts import make
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ids import new_id
from anlan.reports.actions import submit, take_step
from anlan.reports.loading import load_categories
from anlan.reports.models import Report
from tests.factories import COUNTY, NEIGHBOUR, TOWN, City, make_city

PHONE, NAME = "13835710001", "韩小满"


@dataclass
class Town:
    """The city with two units, a neighbour's unit, and people of each."""

    city: City
    unit: Organisation
    other_unit: Organisation
    n_unit: Organisation
    inspector: Actor
    regulator: Actor
    other_inspector: Actor
    n_inspector: Actor
    reporter: Actor
    second: Actor
    guest: Actor

    def send(self, actor: Actor | None = None, **over: Any) -> Report:
        who = actor or self.reporter
        data: dict[str, Any] = {
            "words": "楼道里堆满纸箱，安全出口上了锁。",
            "region": TOWN,
            "category": "fire_exit",
        } | over
        with scope.acting(who):
            return submit(actor=who, data=data)

    def do(self, actor: Actor, report: Report | UUID, step: str, **data: Any) -> Report:
        with scope.acting(actor):
            return take_step(actor=actor, report=getattr(report, "pk", report), step=step, data=data)

    def photo(self, actor: Actor) -> UUID:
        with scope.acting(actor):
            return self.city.photo(actor)

    def submitted(self, **over: Any) -> Report:
        return self.send(**over)

    def screened(self, **over: Any) -> Report:
        return self.do(self.city.dispatcher, self.send(**over), "screen", category="fire_exit")

    def dispatched(self, **over: Any) -> Report:
        return self.do(self.city.dispatcher, self.send(**over), "dispatch", unit=self.unit.pk)

    def returned(self, **over: Any) -> Report:
        return self.do(self.inspector, self.dispatched(**over), "send_back", reason="不属于本单位职责。")

    def verified(self, **over: Any) -> Report:
        return self.do(
            self.inspector, self.dispatched(**over), "verify", words="现场查看，安全出口确实上锁。", on=clock.today(),
            place="幸福小区3号楼", industry="gongmao", hazard_category="fire_escape",
        )  # fmt: skip

    def handled(self, **over: Any) -> Report:
        report = self.dispatched(**over)
        return self.do(
            self.inspector, report, "unfounded", reason="现场查看，通道畅通。", words="门锁已开，无堆物。",
            photos=[self.photo(self.inspector)],
        )  # fmt: skip

    def reviewed(self, **over: Any) -> Report:
        return self.do(self.city.office, self.handled(**over), "review", answer="经现场核查，通道畅通，感谢您的监督。")

    def answered(self, **over: Any) -> Report:
        report = self.reviewed(**over)
        tick()
        with scope.acting(SYSTEM):
            return Report.objects.get(pk=report.pk)

    def in_state(self, state: str, **over: Any) -> Report:
        found: Report = getattr(self, state)(**over)
        assert found.state == state
        return found

    def fresh(self, report: Report) -> Report:
        with scope.acting(SYSTEM):
            return Report.objects.get(pk=report.pk)


def _member(city: City, name: str, role: str, region: int, unit: Organisation, industries: int = -1) -> Actor:
    with scope.acting(SYSTEM):
        person = Person.objects.create(
            id=new_id(), username=f"{name}-{unit.name}", name=f"{name}员", created_at=clock.now()
        )
        post = Post.objects.create(
            id=new_id(), person=person, role=role, region=region, industries=industries, organisation=unit,
            valid_from=clock.today().replace(year=2020), created_at=clock.now(),
        )  # fmt: skip
    return actor_for(post)


def make_citizen(*, phone: str = "", name: str = "", guest: bool = False) -> Actor:
    with scope.acting(SYSTEM):
        post = make(phone=phone, guest=guest)
        if name:
            Person.objects.filter(pk=post.person_id).update(name=name)
            post.person.name = name
    return replace(actor_for(post), ip="203.0.113.7")


def make_town(city: City) -> Town:
    load_categories()
    with scope.acting(SYSTEM):
        units = [
            Organisation.objects.create(id=new_id(), name=name, kind="department", region=region, industries=-1)
            for name, region in (
                ("消防救援大队", COUNTY),
                ("住房和城乡建设局", COUNTY),
                ("邻县消防救援大队", NEIGHBOUR),
            )
        ]
    unit, other, n_unit = units
    return Town(
        city=city,
        unit=unit,
        other_unit=other,
        n_unit=n_unit,
        inspector=_member(city, "核查", roles.INSPECTOR, COUNTY, unit, industries=0b010),
        regulator=_member(city, "监管", roles.REGULATOR, COUNTY, unit),
        other_inspector=_member(city, "旁局", roles.INSPECTOR, COUNTY, other),
        n_inspector=_member(city, "邻县", roles.INSPECTOR, NEIGHBOUR, n_unit),
        reporter=make_citizen(phone=PHONE, name=NAME),
        second=make_citizen(phone="13935710002", name="冯二"),
        guest=make_citizen(guest=True),
    )


@pytest.fixture
def town(db: Any) -> Town:
    return make_town(make_city())


Maker = Callable[..., Report]
