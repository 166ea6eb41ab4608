"""The doors of the two apps: open to everybody, strict in what they allow, and honest when it was not built."""

from pathlib import Path

import pytest
from django.test import Client

from anlan.site import phone
from tests.factories import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, title in {"phone": "安澜 · 现场", "report": "安澜 · 随手拍"}.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").write_text(f"<!doctype html><title>{title}</title>", encoding="utf-8")
        (folder / "sw.js").write_text("self.skipWaiting()", encoding="utf-8")
        (folder / "manifest.webmanifest").write_text(f'{{"scope": "/{name}/"}}', encoding="utf-8")
    monkeypatch.setattr(phone, "BUILT", tmp_path)
    return tmp_path


SCREENS = {
    "/phone/": "现场", "/phone/visits/0193/check": "现场", "/phone/outbox": "现场", "/report/": "随手拍",
    "/report/new": "随手拍", "/report/reports/0193": "随手拍",
}  # fmt: skip


@pytest.mark.parametrize("address", SCREENS)
def test_every_screen_is_the_same_shell_without_signing_in(client: Client, built: Path, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert SCREENS[address] in answer.content.decode()
    assert answer["Cache-Control"] == "no-cache"
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("app", ["/phone/", "/report/"])
def test_a_worker_may_serve_its_app_and_nothing_above_it(client: Client, built: Path, app: str) -> None:
    answer = client.get(f"{app}sw.js")
    assert answer["Service-Worker-Allowed"] == app
    assert answer["Content-Type"].startswith("text/javascript")
    manifest = client.get(f"{app}manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["scope"] == app


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
