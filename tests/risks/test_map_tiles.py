"""Tiles: the encoder against a library, each point in exactly one tile, and nothing that its reader may not see."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import mapbox_vector_tile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.identity import roles
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.kernel.geo import wgs84_to_gcj02
from anlan.risks import cells, mvt, tiles
from anlan.risks.models import RiskPoint
from anlan.risks.morton import BITS, interleave, lonlat, mercator, morton, separate, tile_range
from anlan.risks.narrowing import Narrowing, read_narrowing
from tests.factories import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.risks.maps import HERE, change, new_point, put

database = pytest.mark.django_db(databases=["default", "owner"])
LONLAT = st.tuples(st.floats(-180, 180), st.floats(-85.05, 85.05))
EVERYTHING = Narrowing()


@pytest.fixture(autouse=True)
def empty_memory() -> Iterator[None]:
    tiles.kept.forget()
    yield
    tiles.kept.forget()


def decoded(body: bytes) -> dict[str, Any]:
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}


def asked(actor: Actor, zoom: int, at: tuple[float, float] = HERE, narrowing: Narrowing = EVERYTHING) -> dict[str, Any]:
    """The tile of that zoom over a place, as its reader's browser decodes it."""
    x, y = (axis >> (BITS - zoom) for axis in mercator(*at))
    with scope.acting(actor):
        found = tiles.tile(actor, narrowing, zoom, x, y)
    assert found.body is not None
    return decoded(tiles.plain(found.body))


def facts(layer: dict[str, Any]) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in layer["features"]]


def total(found: dict[str, Any]) -> int:
    return (
        sum(one["total"] for one in facts(found["cells"]))
        if "cells" in found
        else len(facts(found["points"]))
        if found
        else 0
    )


# Keys and the encoder


@given(LONLAT)
def test_a_key_gives_back_its_column_and_row(at: tuple[float, float]) -> None:
    column, row = mercator(*at)
    key = morton(*at)
    assert 0 <= key < 1 << 2 * BITS
    assert separate(key) == (column, row)
    assert interleave(column, row) == key
    lon, lat = lonlat(column + 0.5, row + 0.5)
    assert lon == pytest.approx(at[0], abs=2e-7)
    assert lat == pytest.approx(at[1], abs=2e-7)


@given(LONLAT, st.integers(0, 18))
def test_a_point_lies_in_exactly_one_tile_of_each_zoom(at: tuple[float, float], zoom: int) -> None:
    key = morton(*at)
    x, y = (axis >> (BITS - zoom) for axis in mercator(*at))
    low, high = tile_range(zoom, x, y)
    assert low <= key < high
    number = 1 << zoom
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        if 0 <= x + dx < number and 0 <= y + dy < number:
            low, high = tile_range(zoom, x + dx, y + dy)
            assert not low <= key < high


def test_columns_count_from_the_west_and_rows_from_the_north() -> None:
    assert mercator(-180, 85.06) == (0, 0)
    assert mercator(180, -90) == ((1 << BITS) - 1, (1 << BITS) - 1)
    assert mercator(0, 0) == (1 << BITS - 1, 1 << BITS - 1)
    assert separate(morton(*HERE) >> 2 * (BITS - 10)) == (829, 401)  # as every XYZ map numbers it


VALUES = st.one_of(st.text(max_size=300), st.integers(0, 2**40), st.booleans(), st.none())
PLACES = st.integers(0, mvt.EXTENT - 1)


@given(st.lists(st.tuples(PLACES, PLACES, st.tuples(VALUES, VALUES, VALUES)), max_size=60))
def test_the_encoder_says_what_the_library_reads(features: list[Any]) -> None:
    body = mvt.layer("points", ("id", "颜色", "c"), features)
    if not features:
        assert body == b""
        return
    layer = decoded(body)["points"]
    assert layer["extent"] == mvt.EXTENT
    assert layer["version"] == 2
    found = [(*feature["geometry"]["coordinates"], feature["properties"]) for feature in layer["features"]]
    wanted = [
        (x, y, {key: value for key, value in zip(("id", "颜色", "c"), values, strict=True) if value is not None})
        for x, y, values in features
    ]
    assert found == wanted
    assert [[type(one) for one in row[2].values()] for row in found] == [[type(one) for one in row[2].values()] for row in wanted]  # fmt: skip


