"""Every state × every step × every post, allowed and forbidden, tried for real."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from anlan.hazards.actions import take_step
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard
from anlan.kernel import scope
from anlan.kernel.errors import Conflict, Forbidden, NotFound, Problem, WrongState
from anlan.kernel.flow.offers import offers
from tests.matrix import document
from tests.matrix.expected import NEVER_SEE, PARTS_OF_OTHER_ACTS, PLAIN, POSTS, STAGES, STEPS, expected, leads_to
from tests.matrix.theatre import Theatre, fingerprint, open_theatre


@pytest.fixture(scope="module")
def theatre(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Theatre]:
    with django_db_blocker.unblock():
        yield from open_theatre()


@pytest.fixture
def stage_open(theatre: Theatre, django_db_blocker: Any) -> Iterator[Theatre]:
    with django_db_blocker.unblock():
        yield theatre


ALL_STEPS = (*STEPS, *PARTS_OF_OTHER_ACTS)


def _tried(stage: str) -> dict[str, tuple[str, ...]]:
    """Every post with every step in the plain states; in the special ones what the state allows, for those who see it."""
    if stage in PLAIN:
        return dict.fromkeys(POSTS, ALL_STEPS)
    possible = tuple(step for step, (states, _posts) in STEPS.items() if STAGES[stage] in states)
    return {post: possible for post in POSTS if post not in NEVER_SEE}


def test_the_table_speaks_of_every_step_state_and_post() -> None:
    assert set(ALL_STEPS) == {step.name for step in HAZARD.steps}
    assert set(STAGES.values()) == {state.code for state in HAZARD.states}
    for stage in STAGES:
        for post in POSTS:
            assert all(expected(stage, step, post) for step in ALL_STEPS)


def _try(theatre: Theatre, stage: str, step: str, post: str) -> str:
    try:
        hazard = take_step(
            actor=theatre.actors[post],
            hazard=theatre.hazards[stage].pk,
            step=step,
            data=theatre.data(stage, step, post),
        )
    except WrongState:
        return "wrong_state"
    except NotFound:
        return "not_found"
    except Forbidden:
        return "forbidden"
    except Conflict as trouble:
        return trouble.code
    except Problem as trouble:
        return f"{trouble.code} {trouble.fields}"
    return f"taken → {hazard.state}"


def _try_and_undo(theatre: Theatre, stage: str, step: str, post: str) -> str:
    """A step that takes is looked at as a commit would, and undone."""
    with transaction.atomic():
        outcome = _try(theatre, stage, step, post)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)
    return outcome


@pytest.mark.parametrize("stage", STAGES)
def test_each_post_takes_what_it_may_and_nothing_else(stage_open: Theatre, stage: str) -> None:
    wrong = []
    for post, steps in _tried(stage).items():
        hopes = {step: expected(stage, step, post) for step in steps}
        before = fingerprint()
        with scope.acting(stage_open.actors[post]):
            for step, hope in hopes.items():
                if hope == "taken":
                    hope = f"taken → {leads_to(stage, step)}"  # noqa: PLW2901 -- the hope with its state
                    outcome = _try_and_undo(stage_open, stage, step, post)
                else:
                    outcome = _try(stage_open, stage, step, post)
                if outcome != hope:
                    wrong.append(f"{post} {step}: {outcome}, expected {hope}")
        if fingerprint() != before:
            wrong.append(f"{post}: a refused step changed something")
    assert wrong == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_button_is_shown_exactly_when_the_step_would_be_taken(stage_open: Theatre, stage: str) -> None:
    wrong = []
    for post in POSTS:
        actor = stage_open.actors[post]
        with scope.acting(actor):
            record = Hazard.objects.filter(pk=stage_open.hazards[stage].pk).first()
            shown = offers(HAZARD, record, actor) if record else []
        pressed = {one.name for one in shown if one.allowed}
        hopes = {step: expected(stage, step, post) for step in ALL_STEPS if not HAZARD.step(step).clock}
        if pressed != {step for step, hope in hopes.items() if hope == "taken"}:
            wrong.append(f"{post}: {sorted(pressed)}")
        for one in shown:
            if one.allowed != (one.reason == ""):
                wrong.append(f"{post} {one.name}: {one.reason!r}")
            if hopes[one.name].startswith("check.") and one.reason != str(_rule(hopes[one.name]).words(record)):
                wrong.append(f"{post} {one.name}: {one.reason!r} instead of the rule's words")
    assert wrong == []


def _rule(code: str) -> Any:
    return next(guard for step in HAZARD.steps for guard in step.guards if guard.code == code)


def test_the_documented_matrix_is_the_proved_one() -> None:
    assert document.PATH.read_text(encoding="utf-8") == document.text(), "run: python -m tests.matrix.document"
