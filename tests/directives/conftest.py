"""A city office that takes documents in, two units of counties that are given tasks, and posts that must not touch either."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from anlan.directives import actions
from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from tests.factories import CITY, COUNTY, NEIGHBOUR, City

TEXT = """安澜市安全生产委员会办公室关于加强冬季安全生产工作的通知
澜安办〔2026〕40号
各县区安委会，各有关单位：
现将有关事项通知如下：
一、重点任务
（一）开展排查。县应急局要在12月20日前完成加油站隐患排查，排查报告报市安委办。
（二）定期报送。各县区安委会每月25日前报送工作进展情况。
（三）限期约谈。县住建局于收到本通知之日起5个工作日内约谈施工单位主要负责人。
（四）日常值守。各单位每天组织一次夜间巡查。
安澜市安全生产委员会办公室
2026年11月18日
"""


@dataclass
class Desk:
    """The city office acts; `unit` and its neighbour are asked."""

    city: City
    unit: Organisation
    n_unit: Organisation
    member: Actor
    other_member: Actor
    n_member: Actor

    @property
    def office(self) -> Actor:
        return self.city.city_office

    def register(self, actor: Actor | None = None, **over: Any) -> Directive:
        who = actor or self.office
        with scope.acting(who):
            return actions.register(actor=who, data={"region": CITY, "text": TEXT} | over)

    def proposal(self, directive: Directive, position: int) -> Proposal:
        with scope.acting(SYSTEM):
            return Proposal.objects.get(directive=directive, position=position)

    def accept(self, position: int, *units: Organisation, directive: Directive | None = None) -> list[DirectiveTask]:
        row = self.proposal(directive or self.register(), position)
        with scope.acting(self.office):
            given = [one.pk for one in units or (self.unit,)]
            return actions.accept(actor=self.office, proposal=row.pk, data={"units": given})

    def do(self, actor: Actor, task: DirectiveTask | UUID, step: str, **data: Any) -> DirectiveTask:
        with scope.acting(actor):
            return actions.take_step(actor=actor, task=getattr(task, "pk", task), step=step, data=data)

    def fresh(self, task: DirectiveTask) -> DirectiveTask:
        with scope.acting(SYSTEM):
            return DirectiveTask.objects.get(pk=task.pk)

    def report(self, task: DirectiveTask, **over: Any) -> DirectiveTask:
        with scope.acting(self.member):
            photo = self.city.photo(self.member)
        given = {"words": "已完成全部加油站排查。", "finished_on": clock.today(), "files": [photo]} | over
        return self.do(self.member, task, "report", **given)

    # A task in every state, by what people do.
    def assigned(self) -> DirectiveTask:
        return self.accept(1)[0]

    def handed_back(self) -> DirectiveTask:
        return self.do(self.member, self.assigned(), "hand_back", reason="不属于本单位职责。")

    def signed_for(self) -> DirectiveTask:
        return self.do(self.member, self.assigned(), "sign")

    def under_way(self) -> DirectiveTask:
        return self.do(self.member, self.signed_for(), "start")

    def reported(self) -> DirectiveTask:
        return self.report(self.under_way())

    def returned(self) -> DirectiveTask:
        return self.do(self.office, self.reported(), "return", reason="缺少乡镇加油站的排查记录。")

    def verified(self) -> DirectiveTask:
        return self.do(self.office, self.reported(), "verify")

    def done(self) -> DirectiveTask:
        return self.do(self.office, self.verified(), "close")

    def withdrawn(self) -> DirectiveTask:
        return self.do(self.office, self.assigned(), "withdraw", reason="文件已废止。")

    def in_state(self, state: str) -> DirectiveTask:
        made: DirectiveTask = getattr(self, state)()
        assert made.state == state
        return made


def _unit(name: str, region: int) -> Organisation:
    with scope.acting(SYSTEM):
        return Organisation.objects.create(id=new_id(), name=name, kind="department", region=region)


def _member(name: str, role: str, unit: Organisation) -> Actor:
    with scope.acting(SYSTEM):
        person = Person.objects.create(id=new_id(), username=name, name=f"{name}员", created_at=clock.now())
        post = Post.objects.create(
            id=new_id(), person=person, role=role, region=unit.region, organisation=unit,
            valid_from=clock.today().replace(year=2020), created_at=clock.now(),
        )  # fmt: skip
    return actor_for(post)


@pytest.fixture
def desk(city: City) -> Desk:
    unit, n_unit = _unit("县应急局", COUNTY), _unit("邻县应急局", NEIGHBOUR)
    return Desk(
        city=city,
        unit=unit,
        n_unit=n_unit,
        member=_member("member", roles.REGULATOR, unit),
        other_member=_member("second", roles.LEADER, unit),
        n_member=_member("n_member", roles.REGULATOR, n_unit),
    )
