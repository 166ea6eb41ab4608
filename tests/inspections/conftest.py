"""The small city with officers who may inspect, a department, a published checklist, and visits in any state."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from anlan.experts.models import Certificate
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Post
from anlan.inspections.actions.visit import plan_visit, take_step
from anlan.inspections.models import Visit
from anlan.inspections.sheet import sheet
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import make_uscc
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise
from anlan.standards.actions import add_item, create_checklist, draft_edition
from anlan.standards.actions import take_step as edition_step
from anlan.standards.models import Checklist, Item
from tests.api.conftest import speak
from tests.factories import COUNTY, DRAWING, NEIGHBOUR, TOWN, City, _enterprise, _post, make_city
from tests.sessions import signed_in

__all__ = ["signed_in", "speak"]


@dataclass
class Field(City):
    """A city whose officers go out."""

    department: Organisation = None  # type: ignore[assignment]
    fire: Organisation = None  # type: ignore[assignment]
    committee: Organisation = None  # type: ignore[assignment]
    items: list[Item] = field(default_factory=list)

    def plan_data(self, **over: Any) -> dict[str, Any]:
        return {
            "enterprise": self.enterprise.pk,
            "kind": "administrative",
            "check": "county",
            "planned_on": clock.today(),
            "organisation": self.department.pk,
        } | over

    def plan(self, actor: Actor | None = None, *, members: dict[str, Any] | None = None, **over: Any) -> Visit:
        actor = actor or self.regulator
        with scope.acting(actor):
            return plan_visit(actor=actor, data=self.plan_data(**over), members=members)

    def do(self, actor: Actor, visit: Any, step: str, **data: Any) -> Any:
        if not isinstance(visit, Visit):
            return super().do(actor, visit, step, **data)
        with scope.acting(actor):
            return take_step(actor=actor, visit=visit.pk, step=step, data=data)

    def pair(self) -> dict[str, Any]:
        return {"leader": self.posts["inspector"].pk, "officers": [self.posts["inspector2"].pk]}

    def goers(self, kind: str) -> dict[str, Any]:
        if kind == "expert_help":
            return {"leader": self.posts["expert"].pk, "officers": [self.posts["group_leader"].pk]}
        if kind == "supervision":
            return {"leader": self.posts["group_leader"].pk, "officers": [self.posts["inspector"].pk]}
        return self.pair()

    def leading(self, visit: Visit) -> Actor:
        return {"expert_help": self.expert, "supervision": self.group_leader}.get(visit.kind, self.inspector)

    def assigned(self, **over: Any) -> Visit:
        visit = self.plan(**over)
        return self.do(self.regulator, visit, "assign", **self.goers(visit.kind))  # type: ignore[no-any-return]

    def ready(self, **over: Any) -> Visit:
        """Notified, or held back as its style says."""
        visit = self.assigned(**over)
        step = "notify" if visit.style == "notified" else "hold_back"
        return self.do(self.regulator, visit, step)  # type: ignore[no-any-return]

    def under_way(self, **over: Any) -> Visit:
        visit = self.ready(**over)
        return self.do(self.leading(visit), visit, "arrive")  # type: ignore[no-any-return]

    def finding(self, visit: Visit, actor: Actor | None = None, **over: Any) -> UUID:
        actor = actor or self.leading(visit)
        id_ = new_id()
        with scope.acting(actor):
            photo = self.photo(actor)
        self.seed += 1
        self.do(actor, visit, "add_finding", **({
            "id": id_, "place": f"{self.seed}号机组", "category": "equipment",
            "description": "传动部位缺少防护罩，人员可触及。", "photos": [photo]} | over))  # fmt: skip
        return id_

    def answer(self, visit: Visit, item: Item, value: str, actor: Actor | None = None, **over: Any) -> Visit:
        return self.do(actor or self.leading(visit), visit, "answer", item=item.pk, value=value, **over)  # type: ignore[no-any-return]

    def record_data(self, visit: Visit, actor: Actor | None = None, **over: Any) -> dict[str, Any]:
        with scope.acting(actor or self.leading(visit)):
            fresh = Visit.objects.get(pk=visit.pk)
            data = {
                "summary": "查看了一号车间。",
                "met_name": "王某",
                "met_title": "厂长",
                "met_phone": "13800000000",
                "left_at": clock.now(),
            } | over
            met = (data["met_name"], data["met_title"], data["met_phone"])
            digest = sheet(fresh, summary=data["summary"], met=met, left=data["left_at"]).digest
        return {"digest": digest} | data

    def recorded(self, visit: Visit | None = None, **over: Any) -> Visit:
        visit = visit or self.under_way(**over)
        return self.do(self.leading(visit), visit, "record", **self.record_data(visit))  # type: ignore[no-any-return]

    def sign_record(self, actor: Actor, visit: Visit, party: str, name: str, **over: Any) -> Visit:
        with scope.acting(actor):
            digest = Visit.objects.get(pk=visit.pk).record_digest
        return self.do(
            actor, visit, "sign", **({"party": party, "name": name, "digest": digest, "drawing": DRAWING} | over)
        )  # type: ignore[no-any-return]

    def filed(self, **over: Any) -> Visit:
        visit = self.recorded(**over)
        if visit.kind == "expert_help":
            self.sign_record(self.expert, visit, "expert", self.expert.name)
        elif visit.kind == "supervision":
            self.sign_record(self.group_leader, visit, "officer", self.group_leader.name)
        else:
            self.sign_record(self.inspector, visit, "officer", self.inspector.name)
            self.sign_record(self.inspector2, visit, "officer", self.inspector2.name)
        return self.sign_record(self.leading(visit), visit, "enterprise", "王某")

    def again(self, visit: Visit, actor: Actor = SYSTEM) -> Visit:
        with scope.acting(actor):
            return Visit.objects.get(pk=visit.pk)

    def other_enterprise(self, number: int = 7, name: str = "青石机械有限公司") -> Enterprise:
        with scope.acting(SYSTEM):
            return _enterprise(number, name, self.enterprise.region)


def make_field() -> Field:
    city = Field(**vars(make_city()))
    with scope.acting(SYSTEM):
        for name, kind, attribute in (
            ("应急管理局", "department", "department"),
            ("消防救援大队", "department", "fire"),
            ("安委会办公室", "committee", "committee"),
        ):
            made = Organisation.objects.create(id=new_id(), name=name, kind=kind, region=COUNTY, industries=-1)
            setattr(city, attribute, made)
        for number, name in enumerate(
            ("inspector", "inspector2", "group_leader", "regulator", "n_inspector", "n_inspector2")
        ):
            certify(city, name, f"14100{number:05d}")
        Post.objects.filter(pk__in=[city.posts[name].pk for name in ("regulator", "inspector", "inspector2")]).update(
            organisation=city.department
        )
        _post(city, "fire_regulator", roles.REGULATOR, COUNTY, None)
        Post.objects.filter(pk=city.posts["fire_regulator"].pk).update(organisation=city.fire)
        for name in ("regulator", "inspector", "inspector2", "fire_regulator"):
            city.actors[name] = actor_for(
                Post.objects.select_related("person", "organisation").get(pk=city.posts[name].pk)
            )
    with clock.at(clock.now() - timedelta(days=30)):
        city.items = publish(city)
    return city


def certify(city: City, name: str, number: str, **over: Any) -> Certificate:
    person = city.posts[name].person_id
    region = NEIGHBOUR if name.startswith("n_") else COUNTY
    made: Certificate = Certificate.objects.create(
        id=new_id(),
        **({"person_id": person, "number": number, "region": region, "valid_from": date(2020, 1, 1)} | over),
    )
    return made


ITEMS: list[dict[str, Any]] = [
    {"code": "1", "group": "管理", "zh": "建立全员安全生产责任制"},
    {"code": "2", "group": "现场", "zh": "煤气报警装置有效", "category": "equipment"},
    {"code": "3", "group": "现场", "zh": "传动部位有防护罩", "category": "equipment"},
    {"code": "4", "group": "现场", "zh": "涉氨制冷系统完好", "industries": ["hazchem"]},
]
"""The second may be major by a clause; the last does not apply to the city's enterprise."""