def test_the_encoder_and_the_librarys_own_agree_on_a_full_tile() -> None:
    rng = Random(7)
    features = [(rng.randrange(4096), rng.randrange(4096), (f"id-{n}", rng.choice("abcd"), n)) for n in range(4000)]
    theirs = mapbox_vector_tile.encode(
        {"name": "points", "features": [{"geometry": f"POINT({x} {y})", "properties": dict(zip(("id", "colour", "n"), values, strict=True))} for x, y, values in features]},
        default_options={"y_coord_down": True},
    )  # fmt: skip
    assert decoded(mvt.layer("points", ("id", "colour", "n"), features)) == decoded(theirs)


# What a tile holds


@database
def test_points_near_and_cells_far(city: City) -> None:
    red, _yellow = put(new_point(city.enterprise, name="熔炼炉"), new_point(city.enterprise, colour="yellow", at=(111.5203, 36.0800)))  # fmt: skip
    near = asked(city.regulator, 14)
    assert sorted(one["colour"] for one in facts(near["points"])) == ["red", "yellow"]
    assert {"id": str(red.pk), "colour": "red", "name": "熔炼炉"} in facts(near["points"])
    for zoom in (0, 3, 5, 8, 12):
        assert facts(asked(city.regulator, zoom)["cells"]) == [{"total": 2, "worst": "red", "red": 1, "yellow": 1}], (
            zoom
        )
    assert cells.fold_all()
    tiles.kept.forget()
    for zoom in (0, 3, 5, 8, 12):
        assert facts(asked(city.regulator, zoom)["cells"]) == [{"total": 2, "worst": "red", "red": 1, "yellow": 1}], (
            zoom
        )


@database
def test_a_cell_stands_in_the_midst_of_its_points(city: City) -> None:
    put(new_point(city.enterprise, at=(111.5200, 36.0800)), new_point(city.enterprise, at=(111.5210, 36.0800)))
    (cell,) = asked(city.regulator, 10)["cells"]["features"]
    column, row = mercator(111.5205, 36.0800)
    assert cell["geometry"]["coordinates"] == [(axis >> (BITS - 22)) & 4095 for axis in (column, row)]


@database
@pytest.mark.parametrize("system", ["wgs84", "gcj02"])
@pytest.mark.parametrize("zoom", [9, 12, 13, 16])
def test_every_point_is_in_one_tile_and_no_other(city: City, settings: Any, system: str, zoom: int) -> None:
    settings.ANLAN_MAP_SYSTEM = system
    rng = Random(zoom)
    # On the corner of four tiles of this zoom, and all around it.
    x, y = (axis >> (BITS - zoom) for axis in mercator(*HERE))
    corner = lonlat(x << (BITS - zoom), y << (BITS - zoom))
    wide = 360 / (1 << zoom) * 1.4
    places = [
        corner,
        *((corner[0] + rng.uniform(-wide, wide), corner[1] + rng.uniform(-wide, wide) * 0.8) for _ in range(300)),
    ]
    made = put(*(new_point(city.enterprise, at=at) for at in places))
    found: Counter[str] = Counter()
    number = 0
    for dx in range(-4, 5):
        for dy in range(-4, 5):
            with scope.acting(city.regulator):
                answer = tiles.tile(city.regulator, EVERYTHING, zoom, x + dx, y + dy)
            tile = decoded(tiles.plain(answer.body or b""))
            number += total(tile)
            if "points" in tile:
                for feature in tile["points"]["features"]:
                    found[feature["properties"]["id"]] += 1
                    lon, lat = _place(made, feature["properties"]["id"], system)
                    column, row = mercator(lon, lat)
                    assert feature["geometry"]["coordinates"] == pytest.approx([(column >> (BITS - zoom - 12)) - ((x + dx) << 12), (row >> (BITS - zoom - 12)) - ((y + dy) << 12)], abs=1)  # fmt: skip
    assert number == len(made)
    if zoom > cells.FINEST:
        assert found == Counter(str(one.pk) for one in made)


def _place(made: Any, key: str, system: str) -> tuple[float, float]:
    point = next(one for one in made if str(one.pk) == key)
    at = float(point.lon), float(point.lat)
    return wgs84_to_gcj02(*at) if system == "gcj02" else at


