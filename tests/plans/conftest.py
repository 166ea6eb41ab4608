"""A campaign with a small plan: the city's office keeps it, two units of counties must do it, others must not touch it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from anlan.campaigns.models import Campaign
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.plans import actions
from anlan.plans.models import Plan, PlanItem
from tests.factories import CITY, COUNTY, NEIGHBOUR, City


def year() -> int:
    return clock.today().year


@dataclass
class Office:
    """The city office writes; `unit` and its neighbour are asked."""

    city: City
    plan: Plan
    unit: Organisation
    n_unit: Organisation
    member: Actor
    n_member: Actor

    @property
    def keeper(self) -> Actor:
        return self.city.city_office

    def put(self, code: str, name: str = "", actor: Actor | None = None, **over: Any) -> Any:
        who = actor or self.keeper
        with scope.acting(who):
            return actions.put_line(
                actor=who, plan=self.plan.pk, data={"code": code, "name": name or f"第{code}项工作"} | over
            )

    def item(self, code: str = "1.1.1.1", **over: Any) -> PlanItem:
        """An item of the district's sub-plan, with a target, not given out yet."""
        facts = {
            "sub_plan": "Q01", "year": year(), "unit_name": self.unit.name, "target": 40, "target_unit": "家",
            "due": clock.today() + timedelta(days=60), "evidence": "台账",
        }  # fmt: skip
        made: PlanItem = self.put(code, "完成粉尘涉爆企业排查", **(facts | over))
        return made

    def sub_plan(self, **over: Any) -> Any:
        facts = {
            "code": "Q01", "kind": "district", "name": "县实施方案", "year": year(), "unit_name": self.unit.name,
            "region": COUNTY, "document": "安委〔2026〕3号",
        }  # fmt: skip
        with scope.acting(self.keeper):
            return actions.put_sub_plan(actor=self.keeper, plan=self.plan.pk, data=facts | over)

    def publish(self, actor: Actor | None = None) -> Plan:
        who = actor or self.keeper
        with scope.acting(who):
            return actions.publish(actor=who, plan=self.plan.pk)

    def do(self, actor: Actor, item: PlanItem | UUID, step: str, **data: Any) -> PlanItem:
        with scope.acting(actor):
            return actions.take_step(actor=actor, item=getattr(item, "pk", item), step=step, data=data)

    def fresh(self, item: PlanItem) -> PlanItem:
        with scope.acting(SYSTEM):
            return PlanItem.objects.get(pk=item.pk)

    def report(self, item: PlanItem, **over: Any) -> PlanItem:
        with scope.acting(self.member):
            photo = self.city.photo(self.member)
        given = {"words": "全部排查完毕。", "finished_on": clock.today(), "files": [photo], "achieved": 40} | over
        return self.do(self.member, item, "report", **given)

    # An item in every state, by what people do.
    def planned(self) -> PlanItem:
        return self.item()

    def assigned(self) -> PlanItem:
        made = self.item()
        self.publish()
        return self.fresh(made)

    def handed_back(self) -> PlanItem:
        return self.do(self.member, self.assigned(), "hand_back", reason="不属于本单位职责。")

    def signed_for(self) -> PlanItem:
        return self.do(self.member, self.assigned(), "sign")

    def under_way(self) -> PlanItem:
        return self.do(self.member, self.signed_for(), "start")

    def reported(self) -> PlanItem:
        return self.report(self.under_way())

    def returned(self) -> PlanItem:
        return self.do(self.keeper, self.reported(), "return", reason="台账缺乡镇企业。")

    def verified(self) -> PlanItem:
        return self.do(self.keeper, self.reported(), "verify")

    def done(self) -> PlanItem:
        return self.do(self.keeper, self.verified(), "close")

    def withdrawn(self) -> PlanItem:
        return self.do(self.keeper, self.assigned(), "withdraw", reason="上级已取消。")

    def in_state(self, state: str) -> PlanItem:
        made: PlanItem = getattr(self, state)()
        assert made.state == state
        return made


def make_unit(name: str, region: int) -> Organisation:
    with scope.acting(SYSTEM):
        return Organisation.objects.create(id=new_id(), name=name, kind="department", region=region)


def make_member(name: str, role: str, unit: Organisation) -> Actor:
    with scope.acting(SYSTEM):
        person = Person.objects.create(id=new_id(), username=name, name=f"{name}员", created_at=clock.now())
        post = Post.objects.create(
            id=new_id(), person=person, role=role, region=unit.region, organisation=unit, industries=-1,
            valid_from=date(2020, 1, 1), created_at=clock.now(),
        )  # fmt: skip
    return actor_for(post)


@pytest.fixture
def office(city: City) -> Office:
    """The campaign runs three years about today; action, task and work stand, a district has a sub-plan."""
    unit, n_unit = make_unit("县应急局", COUNTY), make_unit("邻县应急局", NEIGHBOUR)
    with scope.acting(SYSTEM):
        campaign = Campaign.objects.create(
            id=new_id(), code="zbgj", zh="治本攻坚三年行动", en="Three-year campaign", region=CITY,
            from_day=date(year() - 1, 1, 1), to_day=date(year() + 1, 12, 31), created_at=clock.now(),
        )  # fmt: skip
    keeper = city.city_office
    with scope.acting(keeper):
        plan = actions.open_plan(actor=keeper, data={"campaign": campaign.pk})
    made = Office(
        city=city,
        plan=plan,
        unit=unit,
        n_unit=n_unit,
        member=make_member("member", roles.REGULATOR, unit),
        n_member=make_member("n_member", roles.REGULATOR, n_unit),
    )
    for code in ("1", "1.1", "1.1.1"):
        made.put(code)
    made.sub_plan()
    return made
