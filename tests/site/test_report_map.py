"""What the citizens' map is drawn from: open to everybody, the same for everybody, in the base map's own system."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anlan.identity.models import Region
from anlan.kernel.geo import wgs84_to_gcj02
from tests.factories import COUNTY, NEIGHBOUR_TOWN, TOWN, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SQUARE = [[[111.0, 36.0], [111.2, 36.0], [111.2, 36.2], [111.0, 36.0]]]


def test_places_of_the_city_stand_where_the_base_map_draws_them(client: Client, city: City, settings: Any) -> None:
    Region.objects.filter(pk=TOWN).update(lon="111.500000", lat="36.080000")
    Region.objects.update_or_create(
        pk=370102000000, defaults={"name": "别市", "level": "county", "lon": "117.0", "lat": "36.6"}
    )
    answer = client.get("/report/map")
    assert answer.status_code == 200
    assert "max-age=3600" in answer["Cache-Control"]
    plain = answer.json()
    assert [(one["code"], one["at"]) for one in plain["places"]] == [(TOWN, [111.5, 36.08])]
    assert plain["system"] == "wgs84"
    west, south, east, north = plain["box"]
    assert west < 111.5 < east
    assert south < 36.08 < north

    settings.ANLAN_MAP_SYSTEM = "gcj02"
    moved = client.get("/report/map").json()
    assert moved["places"][0]["at"] == pytest.approx(wgs84_to_gcj02(111.5, 36.08), abs=1e-6)


def test_a_city_without_places_has_no_box(client: Client, city: City) -> None:
    Region.objects.filter(pk__in=[COUNTY, TOWN, NEIGHBOUR_TOWN]).update(lon=None, lat=None)
    found = client.get("/report/map").json()
    assert (found["places"], found["box"], found["boundaries"]) == ([], None, "")


def test_boundaries_are_the_operators(client: Client, tmp_path: Path, settings: Any) -> None:
    assert client.get("/report/boundaries.json").status_code == 404
    shape = {
        "type": "Feature",
        "properties": {"code": "141002"},
        "geometry": {"type": "Polygon", "coordinates": SQUARE},
    }
    (tmp_path / "areas.json").write_text(json.dumps({"features": [shape]}), encoding="utf-8")
    settings.ANLAN_BOUNDARIES = str(tmp_path / "areas.json")
    answer = client.get("/report/boundaries.json")
    assert answer["Content-Type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 1
    assert client.get("/report/boundaries.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/report/map").json()["boundaries"] == "/report/boundaries.json"
    assert client.post("/report/boundaries.json").status_code == 405
