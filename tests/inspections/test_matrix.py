"""
Every state × step × post, once: who gets in is said here from the description, not read from the flow.

The answer is that of the database and the verbs: `yes`, `no` (not this post), `state` (not from this state), `unseen`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from anlan.inspections.actions.visit import take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.models import Visit
from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow, WrongState
from tests.factories import DRAWING
from tests.inspections.conftest import Field, make_field

BEFORE = ("planned", "assigned", "notified", "unannounced")
STATES = (*BEFORE, "under_way", "recorded", "filed", "cancelled")
PLAN, GO, OWN = "plans", "goes", "visited"
FROM: dict[str, tuple[str, ...]] = {
    "assign": ("planned",),
    "reassign": ("assigned", "notified", "unannounced"),
    "join": BEFORE,
    "notify": ("assigned",),
    "hold_back": ("assigned",),
    "reschedule": BEFORE,
    "arrive": ("notified", "unannounced"),
    "answer": ("under_way",),
    "add_finding": ("under_way",),
    "withdraw_finding": ("under_way",),
    "on_site": ("under_way",),
    "record": ("under_way",),
    "sign": ("recorded",),
    "reopen": ("recorded",),
    "cancel": (*BEFORE, "under_way"),
}
MAY: dict[str, set[str]] = {
    "assign": {PLAN}, "reassign": {PLAN}, "join": {PLAN}, "notify": {PLAN, GO}, "hold_back": {PLAN, GO},
    "reschedule": {PLAN}, "arrive": {GO}, "answer": {GO}, "add_finding": {GO}, "withdraw_finding": {GO}, "on_site": {GO},
    "record": {GO}, "sign": {GO, OWN}, "reopen": {GO}, "cancel": {PLAN, "leads"},
}  # fmt: skip
POSTS: dict[str, set[str]] = {
    "regulator": {PLAN}, "office": {PLAN}, "group_leader": {PLAN}, "inspector": {PLAN, GO, "leads"}, "inspector2": {PLAN, GO},
    "city_office": {PLAN}, "fire_regulator": {PLAN}, "leader": set(), "expert": set(), "auditor": set(), "principal": {OWN}, "safety_manager": {OWN},
}  # fmt: skip
"""What each post of the county is to a visit led by `inspector` with `inspector2`."""
BLIND = (
    "n_regulator", "n_inspector", "n_principal", "other_field", "citizen", "dispatcher", "finance", "system_admin",
)  # fmt: skip
KNOWN = ("notified", "under_way", "recorded", "filed")
"""States in which the enterprise knows of it; a cancelled one here was cancelled before."""


@pytest.fixture(scope="module")
def theatre(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Field, dict[str, Visit]]]:
    with django_db_blocker.unblock(), transaction.atomic():
        city = make_field()
        made: dict[str, Callable[[int], Visit]] = {
            "planned": lambda n: city.plan(**over(city, n)),
            "assigned": lambda n: city.assigned(**over(city, n)),
            "notified": lambda n: city.ready(**over(city, n)),
            "unannounced": lambda n: city.ready(**over(city, n), style="covert"),
            "under_way": lambda n: city.under_way(**over(city, n)),
            "recorded": lambda n: city.recorded(**over(city, n)),
            "filed": lambda n: city.filed(**over(city, n)),
            "cancelled": lambda n: city.do(city.regulator, city.assigned(**over(city, n)), "cancel", reason="企业停产"),
        }
        visits = {state: city.again(make(number)) for number, (state, make) in enumerate(made.items())}
        assert {state: visit.state for state, visit in visits.items()} == {state: state for state in STATES}
        yield city, visits
        transaction.set_rollback(True)


def over(city: Field, number: int) -> dict[str, Any]:
    """Each on its own complaint, so that neither cap nor neighbours' visits matter."""
    return {"reason": "complaint", "reason_words": f"举报{number}号"}


