"""
Every state × step × post of a report, really taken, against a table written from the description and not from the code.

What a post does not see is not there for it; what is not its turn is said to be; the rest is forbidden.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, SYSTEM, Actor
from anlan.kernel.errors import Forbidden, NotFound, NotNow, WrongState
from anlan.reports.actions import take_step
from anlan.reports.flow import REPORT
from anlan.reports.models import Report
from tests.factories import make_city
from tests.reports.conftest import Town, make_town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

STATES = ("submitted", "screened", "dispatched", "returned", "verified", "handled", "reviewed", "answered")
SENT = ("dispatched", "returned", "verified", "handled", "reviewed", "answered")
DESK = {"dispatcher", "office", "city_office"}
UNIT = {"inspector", "unit_regulator"}
FIELD = {"county_inspector", "county_regulator", "other_inspector", "leader", "group_leader", "expert", "auditor"}
"""They supervise the report's field in its territory; it was not sent to them."""
OUTSIDE = {
    "second", "guest", "n_dispatcher", "n_office", "n_inspector", "principal", "safety_manager", "system_admin",
    "security_admin", "audit_admin", "other_field",
}  # fmt: skip
EVERYBODY = {"reporter", "finance"} | DESK | UNIT | FIELD | OUTSIDE

TAKEN_BY: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "screen": (("submitted",), DESK),
    "dispatch": (("submitted", "screened", "returned"), DESK),
    "send_back": (("dispatched",), UNIT),
    "verify": (("dispatched",), UNIT),
    "unfounded": (("dispatched",), UNIT),
    "duplicate": (("submitted", "screened", "returned", "dispatched"), DESK | UNIT),
    "decline": (("submitted", "screened", "returned"), DESK),
    "send_again": (("handled",), {"office", "city_office"}),
    "review": (("handled",), {"office", "city_office"}),
    "contest": (("answered",), {"reporter"}),
    "rate": (("answered",), {"reporter"}),
    "edit_public": (STATES, DESK),
}
BY_THE_PLATFORM = {"handle", "tie", "hear", "come_back", "hold_back", "join", "open_seal"}
"""Part of other acts: there is no such step for anybody."""
BY_THE_CLOCK = {"answer", "anonymise", "remind", "fall_due", "escalate"}


def sees(post: str, state: str) -> bool:
    if post in DESK | {"reporter"}:
        return True
    if post == "finance":
        return state == "verified"
    return post in UNIT | FIELD and state in SENT


def expected(state: str, step: str, post: str) -> str:
    if step in BY_THE_PLATFORM or not sees(post, state):
        return "nothing"
    if step in BY_THE_CLOCK:
        return "either"
    sources, takers = TAKEN_BY[step]
    if state not in sources:
        return "not now"
    if step == "duplicate" and state == "returned" and post in UNIT:
        return "forbidden"  # no longer theirs
    return "done" if post in takers else "forbidden"


def actors(town: Town) -> dict[str, Actor]:
    city = town.city
    named = {
        "reporter": town.reporter, "second": town.second, "guest": town.guest, "inspector": town.inspector,
        "unit_regulator": town.regulator, "other_inspector": town.other_inspector, "n_inspector": town.n_inspector,
        "county_inspector": city.inspector, "county_regulator": city.regulator,
    }  # fmt: skip
    return named | {name: city.actors[name] for name in EVERYBODY - set(named)}


def data_for(town: Town, step: str, other: Report) -> dict[str, Any]:
    match step:
        case "screen":
            return {"category": "machinery"}
        case "dispatch":
            return {"unit": town.unit.pk}
        case "verify":
            return {"words": "现场属实。。", "on": clock.today(), "place": "一车间", "industry": "gongmao",
                    "hazard_category": "guarding"}  # fmt: skip
        case "send_back" | "decline" | "send_again":
            return {"reason": "说明理由如下。"}
        case "unfounded":
            return {"reason": "现场查看无此情况。", "words": "现场查看无此情况。", "photos": []}
        case "duplicate":
            return {"of": other.pk}
        case "review":
            return {"answer": "已核实处理，感谢您的监督。"}
        case "contest":
            return {"words": "现场还是老样子。"}
        case "rate":
            return {"satisfied": True}
        case "remind" | "fall_due" | "escalate" | "answer":
            return {"level": 1}
    return {}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def outcome(town: Town, actor: Actor, report: Report, step: str, other: Report) -> str:
    data = data_for(town, step, other)
    with undone():
        try:
            with scope.acting(actor):
                if step == "unfounded" and actor in (town.inspector, town.regulator):
                    data["photos"] = [town.city.photo(actor)]
                elif step == "unfounded":
                    data["photos"] = [report.pk]
                take_step(actor=actor, report=report.pk, step=step, data=data)
        except NotFound:
            return "nothing"
        except NotNow:
            return "not now"
        except WrongState:
            return "not now"
        except Forbidden:
            return "forbidden"
        return "done"


@pytest.mark.parametrize("state", STATES)
def test_every_step_and_post(db: None, state: str) -> None:
    town = make_town(make_city())
    report = town.in_state(state, category="machinery")
    other = town.dispatched(category="machinery", words="同一处机器没有防护罩。")
    people = actors(town)
    assert set(people) == EVERYBODY
    steps = [one.name for one in REPORT.steps if not one.opens]
    assert set(steps) == set(TAKEN_BY) | BY_THE_PLATFORM | BY_THE_CLOCK
    wrong = []
    for step in steps:
        for name, actor in people.items():
            wanted, found = expected(state, step, name), outcome(town, actor, report, step, other)
            if found != wanted and not (wanted == "either" and found in ("forbidden", "not now")):
                wrong.append((step, name, wanted, found))
    assert wrong == []


def test_the_platform_takes_its_own_steps_and_no_persons(town: Town) -> None:
    report = town.screened()
    for step in ("screen", "verify", "send_back", "edit_public", "contest"):
        with undone(), pytest.raises((Forbidden, WrongState)), scope.acting(SYSTEM):
            take_step(actor=SYSTEM, report=report.pk, step=step, data={})
    with scope.acting(CLOCK):
        sent = take_step(actor=CLOCK, report=report.pk, step="dispatch", data={"unit": town.unit.pk, "way": "rule"})
    assert sent.state == "dispatched"


@pytest.mark.parametrize(
    "role", ["dispatcher", "office", "n_dispatcher", "inspector", "leader", "auditor", "principal"]
)
def test_who_takes_a_report_down_by_telephone(town: Town, role: str) -> None:
    call = {"channel": "desk", "name": "赵来电", "phone": "13935799999"}
    actor = town.city.actors[role]
    if role in ("dispatcher", "office"):
        assert town.send(actor, **call).channel == "desk"
    else:
        with pytest.raises(Forbidden):
            town.send(actor, **call)


@pytest.mark.parametrize("role", ["dispatcher", "inspector", "principal", "auditor"])
def test_an_official_reports_nothing_as_a_citizen(town: Town, role: str) -> None:
    with pytest.raises(Forbidden):
        town.send(town.city.actors[role])
