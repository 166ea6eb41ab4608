from math import isclose, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import geo

LINFEN = (111.5190, 36.0880)
inside = st.tuples(st.floats(73, 136), st.floats(3, 54))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(inside)
def test_gcj02_comes_back_within_a_centimetre(point):
    there = geo.wgs84_to_gcj02(*point)
    assert 20 < geo.haversine_m(point, there) < 1_500
    assert geo.haversine_m(geo.gcj02_to_wgs84(*there), point) < 0.01


@given(inside)
def test_bd09_comes_back_within_a_centimetre(point):
    bd = geo.wgs84_to_bd09(*point)
    assert geo.haversine_m(geo.bd09_to_wgs84(*bd), point) < 0.01
    assert geo.haversine_m(geo.bd09_to_gcj02(*bd), geo.wgs84_to_gcj02(*point)) < 0.01


@given(anywhere)
def test_outside_china_nothing_moves(point):
    if not geo.in_offset_area(*point):
        for convert in (geo.wgs84_to_gcj02, geo.gcj02_to_wgs84, geo.wgs84_to_bd09, geo.bd09_to_wgs84):
            assert convert(*point) == point


def test_the_offsets_have_the_published_size_and_direction():
    """Tiananmen: a pair published many times over; GCJ-02 lies about 550 m to the north-east."""
    lon, lat = geo.wgs84_to_gcj02(116.391_22, 39.907_36)
    assert isclose(lon, 116.397_46, abs_tol=2e-5)
    assert isclose(lat, 39.908_76, abs_tol=2e-5)
    bd = geo.gcj02_to_bd09(116.404, 39.915)
    assert isclose(bd[0], 116.410_369_492_371_03, abs_tol=1e-6)
    assert isclose(bd[1], 39.921_336_993_510_09, abs_tol=1e-6)


def test_the_system_decides():
    assert geo.to_wgs84(*LINFEN, "wgs84") == LINFEN
    assert geo.haversine_m(geo.to_wgs84(*geo.wgs84_to_gcj02(*LINFEN), "gcj02"), LINFEN) < 0.01
    assert geo.haversine_m(geo.to_wgs84(*geo.wgs84_to_bd09(*LINFEN), "bd09"), LINFEN) < 0.01


@pytest.mark.parametrize("point", [(181, 0), (0, 91), (nan, 0), (0, nan), (float("inf"), 0), (36.0, 111.5)])
def test_no_place_on_earth(point):
    for use in (geo.check_point, geo.morton, lambda x, y: geo.to_wgs84(x, y, "gcj02")):
        with pytest.raises(geo.PlaceError):
            use(*point)


def test_distance():
    assert geo.haversine_m((0, 0), (180, 0)) == pytest.approx(3.141592653589793 * geo.EARTH_RADIUS)
    assert geo.haversine_m((0, 0), (0, 1)) == pytest.approx(111_195, abs=1)
    assert geo.haversine_m(LINFEN, LINFEN) == 0


@given(anywhere)
def test_morton_comes_back_within_a_hundredth_metre(point):
    key = geo.morton(*point)
    assert 0 <= key < 2**62
    assert geo.haversine_m(geo.unmorton(key), point) < 0.012
    assert geo.morton(*geo.unmorton(key)) == key


@given(anywhere, st.integers(0, 62))
def test_a_morton_range_is_a_cell(point, bits):
    key = geo.morton(*point)
    low, high = geo.morton_range(key, bits)
    assert low <= key < high
    assert high - low == 2 ** (62 - bits)


def test_morton_keys_of_near_points_share_a_prefix_and_others_do_not():
    near = geo.morton(LINFEN[0] + 1e-6, LINFEN[1] + 1e-6)
    far = geo.morton(121.47, 31.23)
    low, high = geo.morton_range(geo.morton(*LINFEN), 24)
    assert low <= near < high
    assert not low <= far < high
    with pytest.raises(ValueError, match="Morton"):
        geo.unmorton(-1)


@given(anywhere, st.floats(0, 50_000), st.floats(0, 6.28))
def test_a_box_around_holds_the_circle(point, metres, bearing):
    from math import asin, atan2, cos, degrees, radians, sin

    lon, lat = map(radians, point)
    arc = metres / geo.EARTH_RADIUS
    lat2 = asin(max(-1, min(1, sin(lat) * cos(arc) + cos(lat) * sin(arc) * cos(bearing))))
    lon2 = lon + atan2(sin(bearing) * sin(arc) * cos(lat), cos(arc) - sin(lat) * sin(lat2))
    turns = 360 if degrees(lon2) > 180 + 1e-6 else -360 if degrees(lon2) < -180 - 1e-6 else 0
    rim = (degrees(lon2) - turns, degrees(lat2))
    west, south, east, north = geo.box_around(point, metres)
    assert geo.in_box(rim, (west - 1e-6, south - 1e-6, east + 1e-6, north + 1e-6))
