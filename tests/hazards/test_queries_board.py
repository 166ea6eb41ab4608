"""The board's figures are those of the table, at every moment, for every post."""

from datetime import UTC, datetime
from random import Random
from urllib.parse import parse_qs

import pytest

from anlan.hazards.models import Hazard, MonthDelta, TallyDelta
from anlan.hazards.queries.board import ENDS, FIGURES, Board, BoardFilters, board, trend
from anlan.hazards.tallying import drift, fold_tallies
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from tests.factories import COUNTY, TOWN, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

STATES = [
    "found",
    "dispatched",
    "disputed",
    "claimed",
    "rectifying",
    "rectified",
    "accepted",
    "closed",
    "dismissed",
    "transferred",
]


def _raw(actor: Actor) -> dict[str, int]:
    with scope.acting(actor):
        rows = list(Hazard.objects.values_list("state", "late", "grade"))
    is_open = [row for row in rows if row[0] not in ENDS]
    return {
        "found": len(rows),
        "open": len(is_open),
        "late": sum(late for _state, late, _grade in rows),
        "major": sum(grade == "major" for _state, _late, grade in is_open),
        "major_late": sum(late and grade == "major" for _state, late, grade in rows),
        **{state: sum(row[0] == state for row in rows) for state in ENDS},
    }


def _check(city: City) -> None:
    assert drift() == []
    for name in ("regulator", "office", "city_office", "n_regulator", "other_field"):
        actor = city.actors[name]
        expected = _raw(actor)
        with scope.acting(actor):
            for by in ("region", "industry", "source"):
                found: Board = board(actor, by)
                assert all(row.reconciles() for row in [*found.rows, found.total])
                assert {figure: getattr(found.total, figure) for figure in FIGURES} == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_reconcile_while_hazards_move_and_deltas_are_folded(city: City, seed: int) -> None:
    rng = Random(seed)
    for _turn in range(10):
        grade = rng.choice(["general", "major"])
        region, industry = rng.choice([(TOWN, "gongmao"), (COUNTY, "gongmao"), (TOWN, "hazchem")])
        city.in_state(
            rng.choice(STATES),
            grade=grade,
            region=region,
            industry=industry,
            source=rng.choice(["county", "self", "group"]),
        )
        if rng.random() < 0.4:
            fold_tallies(batch=rng.choice([1, 3, 1000]))
        _check(city)
    while fold_tallies():
        pass
    with scope.acting(SYSTEM):
        assert TallyDelta.objects.count() == 0
        assert MonthDelta.objects.count() == 0
    _check(city)


def test_a_row_of_the_county_itself_and_its_townships(city: City) -> None:
    city.found()
    city.found(region=COUNTY)
    with scope.acting(city.regulator):
        rows = board(city.regulator).rows
        assert [(row.key, row.found) for row in rows] == [(str(COUNTY), 1), (str(TOWN), 1)]
        assert parse_qs(rows[0].queries["open"]) == {"region": [str(COUNTY)], "own": ["1"], "state": ["open"]}
        narrowed = board(city.regulator, "source", BoardFilters(region=TOWN)).total
        assert narrowed.found == 1
    with scope.acting(city.city_office):
        rows = board(city.city_office).rows
        assert [(row.key, row.found) for row in rows] == [(str(COUNTY), 2)]
        assert "own" not in parse_qs(rows[0].queries["open"])


def test_the_neighbour_sees_nothing_of_it(city: City) -> None:
    city.found()
    for fold in (False, True):
        if fold:
            fold_tallies()
        with scope.acting(city.n_office):
            assert board(city.n_office).rows == []
            assert sum(month.found for month in trend(city.n_office)) == 0


def test_the_trend_counts_by_months_of_the_city_and_a_reopening_takes_the_closing_back(city: City) -> None:
    hazard = city.closed()
    old = city.found(found_at=datetime(2026, 10, 31, 16, 30, tzinfo=UTC), place="老厂房")  # 1 November in Shanghai
    assert old.found_at.month == 10
    fold_tallies()
    with scope.acting(city.office):
        last = trend(city.office)[-1]
        total = sum(one.found for one in trend(city.office, months=24))
    assert last.closed == 1
    assert total == 2
    city.do(city.office, hazard, "look_back", holds=False, remark="护罩又被拆下。", new_due=city.day(10))
    with scope.acting(city.office):
        assert trend(city.office)[-1].closed == 0


def test_a_step_takes_one_delta_out_and_puts_one_in(city: City) -> None:
    hazard = city.found()
    fold_tallies()
    city.do(city.regulator, hazard, "grade", grade="general")
    with scope.acting(SYSTEM):
        assert TallyDelta.objects.count() == 4  # one out, one in; by its own region and by county