def publish(city: City, *, code: str = "common", start: date | None = None) -> list[Item]:
    """A published edition of a common list of the county, written by its office and reviewed by the city's."""
    with scope.acting(city.office):
        checklist = Checklist.objects.filter(code=code).first()
        if checklist is None:
            checklist = create_checklist(actor=city.office, data={"zh": "工贸通用清单", "industry": "", "code": code})
            edition = draft_edition(actor=city.office, checklist=checklist.pk)
            for item in ITEMS:
                more = {"major_clause": city.clause.pk} if item["code"] == "2" else {}
                add_item(actor=city.office, edition=edition.pk, data=item | more)
        else:
            edition = draft_edition(actor=city.office, checklist=checklist.pk)
    with scope.acting(city.city_office):
        for step, data in (("review", {}), ("publish", {"in_force_from": start})):
            edition_step(actor=city.city_office, edition=edition.pk, step=step, data=data)
    return list(Item.objects.filter(edition=edition).order_by("place"))


@pytest.fixture
def city(db: None) -> Field:
    return make_field()


@pytest.fixture
def ready(city: Field) -> Field:
    """Five foundries in the county, their two certified officers, and a neighbour that must not be drawn."""
    now = datetime.now(UTC)
    with scope.acting(SYSTEM):
        for number in range(10, 14):
            Enterprise.objects.create(
                id=new_id(), uscc=make_uscc(number, region=141002), name=f"试验铸造{number}厂", region=TOWN,
                industry_id="gongmao", industry_bit=0, created_at=now, changed_at=now,
            )  # fmt: skip
    return city