@database
def test_no_tile_has_more_than_four_thousand_features(city: City) -> None:
    rng = Random(3)
    crowd = [new_point(city.enterprise, at=(HERE[0] + rng.gauss(0, 0.002), HERE[1] + rng.gauss(0, 0.002)), colour=rng.choice(["red", "blue", ""])) for _ in range(tiles.MOST + 1)]  # fmt: skip
    crowd += [new_point(city.enterprise, at=(111.7, 36.2)) for _ in range(tiles.MOST)]
    put(*crowd)
    for zoom in range(19):
        found = asked(city.regulator, zoom)
        assert all(len(layer["features"]) <= tiles.MOST for layer in found.values()), zoom
    crowded = asked(city.regulator, 13)
    assert set(crowded) == {"cells"}
    assert total(crowded) == tiles.MOST + 1
    assert set(asked(city.regulator, 18, (111.7, 36.2))) == {"points"}
    assert total(asked(city.regulator, 18, (111.7, 36.2))) == tiles.MOST


@database
def test_what_is_inactive_or_lies_nowhere_is_not_on_the_map(city: City) -> None:
    put(new_point(city.enterprise, active=False), new_point(city.enterprise, at=None))
    assert asked(city.regulator, 8) == {}
    assert asked(city.regulator, 15) == {}


@database
@pytest.mark.parametrize(("zoom", "x", "y"), [(19, 0, 0), (3, 8, 0), (3, 0, 8), (0, 1, 0)])
def test_a_tile_that_no_map_has(city: City, zoom: int, x: int, y: int) -> None:
    with scope.acting(city.regulator), pytest.raises(NotFound):
        tiles.tile(city.regulator, EVERYTHING, zoom, x, y)


# Scope and filters

SEEN = {
    "regulator": 4,  # all of the county
    "other_field": 1,  # hazchem of the county
    "city_office": 6,
    "principal": 3,
    "n_regulator": 2,
    "n_principal": 2,
    "citizen": 0,
    "security_admin": 0,  # a territory and no industry
}


@database
@pytest.mark.parametrize("zoom", [4, 9, 12, 13, 17])
@pytest.mark.parametrize("folded", [True, False])
def test_each_sees_its_own(city: City, zoom: int, folded: bool) -> None:
    other = _enterprise_beside(city)
    put(
        *(new_point(city.enterprise) for _ in range(3)),
        new_point(other, bit=1, colour="blue"),
        # Of the neighbour county, and right here: no place keeps it apart, only its scope.
        *(new_point(city.n_enterprise, region=NEIGHBOUR_TOWN) for _ in range(2)),
    )
    if folded:
        cells.fold_all()
    for name, wanted in SEEN.items():
        assert total(asked(city.actors[name], zoom)) == wanted, name
    village = Actor(role=roles.REGULATOR, regions=((TOWN, TOWN + 1),), industries=-1)
    elsewhere = Actor(role=roles.REGULATOR, regions=((TOWN + 1, TOWN + 2),), industries=-1)
    town = Actor(role=roles.REGULATOR, regions=(subtree(TOWN),), industries=-1)
    assert [total(asked(one, zoom)) for one in (village, elsewhere, town)] == [4, 0, 4]


def _enterprise_beside(city: City) -> Any:
    from tests.factories import _enterprise

    with scope.acting(SYSTEM):
        return _enterprise(77, "临河化工有限公司", TOWN)


@database
@pytest.mark.parametrize("zoom", [7, 12, 15])
def test_narrowed(city: City, zoom: int) -> None:
    late = clock.today().replace(year=2020)
    put(
        new_point(city.enterprise, colour="red", reassess_by=late),
        new_point(city.enterprise, colour="blue", reassess_by=clock.today()),
        new_point(city.enterprise, colour="", bit=1),
        new_point(city.n_enterprise, colour="red", region=NEIGHBOUR_TOWN),
    )
    cells.keep_map()
    cases: list[tuple[dict[str, str], int]] = [
        ({}, 4), ({"colour": "red"}, 2), ({"colour": "none"}, 1), ({"colour": "pink"}, 4), ({"industry": "hazchem"}, 1),
        ({"industry": "unheard-of"}, 0), ({"overdue": "1"}, 1), ({"overdue": "1", "colour": "blue"}, 0),
        ({"region": str(COUNTY)}, 3), ({"region": "141021"}, 1), ({"region": str(TOWN)}, 3), ({"region": str(TOWN + 7)}, 0),
        ({"region": str(TOWN), "colour": "red", "industry": "gongmao", "overdue": "1"}, 1), ({"region": "nonsense"}, 4),
    ]  # fmt: skip
    for query, wanted in cases:
        with scope.acting(city.city_office):
            narrowing = read_narrowing(query)
        assert total(asked(city.city_office, zoom, narrowing=narrowing)) == wanted, query


