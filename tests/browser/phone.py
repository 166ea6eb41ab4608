"""What an inspector does on the phone app's screens, step by step, and what the server then has."""

import re
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.inspections.models import Answer, Finding, OnSite, SelfCheck, Visit, VisitSignature
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Entry
from tests.browser.conftest import Visitor, Visitors
from tests.factories import picture

# The phone in somebody's hand.


def fits(visitor: Visitor, name: str) -> None:
    """A screen is there, and no wider than the phone."""
    expect(visitor.page.locator("main")).to_be_visible()
    assert visitor.overflow() <= 0, f"{name}: {visitor.page.url}"


def open_app(visitors: Visitors, username: str) -> Visitor:
    """Signed in, the day and the clauses downloaded, the shell kept by the service worker."""
    visitor = visitors(username)
    page = visitor.open("/phone/").page
    expect(page.locator(".net.is-done")).to_contain_text("已同步")  # pictures and clauses too
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    fits(visitor, "today")
    return visitor


def go_out(visitors: Visitors, username: str, enterprise: str) -> Visitor:
    """At the gate, where there is no network."""
    visitor = open_app(visitors, username)
    visitor.cut()
    page = visitor.page
    expect(page.locator(".net.is-offline")).to_be_visible()
    page.locator(".card", has_text=enterprise).click()
    fits(visitor, "visit")
    return visitor


def step(page: Page, title: str) -> None:
    """From the visit's own screen to one of its steps."""
    page.locator(".steps-one", has_text=title).click()


def back(page: Page) -> None:
    page.get_by_role("button", name="返回").click()


def photograph(scope_: Page | Locator, seed: int, *, count: int = 1) -> None:
    scope_.locator("input[capture]").set_input_files(
        {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": picture(seed)}
    )
    expect(scope_.locator(".strip img")).to_have_count(count)


def arrive(visitor: Visitor, *, why: str) -> None:
    page = visitor.page
    step(page, "到场")
    expect(page.get_by_role("button", name="到场，开始检查")).to_be_disabled()
    page.get_by_label("未扫码也未定位的原因").fill(why)
    fits(visitor, "arrive")
    page.get_by_role("button", name="到场，开始检查").click()
    expect(page.get_by_role("heading", name="检查清单")).to_be_visible()


def answer(page: Page, text: str, value: str) -> None:
    item = page.locator(".item", has_text=text)
    item.get_by_role("radio", name=value, exact=True).click()


def find(visitor: Visitor, seed: int, *, place: str, words: str, category: str = "") -> None:
    """The form of a finding, as it is opened by a “no” or by hand."""
    page = visitor.page
    expect(page.get_by_role("heading", name="登记问题")).to_be_visible()
    photograph(page, seed)
    page.get_by_label("部位").fill(place)
    description = page.get_by_label("问题描述")
    description.fill(description.input_value() + words)
    if category:
        page.get_by_label("隐患类别").click()
        page.locator(".chip", has_text=category).first.click()
        expect(page.locator(".sheet-body:visible")).to_have_count(0)
    fits(visitor, "finding")
    page.get_by_role("button", name="保存问题").click()
    expect(page.get_by_role("heading", name="登记问题")).to_have_count(0)


def train(visitor: Visitor, words: str, people: int) -> None:
    page = visitor.page
    step(page, "现场处理与培训")
    page.get_by_role("radio", name="现场培训").click()
    page.get_by_label("内容").fill(words)
    page.get_by_label("人数").fill(str(people))
    fits(visitor, "on-site")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".card", has_text=words)).to_have_count(1)
    back(page)


def record(visitor: Visitor, met: str) -> None:
    page = visitor.page
    step(page, "检查记录")
    expect(page.get_by_label("检查情况")).to_have_value(re.compile("共检查"))
    page.get_by_label("企业接待人").fill(met)
    page.get_by_label("职务").fill("厂长")
    fits(visitor, "record")
    page.get_by_role("button", name="形成检查记录").click()
    sheet = page.locator(".sheet-body:visible")
    expect(sheet).to_contain_text("联网后自动发送")
    fits(visitor, "record-ask")
    sheet.get_by_role("button", name="形成检查记录").click()
    expect(page.get_by_role("heading", name="双方签字")).to_be_visible()


def draw(page: Page, height: int) -> None:
    pad = page.locator(".signpad canvas")
    pad.scroll_into_view_if_needed()
    box: Any = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    for at in range(1, 9):
        page.mouse.move(box["x"] + 30 + 20 * at, box["y"] + 30 + height * (at % 2))
    page.mouse.up()
    expect(page.locator(".signpad.is-signed")).to_have_count(1)


def sign(visitor: Visitor, who: str) -> None:
    page = visitor.page
    page.get_by_role("button", name=who).click()
    draw(page, 30 + 3 * len(who))  # nobody signs like another
    fits(visitor, "sign")
    page.get_by_role("button", name="确认签字").click()
    expect(page.locator(".signpad")).to_have_count(0)


def deliver(visitor: Visitor) -> None:
    """The network is back: all is sent by itself, the outbox is empty, and another sync finds nothing to do."""
    page = visitor.open("/phone/outbox").page
    expect(page.locator(".tabs-count")).to_be_visible()  # so many are not sent
    fits(visitor, "outbox-waiting")
    visitor.cut(off=False)
    expect(page.locator(".net.is-done")).to_be_visible()
    expect(page.get_by_role("heading", name="等待发送")).to_have_count(0)
    expect(page.get_by_role("heading", name="需要处理")).to_have_count(0)
    expect(page.locator(".tabs-count")).to_have_count(0)
    fits(visitor, "outbox-sent")


def again(page: Page) -> None:
    """Another sync, asked for by hand; it has ended when the day has been fetched."""
    with page.expect_response(lambda response: response.url.endswith("/api/v1/field/day")):
        page.get_by_role("button", name="立即同步").click()
    expect(page.get_by_role("button", name="立即同步")).to_be_enabled()


# The server's side.


def told() -> dict[str, int]:
    """How much of everything a phone can send there is."""
    with scope.acting(SYSTEM):
        return {
            model.__name__: model.objects.count()
            for model in (Visit, Answer, Finding, OnSite, VisitSignature, SelfCheck, Hazard, File, Entry)
        }


def only(model: Any, **which: Any) -> Any:
    with scope.acting(SYSTEM):
        return model.objects.get(**which)


def photos_of(subject: UUID) -> list[File]:
    with scope.acting(SYSTEM):
        return list(File.objects.filter(subject_id=subject, kind="photo"))


def nothing_twice(visitor: Visitor) -> None:
    before = told()
    again(visitor.page)
    assert told() == before
