"""The dispatcher's desk with its script: walked and sent by keyboard, taken back, many at once, and fresh without losing the place."""

from typing import Any
from uuid import UUID

import pytest

from anlan.files.drawing import draw, receive_photo
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.models import Report
from anlan.reports.sorting.table import add_rule
from tests.browser.conftest import DESK, PHONE, Visitors, browser, player, visitors
from tests.factories import COUNTY, City
from tests.files import photos
from tests.reports.conftest import Town, make_town

__all__ = ["browser", "player", "visitors"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def town(city: City) -> Town:
    made = make_town(city)
    with scope.acting(city.dispatcher):
        add_rule(actor=city.dispatcher, data={"category": "fire_exit", "region": COUNTY, "unit": made.unit.pk})
    return made


def _states(*reports: Report) -> list[str]:
    with scope.acting(SYSTEM):
        return [Report.objects.get(pk=one.pk).state for one in reports]


def _until(page: Any, *reports: Report, state: str) -> None:
    """The page's own waiting runs the browser on while the server works."""
    for _time in range(100):
        if set(_states(*reports)) == {state}:
            return
        page.wait_for_timeout(100)
    raise AssertionError(_states(*reports))


def _open(page: Any, report: Report) -> None:
    page.wait_for_selector(f'[data-opened="{report.pk}"]')


def test_a_dispatcher_works_by_keyboard(town: Town, visitors: Visitors) -> None:
    first, second, third, fourth = (town.send(words=f"{n}号楼安全出口上了锁") for n in range(1, 5))
    desk = visitors("dispatcher", DESK).open("/reports/desk/")
    page = desk.page
    _open(page, first)  # the oldest is open without a touch
    page.keyboard.press("d")
    _open(page, second)
    assert _states(first) == ["submitted"]  # nothing happened yet
    page.keyboard.press("z")
    _open(page, first)
    page.wait_for_selector(f'[data-row="{first.pk}"]:not(.is-gone)')
    page.keyboard.press("d")
    _open(page, second)
    page.keyboard.press("d")  # the next one sends the one before at once
    _open(page, third)
    _until(page, first, state="dispatched")
    page.keyboard.press("j")
    _open(page, fourth)
    page.keyboard.press("k")
    _open(page, third)
    page.keyboard.press("s")
    fifth = town.send(words="5号楼安全出口上了锁")
    page.evaluate(LOOK_AGAIN)
    page.wait_for_selector(f'[data-row="{fifth.pk}"]')
    assert page.locator(f'[data-row="{third.pk}"] [data-desk-check]').is_checked()
    assert "is-here" in (page.locator(f'[data-row="{third.pk}"]').get_attribute("class") or "")
    page.locator(f'[data-row="{fourth.pk}"] [data-desk-check]').check()
    page.locator("[data-desk-many] button[type=submit]").click()
    _open(page, fifth)
    page.keyboard.press("x")
    page.locator("#desk-reason").fill("噪声扰民不属安全生产，请拨打12345。")
    page.locator("#desk-decline button[type=submit]").click()
    _until(page, fifth, state="handled")
    desk.open("/reports/rules/")  # leaving sends what was still to be taken back
    _until(page, second, third, fourth, state="dispatched")
    assert not [words for words in desk.complaints if "GL Driver" not in words]


def test_on_a_phone_the_list_leads_to_the_report_and_back(town: Town, visitors: Visitors) -> None:
    report, other = town.send(), town.send(words="配电箱敞开，电线裸露")
    desk = visitors("dispatcher", PHONE).open("/reports/desk/")
    page = desk.page
    page.locator(f'[data-row="{other.pk}"] .desk-link').click()
    _open(page, other)
    assert not page.locator("[data-desk-list]").is_visible()
    assert desk.overflow() == 0
    page.locator("[data-desk-back]").click()
    page.wait_for_selector("[data-desk-list]", state="visible")
    assert page.locator(f'[data-row="{report.pk}"]').is_visible()
    assert not [words for words in desk.complaints if "GL Driver" not in words]


def test_a_picture_comes_by_itself_and_with_it_what_it_looks_like(town: Town, visitors: Visitors) -> None:
    """Sent a moment ago, not drawn yet: neither is the page loaded anew, nor what was begun on it lost."""
    picture, where = photos.jpeg(), {"lon": "111.518976", "lat": "36.088005"}
    earlier, later = (_sent_with(town, picture, **(where | {"lat": lat})) for lat in ("36.086386", "36.088005"))
    draw(earlier[1])
    desk = visitors("dispatcher", DESK).open(f"/reports/desk/?report={later[0].pk}")
    page = desk.page
    _open(page, later[0])
    page.wait_for_selector(".desk-photos .picture-none")
    assert earlier[0].number not in page.locator("[data-desk-near]").inner_text()
    page.fill("input[name=remark]", "请尽快查看")
    draw(later[1])
    page.wait_for_selector(f'.desk-photos img[src="/files/{later[1]}/thumb/"]')
    page.wait_for_selector(f'.desk-row img[src="/files/{later[1]}/thumb/"]')
    page.wait_for_selector(f"[data-desk-near] :text('{earlier[0].number}')")
    assert page.input_value("input[name=remark]") == "请尽快查看"
    assert page.locator(".picture-none").count() == 0
    assert not [words for words in desk.complaints if "GL Driver" not in words]


def _sent_with(town: Town, picture: bytes, **place: str) -> tuple[Report, UUID]:
    with scope.acting(town.reporter):
        file = receive_photo(actor=town.reporter, source=picture, name="a.jpg").pk
    return town.send(words="", photos=[file], **place), file


def test_one_form_is_open_at_a_time_and_what_could_not_go_is_looked_at_again(town: Town, visitors: Visitors) -> None:
    ruled, other = town.send(), town.send(category="", words="路灯不亮。")
    desk = visitors("dispatcher", DESK).open("/reports/desk/")
    page = desk.page
    _open(page, ruled)
    page.click("[data-desk-toggle=desk-decline]")
    page.click("[data-desk-toggle=desk-public]")
    assert page.locator(".desk-sub.is-open").evaluate_all("all => all.map((one) => one.id)") == ["desk-public"]
    for box in page.locator("[data-desk-check]").all():
        box.click()
    page.click("#desk-many button[type=submit]")
    _until(page, ruled, state="dispatched")
    _open(page, other)  # nothing said where it goes: it is back, and open
    assert _states(other) == ["submitted"]
    assert desk.complaints == []
