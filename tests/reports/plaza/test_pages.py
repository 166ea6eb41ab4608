"""The open pages: to everybody, the same to everybody, kept until the plaza changes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.reports.models import PublicReport, ReportPhoto
from anlan.reports.plaza import queries
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.plaza.queries import Asked
from anlan.reports.plaza.serving import kept
from tests.factories import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN
from tests.reports.plaza.conftest import SECRET, WORDS, Plaza
from tests.sessions import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
__all__ = ["signed_in"]


@pytest.fixture
def city(plaza: Plaza) -> Any:
    return plaza.city


def numbers(answer: Any) -> list[str]:
    return [card.report.number for card in answer.context["cards"]]


def test_everybody_may_open_them_without_signing_in(plaza: Plaza, client: Client) -> None:
    report = plaza.shown(photos=1)
    private = plaza.send(words=SECRET)
    for path in (
        "/plaza/",
        "/plaza/map/",
        "/plaza/figures/",
        f"/plaza/{report.number}/",
        "/plaza/points.json",
        "/knowledge/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert SECRET not in answer.content.decode()
        assert "Set-Cookie" not in answer.headers
    assert client.get(f"/plaza/{private.number}/").status_code == 404
    assert client.get("/plaza/SP-141002-2026-999999/").status_code == 404


def test_a_signed_in_official_reads_the_same_words(
    plaza: Plaza, client: Client, signed_in: Callable[[str], Client]
) -> None:
    plaza.shown()
    strangers = client.get("/plaza/", headers={"accept-language": "en"})
    officials = signed_in("dispatcher").get("/plaza/")
    assert officials.content == strangers.content
    assert "public" in strangers["Cache-Control"]
    assert "private" in officials["Cache-Control"]


def test_a_page_is_kept_until_the_plaza_changes(plaza: Plaza, client: Client) -> None:
    report = plaza.shown()
    first = client.get("/plaza/")
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = client.get("/plaza/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert len([one for one in asked if "reports_" in one["sql"]]) == 1  # the version
    plaza.edit(report, public_words="换了说法的隐患")
    changed = client.get("/plaza/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert "换了说法的隐患" in changed.content.decode()
    assert client.get("/plaza/?page_of=nobody")["ETag"] == changed["ETag"]


def test_what_a_visitor_adds_to_the_address_stands_in_nobody_elses_page(plaza: Plaza, client: Client) -> None:
    plaza.shown()
    first = client.get("/plaza/?status=open&from=her-secret-token").content.decode()
    second = client.get("/plaza/?status=open").content.decode()
    assert first == second
    assert "her-secret-token" not in second
    assert "next=%2Fplaza%2F%3Fstatus%3Dopen" in second


def test_what_the_unit_found_is_told_after_the_review_alone(plaza: Plaza, client: Client) -> None:
    report = plaza.do(plaza.city.dispatcher, plaza.shown(), "dispatch", unit=plaza.unit.pk)
    plaza.do(
        plaza.inspector, report, "unfounded", reason="现场查看，通道畅通。", words="门锁已开。",
        photos=[plaza.photo(plaza.inspector)],
    )  # fmt: skip
    english = {"accept-language": "en"}
    verdict = "Looked into: not found"

    def told() -> list[str]:
        address = f"plaza/{report.number}"
        page = client.get(f"/{address}/", headers=english).content.decode()
        api = client.get(f"/api/v1/citizen/{address}", headers=english).content.decode()
        return [text for text in (page, api) if verdict in text]

    assert told() == []
    plaza.do(plaza.city.office, report, "review", answer="经核查通道畅通，感谢。")
    tick()
    assert len(told()) == 2


def test_language_and_size_of_type_are_the_readers(plaza: Plaza, client: Client) -> None:
    plaza.shown()
    assert "What citizens saw" in client.get("/plaza/", headers={"accept-language": "en"}).content.decode()
    back = client.get("/plaza/reading/", {"language": "en", "type": "large", "next": "/plaza/?status=open"})
    assert (back.status_code, back["Location"]) == (302, "/plaza/?status=open")
    page = client.get("/plaza/").content.decode()
    assert 'class="is-large"' in page
    assert "What citizens saw" in page
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        assert client.get("/plaza/reading/", {"next": elsewhere})["Location"] == "/plaza/"


def test_filters_narrow_and_the_neighbour_county_is_told_apart(plaza: Plaza, client: Client) -> None:
    here = plaza.shown()
    there = plaza.send(words=SECRET, region=NEIGHBOUR_TOWN)
    office = plaza.city.actors["city_office"]
    there = plaza.do(office, there, "screen", category="gas", public_words="饭店后厨燃气软管老化")
    assert numbers(client.get("/plaza/")) == [there.number, here.number]
    assert numbers(client.get(f"/plaza/?region={COUNTY}")) == [here.number]
    assert numbers(client.get(f"/plaza/?region={NEIGHBOUR}&category=gas")) == [there.number]
    assert numbers(client.get("/plaza/?category=gas&q=燃气软管")) == [there.number]
    assert numbers(client.get("/plaza/?q=燃气&status=closed")) == []
    assert numbers(client.get(f"/plaza/?q={here.number}")) == [here.number]
    assert numbers(client.get("/plaza/?region=abc&status=nonsense&after=%00x")) == [there.number, here.number]
    assert numbers(client.get("/plaza/?q=我是三号楼")) == []


def test_paging_shows_each_report_once_though_all_came_at_one_moment(plaza: Plaza) -> None:
    from anlan.kernel import clock

    with clock.at(clock.now()):
        expected = {plaza.shown(f"{WORDS}第{number}处").number for number in range(7)}
    found, after = [], None
    with scope.acting(PLAZA):
        while True:
            page = queries.reports(after=after, limit=3)
            found += [row.number for row in page.rows]
            if page.after is None:
                break
            after = page.after
    assert len(found) == 7
    assert set(found) == expected


def test_words_are_found_by_the_index_beyond_the_newest(plaza: Plaza, monkeypatch: pytest.MonkeyPatch) -> None:
    rare = plaza.shown("液氨储罐阀门渗漏")
    for number in range(4):
        plaza.shown(f"{WORDS}{number}")
    monkeypatch.setattr(queries, "WALKED", 2)
    with scope.acting(PLAZA):
        assert [row.number for row in queries.reports(Asked(words="液氨储罐")).rows] == [rare.number]
        assert [row.number for row in queries.reports(Asked(words="上锁"), limit=2).rows] != []
        assert queries.reports(Asked(words="储罐锁")).rows == []


def test_the_cost_of_a_page_does_not_grow_with_its_rows(plaza: Plaza, client: Client) -> None:
    def cost() -> int:
        kept.forget()
        with CaptureQueriesContext(connection) as asked:
            client.get("/plaza/")
        return len(asked)

    plaza.shown()
    one = cost()
    for number in range(5):
        plaza.shown(f"{WORDS}{number}")
    assert cost() == one


def test_a_picture_comes_without_metadata_and_only_while_it_is_shown(plaza: Plaza, client: Client) -> None:
    report = plaza.shown(photos=1)
    with scope.acting(SYSTEM):
        photo = ReportPhoto.objects.get(report=report)
    for kind in ("display", "thumb"):
        answer = client.get(f"/plaza/photos/{photo.pk}/{kind}/")
        assert answer.status_code == 200
        picture = Image.open(BytesIO(b"".join(answer.streaming_content)))
        assert not picture.getexif()
        etag = answer["ETag"]
    assert client.get(f"/plaza/photos/{photo.pk}/thumb/", headers={"if-none-match": etag}).status_code == 304
    assert client.get(f"/plaza/photos/{photo.file_id}/display/").status_code == 404
    plaza.edit(report, shown=[])
    assert client.get(f"/plaza/photos/{photo.pk}/display/").status_code == 404
    assert client.get(f"/plaza/photos/{photo.pk}/thumb/", headers={"if-none-match": etag}).status_code == 404


def test_the_map_has_the_rounded_places_alone(plaza: Plaza, client: Client) -> None:
    report = plaza.shown()
    plaza.shown("没有位置的隐患", lon=None, lat=None)
    found = client.get("/plaza/points.json").json()
    assert [one["geometry"]["coordinates"] for one in found["features"]] == [[111.519, 36.088]]
    assert found["features"][0]["properties"]["url"] == f"/plaza/{report.number}/"


def test_markup_in_public_words_is_text(plaza: Plaza, client: Client) -> None:
    report = plaza.shown("<script>alert(1)</script>安全出口")
    for path in ("/plaza/", f"/plaza/{report.number}/", "/plaza/map/"):
        assert "<script>alert" not in client.get(path).content.decode()


def test_the_api_says_what_the_pages_say(plaza: Plaza, client: Client) -> None:
    report = plaza.shown(photos=1)
    plaza.send(words=SECRET)
    page = client.get("/api/v1/citizen/plaza")
    assert "public" in page["Cache-Control"]
    assert [one["number"] for one in page.json()["items"]] == [report.number]
    assert SECRET not in page.content.decode()
    one = client.get(f"/api/v1/citizen/plaza/{report.number}").json()
    assert (one["lon"], one["lat"], one["words"]) == (111.519, 36.088, WORDS)
    thumb = client.get(one["photos"][0]["thumb"])
    assert b"".join(thumb.streaming_content).startswith(b"\xff\xd8")
    assert client.get("/api/v1/citizen/plaza/SP-141002-2026-999999").status_code == 404
    assert client.get("/api/v1/citizen/plaza?region=7").status_code == 422
    assert client.get("/api/v1/citizen/plaza/figures").json()["reports"] == 0
    for number in range(3):
        plaza.shown(f"{WORDS}{number}")
    first = client.get("/api/v1/citizen/plaza?limit=2").json()
    second = client.get("/api/v1/citizen/plaza", {"limit": 2, "cursor": first["next"]}).json()
    seen = [one["number"] for one in first["items"] + second["items"]]
    assert len(set(seen)) == PublicReport.objects.count() == 4
    assert second["next"] is None


def test_what_was_not_found_is_said_by_the_answer_and_not_before(plaza: Plaza, client: Client) -> None:
    report = plaza.shown()
    plaza.do(plaza.city.dispatcher, report, "dispatch", unit=plaza.unit.pk)
    looked = {"reason": "现场查看，通道畅通。", "words": "门锁已开，无堆物。"}
    plaza.do(plaza.inspector, report, "unfounded", photos=[plaza.photo(plaza.inspector)], **looked)
    english = {"accept-language": "en"}
    before = client.get(f"/plaza/{report.number}/", headers=english).content.decode()
    assert "Looked into on the spot" in before
    assert "not found" not in before
    plaza.do(plaza.city.office, report, "review", answer="经现场核查，通道畅通，感谢您的监督。")
    tick()
    kept.forget()
    assert "Looked into: not found" in client.get(f"/plaza/{report.number}/", headers=english).content.decode()


def test_a_long_report_has_a_short_heading_and_all_its_words(plaza: Plaza, client: Client) -> None:
    words = "楼道里堆满纸箱，" * 30 + "三轮车也在里面。"
    page = client.get(f"/plaza/{plaza.shown(words).number}/").content.decode()
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert (len(heading) <= 60, words in page) == (True, True)
