"""The page of the map, its tiles over HTTP, and the same page in a real browser."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client

from anlan.identity.models import Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.geo import wgs84_to_gcj02
from anlan.kernel.ids import new_id
from anlan.risks import boundaries, cells, tiles
from anlan.risks.morton import BITS, mercator
from anlan.risks.pages import map as risk_map
from anlan.site import settings as site_settings
from tests.browser.conftest import DESK, PHONE, Visitors, browser, lacking, player, visitors
from tests.factories import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.risks.maps import HERE, change, new_point, put

__all__ = ["browser", "player", "visitors"]
database = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def empty_memory() -> Iterator[None]:
    tiles.kept.forget()
    yield
    tiles.kept.forget()


def client_of(city: City, name: str) -> Client:
    client = Client()
    post = city.posts[name]
    client.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["post"] = str(post.pk)
    session.save()
    return client


def tile_url(zoom: int, query: str = "") -> str:
    x, y = (axis >> (BITS - zoom) for axis in mercator(*HERE))
    return f"/risks/map/tiles/{zoom}/{x}/{y}.mvt{query}"


def features(body: bytes) -> int:
    found = mapbox_vector_tile.decode(body) if body else {}
    return sum(len(layer["features"]) for layer in found.values())


# Tiles over HTTP


@database
def test_a_tile_is_gzipped_for_who_takes_it_and_plain_for_others(city: City) -> None:
    put(*(new_point(city.enterprise) for _ in range(5)))
    client = client_of(city, "regulator")
    pressed = client.get(tile_url(14), headers={"accept-encoding": "gzip, br"})
    assert pressed["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert pressed["Content-Encoding"] == "gzip"
    assert features(gzip.decompress(pressed.content)) == 5
    plain = client.get(tile_url(14))
    assert "Content-Encoding" not in plain
    assert plain.content == gzip.decompress(pressed.content)
    assert {"Cookie", "Accept-Encoding"} <= {one.strip() for one in plain["Vary"].split(",")}
    assert plain["Cache-Control"] == "private, no-cache"


@database
@pytest.mark.parametrize("name", ["regulator", "principal"])
def test_a_tile_that_has_not_changed_is_not_sent_again(city: City, name: str) -> None:
    (point,) = put(new_point(city.enterprise))
    client = client_of(city, name)
    first = client.get(tile_url(14))
    again = client.get(tile_url(14), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    change(point.pk, colour="blue")
    changed = client.get(tile_url(14), headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    # Another at the same machine, who sees nothing here, does not live on what the browser keeps.
    other = client_of(city, f"n_{name}").get(tile_url(14), headers={"if-none-match": changed["ETag"]})
    assert other.status_code == 200
    assert features(other.content) == 0


@database
def test_filters_travel_in_the_address_of_a_tile(city: City) -> None:
    put(new_point(city.enterprise), new_point(city.enterprise, colour="blue"), new_point(city.enterprise, colour=""))
    client = client_of(city, "regulator")
    counts = {query: features(client.get(tile_url(14, query)).content) for query in ("", "?colour=blue", "?colour=none", "?industry=hazchem", "?overdue=1", f"?region={TOWN}")}  # fmt: skip
    assert list(counts.values()) == [3, 1, 1, 0, 0, 3]


@database
@pytest.mark.parametrize("path", ["/risks/map/", "/risks/map/tiles/0/0/0.mvt", "/risks/map/boundaries.json"])
def test_who_may_not_look(city: City, path: str) -> None:
    for name in ("citizen", "system_admin", "security_admin", "audit_admin"):
        assert client_of(city, name).get(path).status_code == 403, name
    assert Client().get(path).status_code == 302
    assert client_of(city, "regulator").post(path).status_code in (403, 405)


@database
@pytest.mark.parametrize("path", ["19/0/0", "3/8/0", "0/0/1", "99999999999999999999999/0/0"])
def test_a_tile_that_no_map_has_is_not_found(city: City, path: str) -> None:
    assert client_of(city, "regulator").get(f"/risks/map/tiles/{path}.mvt").status_code == 404


# The page


@database
def test_the_page_says_in_numbers_what_the_map_shows(city: City) -> None:
    yesterday = clock.today() - timedelta(days=1)
    put(
        *(new_point(city.enterprise, reassess_by=yesterday) for _ in range(3)),
        new_point(city.enterprise, colour="blue"), new_point(city.enterprise, colour="", at=None),
        *(new_point(city.n_enterprise, region=NEIGHBOUR_TOWN, colour="yellow") for _ in range(7)),
    )  # fmt: skip
    cells.keep_map()
    page = client_of(city, "city_office").get("/risks/map/", headers={"accept-language": "en"})
    rows = {row["label"]: row for row in page.context["rows"]}
    assert [cell["value"] for cell in rows[str(COUNTY)]["cells"]] == [3, 0, 0, 1, 1, 3]
    assert rows[str(COUNTY)]["share"] == "75.0 %"
    assert rows[str(COUNTY)]["url"] == f"?region={COUNTY}"
    assert page.context["total"]["all"]["value"] == 12
    assert "1 point of this selection has no position" in page.content.decode()
    below = client_of(city, "city_office").get(f"/risks/map/?region={COUNTY}&colour=red")
    assert [row["all"]["value"] for row in below.context["rows"]] == [3]
    regulator = client_of(city, "regulator").get("/risks/map/").content.decode()
    assert str(NEIGHBOUR) not in regulator
    own = client_of(city, "n_principal").get("/risks/map/")
    assert own.context["total"]["all"]["value"] == 7
    assert "region" not in own.context["filter_form"].fields


@database
def test_the_map_opens_on_its_points_or_on_the_territory(city: City) -> None:
    def box(query: str = "") -> list[float]:
        page = client_of(city, "regulator").get(f"/risks/map/{query}").content.decode()
        raw = re.search(r'<script id="risk-map" type="application/json">(.*?)</script>', page, re.DOTALL)
        assert raw
        return list(json.loads(raw[1])["box"])

    assert box() == [73.5, 18.0, 135.1, 53.6]
    with scope.acting(SYSTEM):
        Region.objects.filter(pk=COUNTY).update(lon=111.579, lat=36.083)
    west, south, east, north = box()
    assert (west + east) / 2 == pytest.approx(111.579)
    far = new_point(city.enterprise, at=(120.0, 30.0))
    put(far, *(new_point(city.enterprise, at=(HERE[0] + n / 1000, HERE[1])) for n in range(200)))
    for folded in (False, True):
        if folded:
            cells.fold_all()
        west, south, east, north = box()
        assert 111.5 < west <= east < 111.8, "one mistyped point among two hundred does not move the map"
        assert south == pytest.approx(north, abs=0.05)
    assert box("?colour=blue") != box()


@database
def test_every_reader_gets_a_page_and_without_points_it_says_so(city: City) -> None:
    for name in ("city_office", "regulator", "other_field", "inspector", "leader", "expert", "principal", "auditor"):
        page = client_of(city, name).get(
            "/risks/map/?region=nonsense&colour=pink&industry=none", headers={"accept-language": "en"}
        )
        assert page.status_code == 200, name
        assert "No risk point of this selection." in page.content.decode()


# Boundaries

SQUARE = [[[111.4, 36.0], [111.7, 36.0], [111.7, 36.2], [111.4, 36.2], [111.4, 36.0]]]


@pytest.fixture
def drawn(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "boundaries.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": 141002, "secret": "x"},
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        },
        {"type": "Feature", "properties": {"name": "no code"}, "geometry": {"type": "Polygon", "coordinates": SQUARE}},
        {"type": "Feature", "properties": {"code": "141021"}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    settings.ANLAN_BOUNDARIES = str(path)
    return path


@database
def test_the_operators_boundaries(city: City, drawn: Path, settings: Any) -> None:
    client = client_of(city, "regulator")
    answer = client.get("/risks/map/boundaries.json")
    found = json.loads(answer.content)["features"]
    assert [one["properties"] for one in found] == [{"code": COUNTY}]
    assert found[0]["geometry"]["coordinates"] == SQUARE
    assert client.get("/risks/map/boundaries.json", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert "Worst share of a territory" in client.get("/risks/map/", headers={"accept-language": "en"}).content.decode()
    settings.ANLAN_MAP_SYSTEM = "gcj02"
    moved = json.loads(client.get("/risks/map/boundaries.json").content)["features"][0]["geometry"]["coordinates"]
    assert moved[0][0] == pytest.approx(wgs84_to_gcj02(*SQUARE[0][0]), abs=1e-5)


@database
@pytest.mark.parametrize("content", ["", "no json", "[]", '{"features": 3}', '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[]]}, "properties": {"code": "141002"}}]}'])  # fmt: skip
def test_a_broken_file_of_boundaries_breaks_no_page(city: City, drawn: Path, content: str) -> None:
    drawn.write_text(content)
    boundaries._kept = None
    client = client_of(city, "regulator")
    assert client.get("/risks/map/").status_code == 200
    assert client.get("/risks/map/boundaries.json").status_code == 404
    drawn.unlink()
    assert client.get("/risks/map/").status_code == 200


# In the browser


@pytest.mark.browser
@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_city_zooms_to_a_point_and_opens_it(
    city: City, visitors: Visitors, screen: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (Path(site_settings.__file__).parent / "static/build/map.js").exists():
        lacking("The scripts of the map are not built (npm run build in frontend/).")
    if not risk_map._address("risks:point", new_id()):
        monkeypatch.setattr(risk_map, "_address", lambda name, *args: f"/risk-points/{args[0]}/" if args else "")
    (alone,) = put(new_point(city.enterprise, name="熔炼炉", at=(111.6, 36.2)))
    put(*(new_point(city.enterprise, colour="blue", at=(111.5, 36.08 + n / 1e5)) for n in range(30)))
    cells.keep_map()
    visitor = visitors("regulator", screen)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open("/risks/map/#at=9/36.2/111.6")
    drawn = visitor.page.locator("[data-risk-map][data-idle]")
    drawn.wait_for()
    assert visitor.overflow() <= 0
    # By the keyboard: the list of what is in view, a cell that zooms, a point that opens.
    visitor.page.locator("[data-map-list] summary").press("Enter")
    visitor.page.get_by_role("button", name="30").wait_for()
    # By the pointer: the cell in the middle of the map zooms, the point itself opens.
    for zoom in ("11", "13"):
        visitor.page.locator(".maplibregl-canvas").click()
        visitor.page.locator(f"[data-risk-map][data-idle='{zoom}']").wait_for()
    visitor.page.get_by_text("熔炼炉").wait_for()
    visitor.page.locator(".maplibregl-canvas").click()
    visitor.page.wait_for_url(re.compile(str(alone.pk)), wait_until="commit")
    assert all(url.startswith((visitor.base, "data:", "blob:")) for url in asked), "no other host is ever asked"
    # A graphics driver made of software talks; the point's own page is another test's.
    assert [one for one in visitor.complaints if "GL Driver Message" not in one and str(alone.pk) not in one] == []


@pytest.mark.browser
@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_without_webgl_the_page_says_where_the_figures_are(city: City, visitors: Visitors) -> None:
    put(new_point(city.enterprise))
    visitor = visitors("regulator", PHONE)
    visitor.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    visitor.open("/risks/map/")
    visitor.page.get_by_text("WebGL").wait_for()
    assert visitor.page.locator(".maplibregl-canvas").count() == 0
    assert visitor.page.locator("table").is_visible()
    assert visitor.complaints == []
