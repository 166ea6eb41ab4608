"""Visitors with a real Chromium: each has a context of its own, and every complaint of the browser is kept."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from anlan.site import settings as site_settings
from tests.factories import City

PASSWORD = "Correct-Horse-9"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000
"""Milliseconds until a page that does not come is given up; nothing is ever waited for longer than it takes."""

CUT = "net::ERR_INTERNET_DISCONNECTED"
"""What the browser says while a test has taken its network away; no test is without one otherwise."""

TELL_POLICY = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));"""


def lacking(words: str) -> NoReturn:
    """A person can do without; CI cannot."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(words, pytrace=False)
    pytest.skip(words)


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return found or lacking("The browser tests need Chromium (Debian: apt-get install chromium).")


class Visitor:
    """One person at one screen."""

    def __init__(self, browser: Any, base: str, screen: dict[str, int]) -> None:
        phone = screen["width"] < 600
        self.context = browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=screen,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(TELL_POLICY)
        self.base, self.complaints = base, []
        self.off = False
        self.held: Any = None
        self.page = self._new_page()

    def _new_page(self) -> Any:
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        return page

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and CUT not in message.text:
            self.complaints.append(f"console: {message.text} ({self.page.url})")

    def _failed(self, request: Any) -> None:
        # What was still loading when one went on to the next page, or was asked for while there was no network.
        if request.failure not in ("net::ERR_ABORTED", CUT):
            self.complaints.append(f"request: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"answer: {response.status} {response.request.method} {response.url}")

    def sign_in(self, username: str) -> "Visitor":
        self.page.goto(f"{self.base}/sign-in/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button:has-text('登录')")
        self.page.wait_for_url(f"{self.base}/")
        return self

    def open(self, path: str) -> "Visitor":
        self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        return self

    def cut(self, *, off: bool = True) -> None:
        """Take the network away, or give it back."""
        self.off = off
        if self.held and not off:
            self._hold(False)
            self.held = None
        self.context.set_offline(off)

    def _hold(self, off: bool) -> None:
        said = {"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.held.send("Network.emulateNetworkConditions", said)

    def kill(self, path: str) -> "Visitor":
        """The page dies without a word and is opened anew, in the same browser with all that it kept."""
        self.page.close()
        self.page = self._new_page()
        self.open(path)
        if self.off:
            # The page that died may take the browser's word "no network" with it, as late as it likes: it is given anew.
            self.held = self.context.new_cdp_session(self.page)
            self._hold(True)
            self.page.wait_for_function("!navigator.onLine")
        return self

    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


class Visitors:
    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base = browser, base
        self.all: list[Visitor] = []

    def __call__(self, username: str, screen: dict[str, int] | None = None) -> Visitor:
        visitor = Visitor(self.browser, self.base, screen or PHONE)
        self.all.append(visitor)
        return visitor.sign_in(username)

    @property
    def complaints(self) -> list[str]:
        return [words for one in self.all for words in one.complaints]


@pytest.fixture(scope="module")
def player() -> Iterator[Any]:
    """Playwright, once a module."""
    from playwright.sync_api import expect, sync_playwright

    if not (Path(site_settings.__file__).parent / "static/build/office.js").exists():
        lacking("The browser tests need the built scripts and styles: cd frontend && npm ci && npm run build")
    expect.set_options(timeout=PATIENCE)
    # Playwright's sync interface keeps an event loop running in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playing:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playing


@pytest.fixture(scope="module")
def browser(player: Any) -> Iterator[Any]:
    """One browser a module; each visitor has a context of its own in it, as if it were another machine."""
    launched = player.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    yield launched
    launched.close()


@pytest.fixture
def visitors(city: City, live_server: Any, browser: Any) -> Iterator[Visitors]:
    found = Visitors(browser, live_server.url)
    yield found
    for one in found.all:
        one.context.close()
    quiet()


def quiet(seconds: float = 15) -> None:
    """What the pages still asked for as they were closed is answered before the tables are emptied under it."""
    end = time.monotonic() + seconds
    while any("process_request_thread" in thread.name for thread in threading.enumerate()):
        if time.monotonic() > end:
            raise TimeoutError("the server still answers somebody")
        time.sleep(0.02)
