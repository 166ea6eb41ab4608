"""The open pages in a real Chromium: on a phone and a desk, in plain and large type, with the map, for everybody (WCAG 2.2 AA)."""

from pathlib import Path
from typing import Any

import pytest

from anlan.kernel.flow.clockwork import tick
from anlan.reports.plaza import figures
from tests.browser.conftest import DESK, PHONE, TELL_POLICY, lacking, quiet
from tests.reports.plaza.conftest import Plaza, plaza

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
__all__ = ["plaza"]
AXE = Path(__file__).parents[2] / "clients/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
JUDGE = """rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map(
  one => `${one.id}: ${one.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | ")}`))"""


def judged(page: Any) -> list[str]:
    """What axe finds wrong. The content policy lets no other script in, so it is run by the test and not by the page."""
    if not AXE.exists():
        lacking("The test of accessibility needs axe-core: cd clients && npm ci")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(JUDGE, RULES)
    return found


@pytest.mark.parametrize("large", [False, True], ids=["plain", "large"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_everybody_can_read_the_open_pages(
    plaza: Plaza, live_server: Any, browser: Any, screen: Any, large: bool
) -> None:
    for number in range(3):
        plaza.shown(f"楼道堆满纸箱，第{number}处", photos=number)
    report = plaza.reviewed()
    tick()
    figures.keep_figures()
    complaints: list[str] = []
    context = browser.new_context(locale="zh-CN", viewport=screen, is_mobile=screen is PHONE, has_touch=screen is PHONE)
    context.add_init_script(TELL_POLICY)
    if large:
        context.add_cookies([{"name": "anlan_type", "value": "large", "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        for path in (
            "/plaza/",
            "/plaza/map/",
            f"/plaza/{report.number}/",
            "/plaza/figures/",
            "/knowledge/",
            "/knowledge/help/gas/",
        ):
            page.goto(live_server.url + path, wait_until="networkidle")
            if path == "/plaza/map/":
                page.wait_for_selector("[data-plaza-map][data-idle]")
            assert page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth") <= 0, path
            assert judged(page) == [], path
        assert complaints == []
        page.goto(f"{live_server.url}/plaza/")
        page.get_by_role("link", name="English").click()
        page.get_by_role("link", name="中文").wait_for()
        page.get_by_role("link", name="Plain type" if large else "Large type").click()
        page.wait_for_function(
            "large => document.documentElement.classList.contains('is-large') === large", arg=not large
        )
        assert page.url == f"{live_server.url}/plaza/"
        page.get_by_role("searchbox").fill("第1处")
        page.get_by_role("button", name="Search").click()
        assert page.locator(".seen").count() == 1
        page.locator(".seen-link").click()
        page.get_by_role("heading", level=1).filter(has_text="第1处").wait_for()
    finally:
        context.close()
        quiet()
