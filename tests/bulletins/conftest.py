"""A month whose returns add up to the figures of a city's bulletin of April 2024, with people to write, review, approve and read one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from anlan.bulletins import actions
from anlan.bulletins.models import Bulletin
from anlan.campaigns.returns.kept import trouble_of
from anlan.identity import roles
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from tests.campaigns.conftest import APRIL, IN_MAY, Month, _post, make_month
from tests.factories import City
from tests.sessions import SignedIn, signed_in

__all__ = ["SignedIn", "signed_in"]

SEED = {
    # What seed 004 says until 30 April: the sum over its units.
    "checks.units": 3284,
    "hazards.found": 40,
    "hazards.fixed": 30,
    "help.units": 255,
    "penalties.fine": 1_000_000,  # fen: 1万元
    "pressure.enterprises": 20,
    "pressure.letters": 11,
    "training.officers_times": 28,
    "training.principals_times": 224,
    "training.principals": 12877,
    "training.criteria_times": 196,
    "training.criteria_people": 9481,
    "training.workers_times": 139,
    "drills.enterprises": 197,
}
SHARES = {"county": 5, "neighbour": 3, "department": 2}
"""How the sums fall on the units that hand in at the top."""


def split(total: int) -> dict[str, int]:
    """Whole parts that add up to the total."""
    parts = {unit: total * share // 10 for unit, share in SHARES.items()}
    parts["county"] += total - sum(parts.values())
    return parts


def figures_of(unit: str) -> dict[str, Any]:
    cells = {name: split(total)[unit] for name, total in SEED.items() if name != "penalties.fine"}
    found, fixed = cells["hazards.found"], cells["hazards.fixed"]
    return cells | {
        "penalties.fine": f"{split(100)[unit] / 100}万元",
        "penalties.cases": 1,
        "checks.visits": cells["checks.units"],
        "hazards.carried": 0,
        "hazards.open": found - fixed,
        "hazards.found_total": found,
        "help.visits": cells["help.units"],
        "drills.drills": cells["drills.enterprises"],
        "training.workers": cells["training.workers_times"] * 20,
        "pressure.exposed": 0,
        "pressure.interviewed": cells["pressure.enterprises"],
        "pressure.joint": 0,
    }


def major(unit: str) -> list[dict[str, str]]:
    """The list behind the figures."""
    found, fixed = split(40)[unit], split(30)[unit]
    rows = []
    for number in range(found):
        row = {"enterprise": f"{unit}{number}号厂", "what": f"{number}号车间未设安全出口", "found_on": "2026-04-10"}
        done = {"state": "fixed", "measure": "增设安全出口", "fixed_on": "2026-04-20"}
        rows.append(row | (done if number < fixed else {"state": "open", "due": "2026-07-31", "measure": "停用车间"}))
    return rows


@dataclass
class Desk:
    """`writer`, `checker` and `chief` are of the city's office; `leader` leads the city."""

    month: Month
    actors: dict[str, Actor] = field(default_factory=dict)

    def draft(self, who: str = "writer", **data: Any) -> Bulletin:
        asked = {"campaign": self.month.campaign.pk, "first_month": APRIL, "last_month": APRIL} | data
        with scope.acting(self.actors[who]):
            return actions.draft(actor=self.actors[who], data=asked)

    def do(self, who: str, bulletin: Bulletin, step: str, version: int | None = None, **data: Any) -> Bulletin:
        with scope.acting(self.actors[who]):
            return actions.take_step(
                actor=self.actors[who], bulletin=bulletin.pk, step=step, data=data, version=version
            )

    def issued(self, bulletin: Bulletin | None = None) -> Bulletin:
        found = bulletin or self.draft()
        self.do("checker", found, "review")
        self.do("chief", found, "approve")
        return self.do("writer", found, "issue")

    def fresh(self, bulletin: Bulletin) -> Bulletin:
        with scope.acting(SYSTEM):
            return Bulletin.objects.get(pk=bulletin.pk)


def make_desk(city: City | None = None) -> Desk:
    month = make_month(city)
    with scope.acting(SYSTEM):
        _post(month, "city3", roles.OFFICE, "city")
        _post(month, "city_leader", roles.LEADER, "city")
    desk = Desk(month)
    desk.actors = month.actors | {
        "writer": month.actors["city"],
        "checker": month.actors["city2"],
        "chief": month.actors["city3"],
        "leader": month.actors["city_leader"],
    }
    return desk


def hand_in(month: Month) -> None:
    """Through every step, with a reason where a figure is unlike the small city's register."""
    for unit in SHARES:
        typed: dict[str, Any] = {"cells": figures_of(unit), "nothing": {"major": False}, "rows": {"major": major(unit)}}
        found = month.saved(unit, **typed)
        reasons = {trouble_of(one).key: "已逐项核对台账，数据属实" for one in found.troubles}
        month.locked(unit, **typed, reasons=reasons)


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Desk]:
    """Made once a module: a month through all its steps takes a while."""
    with django_db_blocker.unblock(), clock.at(IN_MAY), transaction.atomic():
        found = make_desk()
        hand_in(found.month)
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def desk(stage: Desk, django_db_blocker: Any) -> Iterator[Desk]:
    """What a test does is undone after it."""
    with django_db_blocker.unblock(), clock.at(IN_MAY), transaction.atomic():
        yield stage
        transaction.set_rollback(True)
