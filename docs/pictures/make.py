#!/usr/bin/env python3
"""
Photograph the pages of a running demo city in Chromium, at a desk and on a phone.

    script/pictures [--url http://127.0.0.1:8000] [--accounts var/demo/accounts.json] [--into DIRECTORY] [--language zh|en]

Without --into it renews the pictures of the README, which lie beside this file; with it, every page of every post goes there.
"""

import argparse
import json
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
SCREENS = {"desk": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
LIMIT = 250_000
"""Bytes of a picture in the README."""

IN_SIGHT = """Promise.all([...document.images]
  .filter((one) => !one.complete && one.getClientRects().length && one.getBoundingClientRect().top < innerHeight)
  .map((one) => new Promise((done) => { one.onload = one.onerror = done; })))"""
"""Photos load when they come into sight; one that is hidden never does."""

VISITOR = ""
"""Somebody who has not signed in."""
README = (
    ("board", "office", "desk", "/board/"),
    ("hazard", "regulator", "desk", "hazard:rectified"),
    ("sign-phone", "leader", "phone", "sign:"),
    ("workbench", "regulator", "desk", "/"),
    ("workbench-phone", "inspector", "phone", "/"),
    ("list", "office", "desk", "/hazards/"),
    ("map", "office", "desk", "/risks/map/"),
    ("app-phone", "inspector", "phone", "/phone/"),
    ("desk", "dispatcher", "desk", "/reports/desk/"),
    ("plaza", VISITOR, "desk", "/plaza/"),
    ("report-phone", VISITOR, "phone", "/report/"),
)
EVERY = (
    ("list", "office", "/hazards/"),
    ("hazard", "regulator", "hazard:rectified"),
    ("hazard-closed", "office", "hazard:closed"),
    ("step", "regulator", "step:found"),
    ("new", "inspector", "/hazards/new/"),
    ("sign", "leader", "sign:"),
    ("board", "office", "/board/"),
    ("inbox", "regulator", "/inbox/"),
    ("enterprises", "office", "/enterprises/"),
    ("enterprise", "office", "first:/enterprises/"),
    ("people", "security_admin", "/people/"),
    ("calendar", "system_admin", "/calendar/"),
    ("settings", "system_admin", "/settings/"),
    ("audit", "auditor", "/audit/"),
    ("criteria", "office", "/criteria/"),
    ("import", "office", "/imports/"),
    ("map", "office", "/risks/map/"),
    ("risk-points", "regulator", "/risk-points/"),
    ("risk-point", "principal", "first:/risk-points/"),
    ("visits", "regulator", "/visits/"),
    ("visit", "regulator", "first:/visits/?state=filed"),
    ("visit-plan", "regulator", "/visits/plan/"),
    ("visit-calendar", "office", "/visits/calendar/"),
    ("visit-board", "office", "/visits/board/"),
    ("draws", "office", "/draws/"),
    ("own-checks", "safety_manager", "/self-checks/"),
    ("checklists", "regulator", "/checklists/"),
    ("checklist", "regulator", "first:/checklists/"),
    ("coverage", "office", "/checklists/coverage/"),
    ("laws", "inspector", "/laws/"),
    ("find-clause", "inspector", "/criteria/find/"),
    ("chain", "office", "/chain/"),
    ("chain-check", "office", "/chain/check/"),
    ("duty-cards", "principal", "/chain/cards/"),
    ("experts", "office", "/experts/"),
    ("expert", "office", "first:/experts/"),
    ("app", "inspector", "/phone/"),
    ("app-enterprise", "safety_manager", "/phone/"),
    ("desk", "dispatcher", "/reports/desk/"),
    ("call", "dispatcher", "/reports/new/"),
    ("holds", "dispatcher", "/reports/holds/"),
    ("routing", "dispatcher", "/reports/rules/"),
    ("learnt", "dispatcher", "/reports/learnt/"),
    ("reports", "office", "/reports/"),
    ("report", "office", "first:/reports/?state=handled"),
    ("report-answered", "office", "first:/reports/?state=answered&outcome=verified"),
    ("rewards", "finance", "/rewards/"),
    ("reward", "finance", "first:/rewards/?state=paid"),
    ("reward-proposed", "finance", "first:/rewards/?state=proposed"),
    ("budget", "office", "/rewards/budget/"),
    ("reward-rules", "finance", "/rewards/rules/"),
    ("reconciliation", "finance", "/rewards/reconciliation/"),
    ("outbox", VISITOR, "/outbox/"),
    ("plaza", VISITOR, "/plaza/"),
    ("plaza-map", VISITOR, "/plaza/map/"),
    ("plaza-figures", VISITOR, "/plaza/figures/"),
    ("knowledge", VISITOR, "/knowledge/"),
    ("app-citizen", VISITOR, "/report/"),
)


class City:
    """A running site and one signed-in context for each post and screen."""

    def __init__(self, browser: Browser, url: str, accounts: list[dict[str, Any]], language: str) -> None:
        self.browser, self.url = browser, url.rstrip("/")
        self.language = "en" if language == "en" else "zh-CN"
        self.accounts: dict[str, dict[str, Any]] = {}
        for one in accounts:
            self.accounts.setdefault(one["post"], one)
        self.pages: dict[tuple[str, str], Page] = {}

    def blank(self, screen: str) -> Page:
        phone = screen == "phone"
        context = self.browser.new_context(
            locale=self.language, viewport=SCREENS[screen], is_mobile=phone, has_touch=phone, device_scale_factor=1
        )
        context.add_cookies(
            [{"name": "django_language", "value": self.language.replace("-CN", "-hans"), "url": self.url}]
        )
        return context.new_page()

    def page(self, post: str, screen: str) -> Page:
        if (post, screen) not in self.pages and not post:
            self.pages[post, screen] = self.blank(screen)
        elif (post, screen) not in self.pages:
            page = self.blank(screen)
            account = self.accounts[post]
            page.goto(f"{self.url}/sign-in/")
            page.fill("input[name=login]", account["username"])
            page.fill("input[name=password]", account["password"])
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_url(f"{self.url}/")
            self.pages[post, screen] = page
        return self.pages[post, screen]

    def show(self, post: str, screen: str, place: str) -> Page:
        """`place` is a path, or: `hazard:STATE`, `step:STATE` its first step, `sign:` what waits for me, `first:PATH` the first row."""
        page = self.page(post, screen)
        kind, _, rest = place.partition(":")
        if kind in ("hazard", "step"):
            self._follow(page, f"/hazards/?state={rest}")
            if kind == "step":
                page.locator("a[data-step]").first.click()
                page.locator("#panel form").wait_for()
        elif kind == "first":
            self._follow(page, rest)
        elif kind == "sign":
            page.goto(f"{self.url}/hazards/sign/")
            _draw(page)
        else:
            page.goto(f"{self.url}{place}", wait_until="networkidle")
        page.evaluate(IN_SIGHT)
        return page

    def _follow(self, page: Page, path: str) -> None:
        page.goto(f"{self.url}{path}")
        page.goto(self.url + str(page.locator("table tbody tr a").first.get_attribute("href")))


def _draw(page: Page) -> None:
    pad = page.locator(".pad-canvas")
    pad.scroll_into_view_if_needed()
    box: Any = pad.bounding_box()
    marks = (
        ((0.2, 0.35), (0.42, 0.3), (0.3, 0.75)),
        ((0.25, 0.55), (0.45, 0.5)),
        ((0.6, 0.25), (0.58, 0.8), (0.75, 0.65)),
        ((0.52, 0.45), (0.78, 0.4)),
    )
    for first, *others in marks:
        page.mouse.move(box["x"] + first[0] * box["width"], box["y"] + first[1] * box["height"])
        page.mouse.down()
        for across, down in others:
            page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=6)
        page.mouse.up()


