"""Kept counts: after whatever happened to the points, they are what counting the points gives."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.risks import cells
from anlan.risks.figures import territories
from anlan.risks.models import MapCell, MapChange, MapDelta, RiskPoint
from anlan.risks.morton import morton
from anlan.risks.narrowing import Narrowing, read_narrowing
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.risks.maps import HERE, change, new_point, put
from tests.together import at_once

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PLACES = st.one_of(
    st.none(),
    st.tuples(st.floats(110, 113), st.floats(35, 37)),
    st.sampled_from([HERE, (111.52001, 36.08), (111.6, 36.08), (-179.9, -60.0)]),
)
FACTS = st.fixed_dictionaries({
    "at": PLACES,
    "colour": st.sampled_from(["red", "orange", "yellow", "blue", ""]),
    "region": st.sampled_from([TOWN, TOWN + 3, COUNTY, NEIGHBOUR_TOWN]),
    "bit": st.integers(0, 2),
    "days": st.one_of(st.none(), st.integers(-3, 3)),
    "active": st.booleans(),
})  # fmt: skip
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(FACTS, min_size=1, max_size=6)),
        st.tuples(st.just("change"), st.tuples(st.integers(0, 50), FACTS)),
        st.tuples(st.just("all"), st.sampled_from(["red", "blue"])),
        st.tuples(st.just("remove"), st.integers(0, 50)),
        st.tuples(st.just("day"), st.integers(-2, 4)),
        st.tuples(st.just("fold"), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_cells_are_what_the_points_are(city: City, deeds: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.today()
    with scope.acting(SYSTEM):
        RiskPoint.objects.all().delete()
    ids: list[Any] = []
    for what, given_ in deeds:
        with scope.acting(SYSTEM):
            if what == "add":
                ids += [one.pk for one in put(*(_point(city, facts) for facts in given_))]
            elif what == "change" and ids:
                other = _point(city, given_[1])
                fields = ("lon", "lat", "morton", "colour", "region", "industry_bit", "reassess_by", "active")
                change(ids[given_[0] % len(ids)], **{name: getattr(other, name) for name in fields})
            elif what == "all":
                RiskPoint.objects.update(colour=given_)
            elif what == "remove" and ids:
                RiskPoint.objects.filter(pk=ids.pop(given_ % len(ids))).delete()
            elif what == "day":
                monkeypatch.setattr(clock, "today", lambda ahead=given_: start + timedelta(days=ahead))
                assert cells.roll_day() in (True, False)
            elif what == "fold":
                cells.fold_all()
    wanted = _counted()
    assert _read(city) == wanted, "before folding"
    cells.fold_all()
    assert cells.drift() == []
    assert _read(city) == wanted, "after folding"
    with scope.acting(SYSTEM):
        assert not MapDelta.objects.exists()
        assert not MapChange.objects.exists()


def _point(city: City, facts: dict[str, Any]) -> RiskPoint:
    facts = dict(facts)
    days = facts.pop("days")
    return new_point(
        city.enterprise, reassess_by=None if days is None else clock.today() + timedelta(days=days), **facts
    )


def _counted() -> dict[int, tuple[int, int]]:
    """Points and reds a county, counted one by one."""
    with scope.acting(SYSTEM):
        found: dict[int, tuple[int, int]] = {}
        for point in RiskPoint.objects.filter(active=True):
            county = point.region - point.region % 1_000_000
            many, reds = found.get(county, (0, 0))
            found[county] = many + 1, reds + (point.colour == "red")
        return found


def _read(city: City) -> dict[int, tuple[int, int]]:
    with scope.acting(city.city_office):
        return {row.code: (row.total, row.counts["red"]) for row in territories(city.city_office, Narrowing()).rows}


def test_drift_is_found(city: City) -> None:
    put(new_point(city.enterprise))
    cells.fold_all()
    assert cells.drift() == []
    with scope.acting(SYSTEM):
        MapCell.objects.filter(level=7).update(red=9)
    assert len(cells.drift()) == 1


def test_a_change_that_no_map_shows_writes_nothing(city: City) -> None:
    (point,) = put(new_point(city.enterprise))
    cells.fold_all()
    change(point.pk, version=2, emergency_phone="119", changed_at=clock.now())
    with scope.acting(SYSTEM):
        assert not MapDelta.objects.exists()
        assert not MapChange.objects.exists()


def test_a_thousand_points_in_one_statement_write_few_rows(city: City) -> None:
    put(*(new_point(city.enterprise) for _ in range(1000)))
    with scope.acting(SYSTEM):
        assert MapDelta.objects.count() == 1
        assert MapChange.objects.count() == 1


def test_the_day_makes_points_overdue(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    today = clock.today()
    put(
        new_point(city.enterprise, reassess_by=today), new_point(city.enterprise, reassess_by=today - timedelta(days=1))
    )

    def overdue() -> int:
        with scope.acting(city.regulator):
            return territories(city.regulator, Narrowing()).total.counts["overdue"]

    cells.keep_map()
    assert overdue() == 1
    assert not cells.roll_day()
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    assert cells.roll_day()
    assert overdue() == 2
    cells.fold_all()
    assert overdue() == 2


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_writers_at_once_and_the_roll_between_them_lose_nothing() -> None:
    from tests.factories import make_city

    city = make_city()
    yesterday = clock.today() - timedelta(days=1)

    def write() -> None:
        for _ in range(15):
            put(new_point(city.enterprise, reassess_by=yesterday, at=HERE))

    def keep() -> None:
        for _ in range(15):
            cells.keep_map()

    at_once(write, write, write, keep, keep)
    cells.keep_map()
    assert cells.drift() == []
    with scope.acting(city.regulator):
        assert territories(city.regulator, Narrowing()).total.counts["overdue"] == 45


# Territories by colour


def test_territories_by_colour(city: City) -> None:
    put(
        new_point(city.enterprise, colour="red"),
        new_point(city.enterprise, colour="blue", region=COUNTY),
        new_point(city.enterprise, colour="blue", bit=1, at=None),
        new_point(city.enterprise, colour=""),
        new_point(city.n_enterprise, colour="orange", region=NEIGHBOUR_TOWN),
    )
    with scope.acting(city.city_office):
        found = territories(city.city_office, Narrowing())
    assert {row.code: row.total for row in found.rows} == {COUNTY: 4, NEIGHBOUR: 1}
    county = found.rows[0]
    assert county.worst_share == pytest.approx(1 / 3)
    assert county.opens
    assert found.unplaced == 1
    assert found.total.total == 5
    with scope.acting(city.regulator):
        found = territories(city.regulator, Narrowing())
        assert {row.code: (row.total, row.opens) for row in found.rows} == {COUNTY: (1, False), TOWN: (3, False)}
        blue = territories(city.regulator, read_narrowing({"colour": "blue", "industry": "hazchem"}))
        assert {row.code: row.counts["blue"] for row in blue.rows} == {TOWN: 1}
        assert blue.unplaced == 1
        assert not territories(city.regulator, read_narrowing({"region": str(NEIGHBOUR)})).rows
    for name, wanted in {"other_field": 1, "principal": 4, "n_principal": 1, "citizen": 0, "n_office": 1}.items():
        with scope.acting(city.actors[name]):
            assert territories(city.actors[name], Narrowing()).total.total == wanted, name
    with scope.acting(city.city_office):
        assert territories(city.city_office, read_narrowing({"region": str(CITY)})).total.total == 5


def test_cells_and_deltas_answer_to_the_scope_by_themselves(city: City) -> None:
    put(new_point(city.enterprise), new_point(city.n_enterprise, region=NEIGHBOUR_TOWN))
    for folded in (False, True):
        if folded:
            cells.fold_all()
        for name, wanted in {"regulator": {TOWN}, "n_office": {NEIGHBOUR_TOWN}, "principal": set(), "citizen": set(), "other_field": set()}.items():  # fmt: skip
            with scope.acting(city.actors[name]):
                seen = {
                    *MapCell.objects.values_list("region", flat=True),
                    *MapDelta.objects.values_list("region", flat=True),
                }
            assert seen == wanted, name
    assert morton(*HERE) > 0