def data(city: Field, visit: Visit, step: str) -> dict[str, Any]:
    """Valid input, so that a refusal is for the post or the state; facts lack their photo, which is asked after both."""
    return {
        "assign": city.pair, "reassign": city.pair, "join": lambda: {"organisation": city.fire.pk},
        "reschedule": lambda: {"planned_on": city.day(3), "reason": "企业检修改期"},
        "answer": lambda: {"item": city.items[0].pk, "value": "yes"},
        "add_finding": lambda: {"place": "一车间", "category": "equipment", "description": "缺少防护罩，可触及。", "photos": [city.items[0].pk]},
        "withdraw_finding": lambda: {"finding": city.items[0].pk, "reason": "看错了位置"},
        "on_site": lambda: {"kind": "training", "words": "现场讲解"},
        "record": lambda: {"summary": "查看车间。", "met_name": "王某", "left_at": clock.now(), "digest": "0" * 64},
        "sign": lambda: {"party": "enterprise", "name": "王某", "digest": visit.record_digest or "0" * 64, "drawing": DRAWING},
        "reopen": lambda: {"reason": "漏记一处隐患"}, "cancel": lambda: {"reason": "企业停产检修"},
    }.get(step, dict)()  # fmt: skip


def tried(city: Field, actor: Actor, visit: Visit, step: str) -> str:
    """What became of it; nothing of it is kept."""
    try:
        with scope.acting(actor), transaction.atomic():
            take_step(actor=actor, visit=visit.pk, step=step, data=data(city, visit, step))
            transaction.set_rollback(True)
    except NotFound:
        return "unseen"
    except WrongState:
        return "state"
    except Forbidden:
        return "no"
    except NotNow:
        return "rule"
    except Invalid:
        return "typed"
    except Exception as error:
        return "typed" if getattr(error, "code", "") == "visit.sheet_changed" else repr(error)
    return "yes"


STEPS = tuple(FROM)


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what_in_each_state(theatre: tuple[Field, dict[str, Visit]], state: str) -> None:
    city, visits = theatre
    visit = visits[state]
    wrong = []
    for step in STEPS:
        for name, parts in POSTS.items():
            found = tried(city, city.actors[name], visit, step)
            expected = _expected(state, step, name, parts)
            if found not in expected:
                wrong.append(f"{step} by {name}: {found}, not {' or '.join(sorted(expected))}")
        wrong += [
            f"{step} by {name}: {found}"
            for name in BLIND
            if (found := tried(city, city.actors[name], visit, step)) != "unseen"
        ]
    assert wrong == []


def _expected(state: str, step: str, name: str, parts: set[str]) -> set[str]:
    if OWN in parts and state not in KNOWN:
        return {"unseen"}
    if state not in FROM[step]:
        return {"state"}
    named = state != "planned"  # before the assignment nobody goes
    parts = parts if named else parts - {GO, "leads"}
    if not parts & MAY[step]:
        return {"no"}
    if step == "hold_back" or (step == "notify" and state == "unannounced"):
        return {"rule"}  # announced by its style
    if step == "join" and name != "fire_regulator":
        return {"typed"}  # the fire department joins by its own people
    return {"typed"} if step in ("add_finding", "withdraw_finding", "record") else {"yes"}


def test_the_table_knows_every_step_people_take() -> None:
    people = {step.name for step in VISIT.steps if not (step.clock or step.opens or step.quiet)}
    assert people == set(FROM) == set(MAY)
    assert {step.name: tuple(step.source) for step in VISIT.steps if step.name in FROM} == FROM


def test_nobody_but_the_clock_takes_the_clocks_steps(theatre: tuple[Field, dict[str, Visit]]) -> None:
    city, visits = theatre
    for step in ("file", "remind", "fall_due", "escalate"):
        for name in POSTS:
            with pytest.raises((Forbidden, WrongState, NotFound)), scope.acting(city.actors[name]):
                take_step(actor=city.actors[name], visit=visits["recorded"].pk, step=step, data={"level": 1})
    with scope.acting(CLOCK), transaction.atomic():
        assert take_step(actor=CLOCK, visit=visits["recorded"].pk, step="fall_due", data={"level": 1}).late
        transaction.set_rollback(True)