def keep(page: Page, path: Path, *, whole: bool) -> None:
    """With as many colours as fit the limit."""
    image = Image.open(BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    for colours in (256, 128, 64, 32):
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if whole or path.stat().st_size < LIMIT:
            return
    sys.exit(f"{path} is larger than {LIMIT} bytes even with 32 colours.")


def renew_readme(city: City) -> None:
    for name, post, screen, place in README:
        keep(city.show(post, screen, place), HERE / f"{name}.png", whole=False)


def photograph_all(city: City, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for screen in SCREENS:
        page = city.blank(screen)
        page.goto(f"{city.url}/sign-in/")
        keep(page, into / f"sign-in-{screen}.png", whole=True)
        for post in city.accounts:
            keep(city.show(post, screen, "/"), into / f"workbench-{post}-{screen}.png", whole=True)
        for name, post, place in EVERY:
            keep(city.show(post, screen, place), into / f"{name}-{screen}.png", whole=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--accounts", type=Path, default=Path("var/demo/accounts.json"))
    parser.add_argument("--into", type=Path)
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    args = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("Chromium is not installed (Debian: apt-get install chromium).")
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        city = City(browser, args.url, json.loads(args.accounts.read_text()), args.language)
        if args.into:
            photograph_all(city, args.into)
        else:
            renew_readme(city)
        browser.close()


if __name__ == "__main__":
    main()
