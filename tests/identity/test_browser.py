"""A real Chromium signs in: by a click on a demo account, with a security key, and under the content policy."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anlan.identity import actions
from anlan.identity.regions import load_regions
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.site.testing import wipe
from tests.identity.conftest import COUNTY, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def inspector() -> Iterator[Any]:
    with scope.acting(SYSTEM):
        load_regions([{"code": "141000", "name": "City"}, {"code": "141002", "name": "County"}], actor=SYSTEM)
        account = {"username": "an.inspector", "name": "柳巡川"}
        person = actions.open_account(actor=SYSTEM, data=account, region=COUNTY, password=PASSWORD).person
        actions.give_post(actor=SYSTEM, person=person.pk, data={"role": "inspector", "region": COUNTY})
    yield person
    wipe()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # Playwright's sync interface keeps an event loop running in this thread, which Django takes for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(locale="en", viewport={"width": 1280, "height": 800}).new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        yield page
        browser.close()


def test_a_security_key_signs_in(live_server: Any, settings: Any, tmp_path: Path, inspector: Any, page: Any) -> None:
    (tmp_path / "demo").mkdir()
    account = {"post": "Inspector", "name": inspector.name, "username": inspector.username, "password": PASSWORD}
    (tmp_path / "demo" / "accounts.json").write_text(json.dumps([account]))
    settings.ANLAN_VAR, settings.DEMO = tmp_path, True
    base = live_server.url.replace("127.0.0.1", "localhost")  # a key belongs to a name, not to an address
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})

    page.goto(f"{base}/sign-in/?next=/account/second-factor/webauthn/add/")
    page.click("text=Inspector")
    page.click("main button:has-text('Sign in')")
    page.fill("input[name=password]", PASSWORD)
    page.click("text=Confirm >> nth=-1")
    page.fill("input[name=name]", "Blue key")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("main li code").count() == 10

    page.goto(f"{base}/account/")
    page.click(".top-user")
    page.click("button:has-text('Sign out')")
    page.wait_for_url("**/sign-in/**")
    page.fill("input[name=login]", inspector.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
    page.wait_for_url("**/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{base}/")
    page.goto(f"{base}/account/second-factor/webauthn/")
    assert "Blue key" in page.inner_text("main")
    assert page.complaints == []
