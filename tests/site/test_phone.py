"""The doors of the phone app: open to everybody, strict in what they allow, and honest when it was not built."""

from pathlib import Path

import pytest
from django.test import Client

from anlan.site import phone
from tests.factories import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html><title>安澜</title>", encoding="utf-8")
    (tmp_path / "sw.js").write_text("self.skipWaiting()", encoding="utf-8")
    (tmp_path / "manifest.webmanifest").write_text('{"scope": "/phone/"}', encoding="utf-8")
    monkeypatch.setattr(phone, "BUILT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("address", ["/phone/", "/phone/visits/0193/check", "/phone/outbox"])
def test_every_screen_is_the_same_shell_without_signing_in(client: Client, built: Path, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "安澜" in answer.content.decode()
    assert answer["Cache-Control"] == "no-cache"
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_worker_may_serve_the_app_and_nothing_above_it(client: Client, built: Path) -> None:
    answer = client.get("/phone/sw.js")
    assert answer["Service-Worker-Allowed"] == "/phone/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert client.get("/phone/manifest.webmanifest")["Content-Type"] == "application/manifest+json"


def test_an_app_that_was_not_built_says_so(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "BUILT", tmp_path / "nothing")
    answer = client.get("/phone/")
    assert answer.status_code == 503
    assert "phone.not_built" in answer.content.decode()


def test_the_shell_takes_no_writes(client: Client, built: Path) -> None:
    assert client.post("/phone/").status_code == 405


def test_the_token_opens_a_write_and_its_absence_does_not(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(city.posts["regulator"].person)
    found = client.get("/phone/token")
    assert "no-store" in found["Cache-Control"]
    address = "/api/v1/hazards"
    without = client.post(address, "{}", content_type="application/json")
    assert without.json()["code"] == "csrf"
    given = client.post(address, "{}", content_type="application/json", headers={"X-CSRFToken": found.json()["token"]})
    assert given.json()["code"] != "csrf"
