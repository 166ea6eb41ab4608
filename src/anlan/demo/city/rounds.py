"""Visits of the demo city: planned, carried out item by item, recorded, signed and filed by the verbs of `inspections`."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anlan.demo.city.enterprises import Firm
from anlan.demo.city.evidence import Shot
from anlan.demo.city.hours import Hours
from anlan.demo.city.life import World
from anlan.demo.words import HazardWords
from anlan.inspections.actions.visit import plan_visit, take_step
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Finding, Visit
from anlan.inspections.sheet import sheet
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Problem

Moments = Iterator[datetime]
OF_CHECK = {"county": "administrative", "group": "supervision", "expert": "expert_help"}
TRAININGS = (
    "现场讲解本次发现的问题和判定标准",
    "对当班人员讲解有限空间“先通风、再检测、后作业”",
    "组织岗位人员学习应急处置卡",
)
SUMMARIES = (
    "查看生产现场、特种作业和台账资料",
    "查看重点部位、设备设施和从业人员持证情况",
    "对照检查清单逐项检查，并抽查应急预案演练记录",
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a visit is to find."""

    words: HazardWords
    shot: Shot | None


class Round:
    """One visit and the people who make it. A refusal by the law of the kind (cap, avoidance) leaves nothing planned."""

    def __init__(self, world: World, firm: Firm, check: str, *, style: str = "notified") -> None:
        self.world, self.firm, self.check = world, firm, check
        staff, county = world.staff, firm.county
        self.style = style
        if check == "county":
            self.going = staff.inspectors[county][:2]
            self.planner = self.going[0]  # a department plans its own inspections
        elif check == "group":
            self.planner = staff.group_leaders[county]
            self.going = [staff.group_leaders[county], staff.group[county]]
        else:
            self.planner = staff.group_leaders[county]
            self.going = [staff.experts[county], staff.group_leaders[county]]
        self.visit: UUID | None = None

    @property
    def leader(self) -> Actor:
        return self.going[0]

    def plan(self, day: datetime) -> bool:
        """Planned, assigned, told or held back; False when it may not be made."""
        local = clock.day_of(day)
        leader, *others = (self.world.staff.post(one).pk for one in self.going)
        data = {
            "enterprise": self.firm.id,
            "site": self.firm.sites[0] if self.firm.sites and self.world.rng.random() < 0.5 else None,
            "kind": OF_CHECK[self.check],
            "check": self.check,
            "style": self.style,
            "planned_on": local,
            "planned_to": local + timedelta(days=3),
            "apart": "专业领域不同，已与其他部门沟通",
        }
        if self.check == "county":
            data["organisation"] = self.world.staff.post(self.leader).organisation_id
        try:
            with scope.acting(self.planner):
                made = plan_visit(actor=self.planner, data=data, members={"leader": leader, "officers": others})
                if self.style == "notified":
                    take_step(
                        actor=self.planner,
                        visit=made.pk,
                        step="notify",
                        data={"words": "请准备台账资料，安排熟悉现场的人员陪同。"},
                    )
        except Problem:
            return False
        self.visit = made.pk
        return True

    def do(self, step: str, actor: Actor | None = None, **data: Any) -> None:
        actor = actor or self.leader
        with scope.acting(actor):
            take_step(actor=actor, visit=self._id(), step=step, data=data)

    def arrive(self) -> None:
        lon, lat = (round(one + self.world.rng.uniform(-0.0006, 0.0006), 6) for one in self.firm.point)
        self.do("arrive", lon=lon, lat=lat, accuracy_m=self.world.rng.randint(4, 40))

    def check_items(self, found: list[Found]) -> list[UUID]:
        """Every item answered; what was found hangs on an item of its category, or stands beside the list."""
        with scope.acting(self.leader):
            items = items_of_visit(Visit.objects.get(pk=self._id()))
        left, ids = list(found), []
        for item in items:
            fitting = next((one for one in left if one.words.category == item.category), None)
            if fitting is None:
                value = "na" if self.world.rng.random() < 0.08 else "yes"
                self.do("answer", item=item.pk, value=value)
                continue
            left.remove(fitting)
            self.do("answer", item=item.pk, value="no", remark=fitting.words.description[:60])
            ids.append(self._finding(fitting, item.pk))
        return ids + [self._finding(one, None) for one in left]

    def _finding(self, found: Found, item: UUID | None) -> UUID:
        words = found.words
        with scope.acting(self.leader):
            photos = [found.shot.upload(self.leader)] if found.shot else []
            before = set(Finding.objects.filter(visit_id=self._id()).values_list("pk", flat=True))
            take_step(
                actor=self.leader,
                visit=self._id(),
                step="add_finding",
                data={
                    "item": item, "place": words.place, "category": words.category, "description": words.description,
                    "photos": photos,
                },
            )  # fmt: skip
            made: UUID = Finding.objects.filter(visit_id=self._id()).exclude(pk__in=before).get().pk
        return made

    def record(self) -> None:
        rng = self.world.rng
        if rng.random() < 0.5:
            self.do("on_site", kind="training", words=rng.choice(TRAININGS), people=rng.randint(3, 30))
        met = (self.firm.manager or self.firm.principal, "安全管理员" if self.firm.manager else "主要负责人", "")
        summary = rng.choice(SUMMARIES)
        with scope.acting(self.leader):
            left = clock.now()
            digest = sheet(Visit.objects.get(pk=self._id()), summary=summary, met=met, left=left).digest
        self.do(
            "record", summary=summary, met_name=met[0], met_title=met[1], met_phone=met[2], left_at=left, digest=digest
        )

    def sign(self) -> None:
        """The visitors, then the enterprise: with the last signature the record is filed."""
        with scope.acting(self.leader):
            digest = Visit.objects.get(pk=self._id()).record_digest
        for actor in self.going:
            party = "expert" if actor.role == "expert" else "officer"
            with self.world.studio.signature(actor.name) as drawing:
                self.do("sign", actor, party=party, name=actor.name, digest=digest, drawing=drawing)
        name = self.firm.manager or self.firm.principal
        with self.world.studio.signature(name) as drawing:
            self.do("sign", party="enterprise", name=name, digest=digest, drawing=drawing)

    def carry_out(self, found: list[Found]) -> list[UUID]:
        """From the gate to the filed record; the hazards that came of the findings."""
        self.arrive()
        ids = self.check_items(found)
        self.record()
        self.sign()
        with scope.acting(self.leader):
            hazards = dict(Finding.objects.filter(pk__in=ids).values_list("pk", "hazard_id"))
        return [hazard for one in ids if (hazard := hazards[one])]

    def _id(self) -> UUID:
        if self.visit is None:
            raise LookupError("not planned")
        return self.visit


def quiet(world: World, firm: Firm, check: str, at: datetime, *, style: str) -> Moments:
    """A visit on which nothing is found: a record all the same. One still to come stays planned."""
    round_ = Round(world, firm, check, style=style)
    yield min(at - timedelta(days=2), world.hours.now - timedelta(hours=3))
    if round_.plan(at) and at < world.hours.now:
        yield at
        round_.carry_out([])


def visits_besides(
    rng: random.Random, hours: Hours, firms: Sequence[Firm], first: int, count: int
) -> Iterator[tuple[Firm, str, datetime, str]]:
    """Visits without findings over the year, and some of the visitors' county that are due today and in the days to come."""
    today = hours.index(hours.now)
    for _ in range(count):
        style = rng.choice(("notified", "unannounced"))
        if day := hours.on(rng.randint(first, today - 1)):
            yield rng.choice(firms), rng.choice(("county", "county", "group")), day, style
    home = [firm for firm in firms if firm.county == firms[0].county]
    for ahead, firm in zip((0, 0, 1, 2, 4, 6), home, strict=False):
        later = hours.now.replace(hour=17, minute=50) + timedelta(days=ahead)
        yield firm, "county", later, "unannounced" if ahead % 2 else "notified"
