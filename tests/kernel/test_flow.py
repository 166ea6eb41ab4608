"""The flow engine: a table that contradicts itself does not load, and what is drawn from it is whole."""

from typing import Any

import pytest

from anlan.hazards.flow import HAZARD
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.flow import Flow, FlowError, State, Step, draw, flows
from anlan.kernel.flow.take import begin, take
from anlan.kernel.flow.timers import moment
from anlan.kernel.ids import new_id
from anlan.site import docs
from tests.factories import City

A, B, END = State(code="a", label="A"), State(code="b", label="B"), State(code="end", label="End", final=True)


def step(name: str, source: tuple[str, ...], target: tuple[str, ...] = ()) -> Step:
    return Step(name=name, label=name, source=source, target=target, by=lambda actor, record: True, who="anybody")


OPENS, ENDS = step("open", (), ("a",)), step("finish", ("a",), ("end",))
WRONG: dict[str, tuple[list[State], list[Step]]] = {
    "declared twice": ([A, END], [OPENS, ENDS, ENDS]),
    "unknown state": ([A, END], [OPENS, ENDS, step("jump", ("a",), ("nowhere",))]),
    "leads nowhere": ([A, END], [OPENS, ENDS, step("void", ())]),
    "is final": ([A, END], [OPENS, ENDS, step("reopen", ("end",), ("a",))]),
    "no step leads to b": ([A, B, END], [OPENS, ENDS, step("leave", ("b",), ("end",))]),
    "no step leaves b": ([A, B, END], [OPENS, ENDS, step("go", ("a",), ("b",)), step("stay", ("b",))]),
}


@pytest.mark.parametrize("complaint", WRONG)
def test_a_table_that_contradicts_itself_is_refused(complaint: str) -> None:
    states, steps = WRONG[complaint]
    with pytest.raises(FlowError, match=complaint):
        Flow(name="wrong", label="Wrong", model="hazards.Hazard", states=states, steps=steps)
    assert "wrong" not in flows


def test_a_sound_table_loads() -> None:
    Flow(name="sound", label="Sound", model="hazards.Hazard", states=[A, END], steps=[OPENS, ENDS])
    assert flows.pop("sound").edges() == [("open", "", "a"), ("finish", "a", "end")]


def test_every_step_says_who_and_every_state_what_it_waits_for() -> None:
    assert all(str(one.who) and str(one.label) for one in HAZARD.steps)
    ends = {"closed", "dismissed", "transferred"}
    assert {one.code for one in HAZARD.states if not str(one.waits_for)} == ends


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_is_no_step_of_the_record_is_not_found(city: City) -> None:
    hazard = city.found()
    with scope.acting(city.regulator):
        for name in ("no_such_step", "register"):
            with pytest.raises(NotFound):
                take(HAZARD, hazard.pk, name, actor=city.regulator)
        with pytest.raises(NotFound):
            take(HAZARD, new_id(), "dismiss", actor=city.regulator, data={"reason": "现场核实不构成"})
        with pytest.raises(ValueError, match="opens nothing"):
            begin(HAZARD, "dismiss", hazard, actor=city.regulator, data={})


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "data", [None, {}, {"reason": "x"}, {"reason": "现场核实不构成", "resaon": "misspelt"}, {"reason": None}]
)
def test_input_is_refused_at_its_field(city: City, data: Any) -> None:
    hazard = city.found()
    with scope.acting(city.regulator), pytest.raises(Invalid) as trouble:
        take(HAZARD, hazard.pk, "dismiss", actor=city.regulator, data=data)
    assert set(trouble.value.fields) <= {"reason", "resaon"}
    assert trouble.value.fields


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_rung_of_no_days_is_the_due_moment_itself(city: City) -> None:
    hazard = city.found()
    with scope.acting(SYSTEM):
        rungs = {rung.days: moment(hazard.due_at, rung) for rung in HAZARD.ladder(hazard)}
    assert rungs[0] == hazard.due_at
    assert list(rungs.values()) == sorted(rungs.values())


def test_the_drawing_holds_every_state_step_and_rule() -> None:
    text = "\n".join(
        [draw.diagram(HAZARD), draw.states_table(HAZARD), draw.steps_table(HAZARD), draw.checks_table(HAZARD)]
    )
    for state in HAZARD.states:
        assert f"    {state.code}: {state.label}" in text
    for one in HAZARD.steps:
        assert f"| `{one.name}` |" in text
        for guard in one.guards:
            assert guard.code in text
    for name, source, target in HAZARD.edges():
        if not HAZARD.step(name).stays:
            arrow = next(line for line in text.splitlines() if line.startswith(f"    {source or '[*]'} --> {target}: "))
            assert name in arrow.split(": ")[1].split(", ")


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    assert draw.table(("a",), [("x | y\nz",)]).splitlines()[2] == "| x \\| y z |"


def test_the_error_catalogue_knows_codes_given_where_they_are_raised() -> None:
    found = docs.problems()
    assert found["not_found"][0] == 404
    assert found["flow.changed"][0] == 409
    assert found["flow.wrong_state"][0] == 409
    assert found["hazard.exists"] == (409, "This hazard was registered already.")


def test_nobody_in_particular_is_an_actor_without_rights() -> None:
    assert not Actor().covers(141002000000)
    assert Actor().industries == 0
