"""Whatever people do in whatever order: a return only goes the declared ways, and what was vouched for stays vouched for."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Amendment, Confirmation, Return
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Problem
from tests.campaigns.conftest import Month, asked, nothing, right

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]

EDGES = {(source, target) for _step, source, target in RETURN.edges()} | {
    (source, after) for source in ("open", "draft", "bounced", "returned") for after in ("passed", "bounced")
}
"""Handing in and the checks' answer are one act."""
WHO = ("county", "county2", "city", "city2", "town", "neighbour")
MOVES = st.one_of(
    st.tuples(st.just("fill"), st.sampled_from(WHO)),
    st.tuples(st.just("spoil"), st.sampled_from(WHO)),
    st.tuples(st.just("look"), st.sampled_from(WHO)),
    st.tuples(st.sampled_from(["hand_in", "accept", "send_back", "lock", "amend", "judge"]), st.sampled_from(WHO)),
)
ROAD = [("fill", "county"), ("hand_in", "county"), ("look", "city"), ("accept", "city"), ("lock", "city2")]
"""The way home, from which walks stray: without it few would get beyond a draft."""


def _data(move: str) -> list[tuple[str, dict[str, Any]]]:
    match move:
        case "fill":
            return [("save", {"cells": right("county"), "nothing": nothing("county")})]
        case "spoil":
            return [("save", {"cells": {"checks.units": "很多"}})]
        case "look":
            return [("confirm", {"panel": panel}) for panel in asked("county")]
        case "send_back":
            return [(move, {"reason": "请核对后再报。"})]
        case "amend":
            return [(move, {"cell": "help.visits", "typed": 8, "reason": "县里来函更正。"})]
        case _:
            return [(move, {})]


def _holds(before: Return, after: Return) -> None:
    assert before.state == after.state or (before.state, after.state) in EDGES
    assert after.version >= before.version
    assert after.round >= before.round
    assert after.bounced + after.sent_back <= 2 * after.round
    assert not (after.missing and after.handed_in_at)
    with scope.acting(SYSTEM):
        looked = set(Confirmation.objects.filter(of=after, round=after.round).values_list("panel", flat=True))
        lookers = set(Confirmation.objects.filter(of=after).values_list("person_id", flat=True))
        amendments = Amendment.objects.filter(of=after).count()
    if after.state in ("accepted", "locked"):
        assert looked == set(asked("county"))
        assert after.reviewer_person_id not in (None, after.filler_person_id)
        assert after.filler_person_id not in lookers
    if before.state == "locked":
        assert after.state == "locked"
        assert after.filler_person_id == before.filler_person_id
        assert (after.values == before.values) is (after.amended == before.amended)
    assert amendments == after.amended
    if after.state in ("passed", "accepted", "locked"):
        stops = [one for one in after.troubles if one["severity"] == "error"]
        assert stops == []


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(strays=st.lists(st.tuples(st.integers(0, len(ROAD)), MOVES), max_size=6))
def test_every_walk_keeps_what_must_hold(month: Month, strays: list[tuple[int, tuple[str, str]]]) -> None:
    moves = [*ROAD, ("amend", "city")]
    for at, move in sorted(strays, key=lambda one: -one[0]):
        moves.insert(at, move)
    point = transaction.savepoint()
    try:
        record = month.of("county")
        for move, who in moves:
            for step, data in _data(move):
                before = month.fresh(record)
                try:
                    month.do(who, record, step, **data)
                except Problem:
                    assert month.fresh(record).version == before.version
                _holds(before, month.fresh(record))
    finally:
        transaction.savepoint_rollback(point)
