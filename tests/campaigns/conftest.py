"""A campaign in the small city: its office, two counties, a department, a town's unit below each county, and a month to fill."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password

from anlan.campaigns import actions
from anlan.campaigns.models import Campaign, Return
from anlan.campaigns.returns.kept import digest
from anlan.campaigns.returns.shipped import texts
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City, make_city

APRIL = date(2026, 4, 1)
IN_MAY = datetime(2026, 5, 6, 2, tzinfo=UTC)
LOCKED_PASSWORD = make_password(None)

UNITS = {
    # name: kind, region, industries, hands in as, looked at first by
    "city": ("committee", CITY, 0, "", ""),
    "county": ("committee", COUNTY, 0, "district", ""),
    "neighbour": ("committee", NEIGHBOUR, 0, "district", ""),
    "department": ("department", CITY, 0b001, "system", ""),
    "town": ("government", TOWN, 0, "unit", "county"),
    "far_town": ("government", NEIGHBOUR_TOWN, 0, "unit", "neighbour"),
}


@dataclass
class Month:
    """Actors by name: the office posts of the units and second ones with a 2, and officials who have no business here."""

    city: City
    campaign: Campaign = None  # type: ignore[assignment]
    units: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def of(self, unit: str, month: date = APRIL) -> Return:
        with scope.acting(SYSTEM):
            return Return.objects.get(unit=self.units[unit], month=month)

    def fresh(self, record: Return) -> Return:
        with scope.acting(SYSTEM):
            return Return.objects.get(pk=record.pk)

    def do(self, who: str | Actor, record: Return | UUID, step: str, **data: Any) -> Return:
        actor = self.actors[who] if isinstance(who, str) else who
        if step == "confirm":
            data.setdefault("seen", self.digest(record, data.get("panel", "")))
        with scope.acting(actor):
            return actions.take_step(actor=actor, record=getattr(record, "pk", record), step=step, data=data)

    def digest(self, record: Return | UUID, panel: str) -> str:
        """Of what a reviewer who looks is shown."""
        with scope.acting(SYSTEM):
            return digest(Return.objects.get(pk=getattr(record, "pk", record)).values, panel)

    def saved(self, unit: str, **data: Any) -> Return:
        """A whole and right return of the unit, with what is given otherwise."""
        good: dict[str, Any] = {"cells": right(unit), "nothing": nothing(unit)}
        for part, given in data.items():
            good[part] = {**good.get(part, {}), **given}
        return self.do(unit, self.of(unit), "save", **good)

    def passed(self, unit: str, **data: Any) -> Return:
        record = self.do(unit, self.saved(unit, **data), "hand_in")
        assert record.state == "passed", record.troubles
        return record

    def confirmed(self, unit: str, **data: Any) -> Return:
        record = self.passed(unit, **data)
        for panel in asked(unit):
            record = self.do(self.reviewer_of(unit), record, "confirm", panel=panel)
        return record

    def accepted(self, unit: str, **data: Any) -> Return:
        return self.do(self.reviewer_of(unit), self.confirmed(unit, **data), "accept")

    def locked(self, unit: str, **data: Any) -> Return:
        return self.do("city", self.accepted(unit, **data), "lock")

    def reviewer_of(self, unit: str) -> str:
        return UNITS[unit][4] or "city"

    def in_state(self, state: str, unit: str = "county") -> Return:
        match state:
            case "open":
                return self.of(unit)
            case "draft":
                return self.saved(unit)
            case "bounced":
                return self.do(unit, self.of(unit), "hand_in")
            case "returned":
                return self.do(self.reviewer_of(unit), self.passed(unit), "send_back", reason="请核对检查家次。")
            case _:
                record: Return = getattr(self, state)(unit)
                return record


def right(unit: str) -> dict[str, Any]:
    """What a unit writes that did a little of everything."""
    cells: dict[str, Any] = {
        "checks.units": "0", "checks.visits": "0", "hazards.carried": 0, "hazards.found": 0, "hazards.fixed": 0,
        "hazards.open": 0, "hazards.found_total": 0, "drills.enterprises": "2", "drills.drills": "3场",
        "training.officers_times": 1, "training.principals_times": 1, "training.principals": 1, "training.managers": 4,
        "training.workers_times": 2, "training.workers": 60, "training.criteria_times": 1, "training.criteria_people": 30,
        "enterprise.invested": "35万元", "enterprise.led_units": 1, "enterprise.led": 2, "publicity.events": 1,
        "contact.name": "李某", "contact.phone": "0351-1234567",
    }  # fmt: skip
    if UNITS[unit][3] == "unit":
        return cells
    return cells | {
        "help.units": 3, "help.visits": 3, "penalties.cases": 1, "penalties.fine": "1万元",
        "pressure.exposed": 0, "pressure.interviewed": 1, "pressure.joint": 0, "pressure.enterprises": 1, "pressure.letters": 0,
        "engineering.roads": 0, "engineering.reservoirs": "不涉及", "engineering.lifts": 12, "engineering.crossings": None,
        "engineering.houses": 3, "engineering.fire": 1,
    }  # fmt: skip


def nothing(unit: str) -> dict[str, bool]:
    return {"major": True} if UNITS[unit][3] == "unit" else {"major": True, "studies": True, "visits": True}


def asked(unit: str) -> list[str]:
    """The panels of a kind of unit."""
    own = ["checks", "hazards", "major", "training", "drills", "enterprise", "publicity", "contact"]
    higher = ["studies", "visits", "help", "penalties", "pressure", "engineering"]
    return own if UNITS[unit][3] == "unit" else [*own, *higher]


def _post(month: Month, name: str, role: str, unit: str) -> None:
    _kind, region, industries, _filler, _reviewer = UNITS[unit]
    person = Person(id=new_id(), username=f"r-{name}", name=f"{name}某", created_at=datetime.now(UTC))
    person.password = LOCKED_PASSWORD
    person.save()
    post = Post.objects.create(
        id=new_id(), person=person, role=role, region=region, industries=industries or -1, organisation=month.units[unit],
        valid_from=date(2020, 1, 1), created_at=datetime.now(UTC),
    )  # fmt: skip
    month.posts[name], month.actors[name] = post, actor_for(post)


def make_month(city: City | None = None) -> Month:
    month = Month(city=city or make_city())
    with scope.acting(SYSTEM):
        for name, (kind, region, industries, _filler, _reviewer) in UNITS.items():
            month.units[name] = Organisation.objects.create(
                id=new_id(), name=f"{name}单位", kind=kind, region=region, industries=industries
            )
        for name in UNITS:
            role = roles.OFFICE if name in ("city", "county", "neighbour") else roles.REGULATOR
            _post(month, name, role, name)
            _post(month, f"{name}2", role, name)
        month.actors |= month.city.actors
    city = month.actors["city"]
    template, checks = texts("2024-campaign")
    with clock.at(IN_MAY), scope.acting(city):
        month.campaign = actions.open_campaign(
            actor=city,
            data={
                "code": "zhiben",
                "zh": "治本攻坚三年行动",
                "en": "Three-year campaign",
                "from_day": date(2024, 1, 1),
            },
        )
        actions.publish_template(actor=city, campaign=month.campaign.pk, data={"template": template, "checks": checks})
        for name, (_kind, _region, _industries, filler, reviewer) in UNITS.items():
            if filler:
                actions.enrol(actor=city, campaign=month.campaign.pk, data={
                    "unit": month.units[name].pk, "filler": filler, "from_month": date(2024, 1, 1),
                    "reviewer": month.units[reviewer].pk if reviewer else None,
                })  # fmt: skip
        assert actions.open_month(actor=city, campaign=month.campaign.pk, month=APRIL) == 5
    return month


@pytest.fixture
def month(db: None) -> Month:
    return make_month()


@pytest.fixture
def in_may() -> Any:
    with clock.at(IN_MAY):
        yield
