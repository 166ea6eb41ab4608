"""A year's assessment in the small city: the city's office with three clerks, two counties, a department, a short card."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password

from anlan.assessments import actions
from anlan.assessments.models import Assessment, Case, ItemScore, Round, ScoreCard
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from tests.factories import CITY, COUNTY, NEIGHBOUR, City, make_city
from tests.sessions import SignedIn, signed_in

__all__ = ["SignedIn", "signed_in"]
YEAR = 2025
IN_DECEMBER = datetime(2025, 12, 10, 2, tzinfo=UTC)
IN_JANUARY = datetime(2026, 1, 12, 2, tzinfo=UTC)
LOCKED_PASSWORD = make_password(None)
UNITS = {
    # name: kind, region, industries, role of its posts
    "city": ("committee", CITY, 0, roles.OFFICE),
    "county": ("committee", COUNTY, 0, roles.OFFICE),
    "neighbour": ("committee", NEIGHBOUR, 0, roles.OFFICE),
    "department": ("department", CITY, 0b001, roles.REGULATOR),
}


def short_card(**over: Any) -> dict[str, Any]:
    """Every way in which points come about."""
    return {
        "code": "district", "year": YEAR, "version": 1, "zh": "考核评分表", "en": "Score card", "bonus_most": 5,
        "group": [
            {"code": "work", "zh": "工作", "en": "Work", "item": [
                {"code": "tasks", "zh": "任务", "en": "Tasks", "weight": 30, "way": "computed", "measure": "directives_in_time"},
                {"code": "major", "zh": "重大隐患", "en": "Major hazards", "weight": 20, "way": "computed",
                 "measure": "major_in_time", "formula": "most - 300 * (whole - part)"},
                {"code": "visits", "zh": "督导", "en": "Visits", "weight": 20, "way": "hand"},
            ]},
            {"code": "conduct", "zh": "作风", "en": "Conduct", "item": [
                {"code": "training", "zh": "培训", "en": "Training", "weight": "12.5", "way": "hand"},
                {"code": "criticised", "zh": "被通报", "en": "Criticised", "weight": "17.5", "way": "deduct", "per_case": 3},
            ]},
        ],
        "bonus": [{"code": "commended", "zh": "推广", "en": "Commended", "per_case": 2, "cap": 4},
                  {"code": "rescued", "zh": "处险", "en": "Rescued", "per_case": 3, "cap": 3}],
        "veto": [{"code": "accident", "zh": "较大事故", "en": "Grave accident", "at_most": "59.99"},
                 {"code": "falsified", "zh": "弄虚作假", "en": "Falsified", "grade": "failed"}],
        "grade": [{"code": "excellent", "zh": "优秀", "en": "excellent", "points": 90},
                  {"code": "passed", "zh": "合格", "en": "passed", "points": 60},
                  {"code": "failed", "zh": "不合格", "en": "failed", "points": 0}],
    } | over  # fmt: skip


@dataclass
class Yearly:
    """Actors by the name of their unit; second and third clerks with 2 and 3, and officials who have no business here."""

    city: City
    units: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    card: ScoreCard = None  # type: ignore[assignment]
    round: Round = None  # type: ignore[assignment]

    def of(self, unit: str) -> Assessment:
        with scope.acting(SYSTEM):
            return Assessment.objects.get(unit=self.units[unit], round=self.round)

    def fresh(self, record: Assessment) -> Assessment:
        with scope.acting(SYSTEM):
            return Assessment.objects.get(pk=record.pk)

    def do(self, who: str, record: Assessment | UUID, step: str, **data: Any) -> Assessment:
        actor = self.actors[who]
        with scope.acting(actor):
            return actions.take_step(actor=actor, record=getattr(record, "pk", record), step=step, data=data)

    def scores(self, record: Assessment) -> dict[str, ItemScore]:
        with scope.acting(SYSTEM):
            return {one.item: one for one in ItemScore.objects.filter(assessment=record)}

    def cases(self, record: Assessment) -> list[Case]:
        with scope.acting(SYSTEM):
            return list(Case.objects.filter(assessment=record).order_by("at", "id"))

    def scored(self, unit: str, visits: object = 18, training: object = 10) -> Assessment:
        """Handed in by the unit, in December."""
        record = self.of(unit)
        with clock.at(IN_DECEMBER):
            self.do(unit, record, "score", item="visits", points=visits, words="领导带队督导12次。")
            self.do(unit, record, "score", item="training", points=training, words="培训6期。")
            return self.do(unit, record, "hand_in", words="全年工作完成。")

    def examined(self, unit: str, visits: object = 16, training: object = 10) -> Assessment:
        record = self.scored(unit)
        self.do("city", record, "examine", item="visits", points=visits, words="有两次无记录。")
        return self.do("city", record, "examine", item="training", points=training)

    def checked(self, unit: str, **points: Any) -> Assessment:
        return self.do("city", self.examined(unit, **points), "check")

    def notified(self, unit: str, **points: Any) -> Assessment:
        return self.do("city", self.checked(unit, **points), "notify")

    def appealed(self, unit: str, **points: Any) -> Assessment:
        return self.do(
            unit, self.notified(unit, **points), "appeal", items=["visits"], words="两次记录已补交，请复核。"
        )

    def decided(self, unit: str, **points: Any) -> Assessment:
        self.do(unit, record := self.notified(unit, **points), "agree")
        return self.do("city2", record, "decide", reason="无异议，维持核查结果。")

    def publish(self) -> Round:
        actor = self.actors["city"]
        with scope.acting(actor):
            return actions.publish_round(actor=actor, round=self.round.pk, data={"document": "安委〔2026〕3号"})

    def in_state(self, state: str, unit: str) -> Assessment:
        match state:
            case "opened":
                return self.of(unit)
            case "self_scored":
                return self.scored(unit)
            case "left_out":
                return self.do("city", self.of(unit), "leave_out", reason="机构改革撤销。")
            case "published":
                record = self.decided(unit)
                for other in self.units:
                    if other not in ("city", unit):
                        self.do("city", self.of(other), "leave_out", reason="机构改革撤销。")
                self.publish()
                return self.fresh(record)
            case _:
                return getattr(self, state)(unit)


def _post(yearly: Yearly, name: str, unit: str) -> None:
    _kind, region, industries, role = UNITS[unit]
    person = Person(id=new_id(), username=f"k-{name}", name=f"{name}某", created_at=datetime.now(UTC))
    person.password = LOCKED_PASSWORD
    person.save()
    post = Post.objects.create(
        id=new_id(), person=person, role=role, region=region, industries=industries or -1,
        organisation=yearly.units[unit], valid_from=date(2020, 1, 1), created_at=datetime.now(UTC),
    )  # fmt: skip
    yearly.posts[name], yearly.actors[name] = post, actor_for(post)


def make_yearly(city: City | None = None, card: dict[str, Any] | None = None) -> Yearly:
    yearly = Yearly(city=city or make_city())
    with scope.acting(SYSTEM):
        for name, (kind, region, industries, _role) in UNITS.items():
            yearly.units[name] = Organisation.objects.create(
                id=new_id(), name=f"{name}单位", kind=kind, region=region, industries=industries
            )
            for end in ("", "2", "3"):
                _post(yearly, f"{name}{end}", name)
    yearly.actors |= yearly.city.actors
    office = yearly.actors["city"]
    with clock.at(IN_DECEMBER), scope.acting(office):
        yearly.card = actions.publish_card(actor=office, data={"card": card or short_card()})
        yearly.round = actions.open_round(
            actor=office,
            data={
                "card": yearly.card.pk,
                "units": [unit.pk for name, unit in yearly.units.items() if name != "city"],
                "self_by": date(2025, 12, 31),
                "basis": "年度考核办法",
            },
        )
    return yearly


@pytest.fixture
def yearly(db: None) -> Yearly:
    return make_yearly()


@pytest.fixture
def in_january() -> Any:
    with clock.at(IN_JANUARY):
        yield


def points(*numbers: object) -> Decimal:
    return sum((Decimal(str(one)) for one in numbers), Decimal(0))