# Versions


def etag(actor: Actor, zoom: int, narrowing: Narrowing = EVERYTHING, at: tuple[float, float] = HERE) -> str:
    x, y = (axis >> (BITS - zoom) for axis in mercator(*at))
    with scope.acting(actor):
        return tiles.tile(actor, narrowing, zoom, x, y).etag


@database
@pytest.mark.parametrize("zoom", [6, 12, 15])
def test_a_tile_keeps_its_version_until_something_it_shows_changes(city: City, zoom: int) -> None:
    (point,) = put(new_point(city.enterprise))
    (other,) = put(new_point(city.n_enterprise, region=NEIGHBOUR_TOWN))
    before = etag(city.regulator, zoom)
    change(point.pk, emergency_phone="119", version=2)
    cells.fold_all()
    assert etag(city.regulator, zoom) == before
    change(other.pk, colour="blue", region=NEIGHBOUR + 100_000)
    assert etag(city.regulator, zoom) == before, "what a neighbour changes is not told"
    seen = {before}
    for values in ({"colour": "orange"}, {"name": "另一个名字"}, {"lon": "111.520001", "morton": morton(111.520001, HERE[1])}, {"active": False}, {"active": True}, {"industry_bit": 1}, {"reassess_by": clock.today()}):  # fmt: skip
        change(point.pk, **values)
        now = etag(city.regulator, zoom)
        assert now not in seen, values
        seen.add(now)
        cells.fold_all()
        assert etag(city.regulator, zoom) == now, "folding changes nothing that is shown"


@database
def test_versions_differ_by_reader_and_by_question(city: City) -> None:
    put(new_point(city.enterprise))
    readers = ("regulator", "city_office", "other_field", "principal", "n_principal")
    assert len({etag(city.actors[name], 12) for name in readers}) == len(readers)
    asked_for = [
        EVERYTHING,
        Narrowing(colour="red"),
        Narrowing(overdue=True),
        Narrowing(industry="gongmao", bit=0),
        Narrowing(region=TOWN),
    ]
    assert len({etag(city.regulator, 12, narrowing) for narrowing in asked_for}) == len(asked_for)
    assert etag(city.regulator, 12) == etag(city.regulator2, 12), "one scope, one tile"


@database
def test_a_change_far_away_leaves_a_tile_alone(city: City) -> None:
    put(new_point(city.enterprise))
    (far,) = put(new_point(city.enterprise, at=(112.3, 37.4)))
    near, wide = etag(city.regulator, 12), etag(city.regulator, 4)
    change(far.pk, colour="blue")
    assert etag(city.regulator, 12) == near
    assert etag(city.regulator, 4) != wide


@database
def test_an_enterprise_gets_its_own_points_at_every_zoom_and_a_version_too(city: City) -> None:
    (point,) = put(new_point(city.enterprise))
    assert facts(asked(city.principal, 6)["points"])[0]["id"] == str(point.pk)
    before = etag(city.principal, 6)
    assert etag(city.principal, 6) == before
    change(point.pk, colour="blue")
    assert etag(city.principal, 6) != before


@database
def test_nothing_encoded_is_kept_beyond_the_memory(city: City) -> None:
    memory = tiles.Kept(100)
    for number in range(10):
        memory.put(str(number), b"x" * 30)
    assert memory.size == 90
    assert list(memory.tiles) == ["7", "8", "9"]
    assert memory.get("7")
    memory.put("10", b"x" * 30)
    assert list(memory.tiles) == ["9", "7", "10"]
    memory.put("11", b"x" * 101)
    assert memory.size == 0


@database
def test_the_point_says_where_its_key_is(city: City) -> None:
    put(new_point(city.enterprise))
    with scope.acting(SYSTEM):
        point = RiskPoint.objects.get()
    assert point.morton == morton(float(point.lon or 0), float(point.lat or 0))
