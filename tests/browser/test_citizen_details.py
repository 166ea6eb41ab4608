"""What goes wrong on phones in the street, screen by screen: nothing is lost, mixed up, left behind or shown to the next person."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.identity.models import Person
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.reports.models import Opinion, ReportPhoto, Seal
from anlan.reports.plaza.keeping import fold_changes
from tests.browser.citizen import accessible, code_of, home, passer_by, photograph, sign_in, write
from tests.browser.conftest import PHONE, Visitor, Visitors
from tests.browser.test_citizen import NUMBER, WORDS, city, reports
from tests.reports.conftest import Town

__all__ = ["city"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
MORE = "还可以填"


def everything(model: Any, **asked: Any) -> list[Any]:
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        return list(model.objects.filter(**asked))


def sent(page: Page) -> None:
    expect(page.locator(".sent-state")).to_contain_text("已提交", timeout=60_000)


def nameless(page: Page) -> str:
    """Sends what is written without a name; the claim code."""
    page.get_by_role("switch", name="匿名上报").click()
    page.get_by_role("button", name="匿名提交").click()
    sent(page)
    return page.locator(".code-itself").text_content() or ""


def test_who_signs_along_and_where_one_works_is_kept_and_sealed(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, WORDS)
    page.get_by_text(MORE).click()
    page.get_by_label("我就在这家单位上班").fill("翠岭")
    page.get_by_role("button", name=re.compile("翠岭铸造有限公司")).click()
    expect(page.get_by_role("button", name="换一个")).to_be_focused()
    for at, (name, number) in enumerate([("李小兰", "13900001111"), ("赵刚", "")]):
        page.get_by_role("button", name="添加一个人").click()
        expect(page.get_by_label(f"第 {at + 1} 位的姓名")).to_be_focused()
        page.get_by_label(f"第 {at + 1} 位的姓名").fill(name)
        page.get_by_label(f"第 {at + 1} 位的手机号").fill(number)
    accessible(visitor, "more details")
    page.wait_for_timeout(400)  # a draft is kept a moment after the last key
    page = visitor.kill("/report/new").page
    expect(page.locator(".employer-chosen")).to_contain_text("翠岭铸造有限公司")  # what is filled in stands open
    expect(page.get_by_label("第 2 位的姓名")).to_have_value("赵刚")
    page.get_by_role("switch", name="匿名上报").click()
    expect(page.locator(".joint")).to_have_count(0)
    page.get_by_role("switch", name="匿名上报").click()
    page.get_by_role("button", name="提交", exact=True).click()
    sign_in(page, NUMBER)
    sent(page)
    (report,) = reports()
    seals = sorted(everything(Seal, report=report), key=lambda one: one.place)
    assert [(one.name, one.phone) for one in seals[1:]] == [("李小兰", "13900001111"), ("赵刚", "")]
    assert seals[0].employee_of == city.city.enterprise.pk
    # On the phone nothing of the others stays.
    left = page.evaluate(
        """() => new Promise((done) => { indexedDB.open("anlan-report").onsuccess = ({ target }) => {
          target.result.transaction("letters").objectStore("letters").getAll().onsuccess =
            (found) => done(JSON.stringify(found.target.result)); }; })"""
    )
    assert report.number in left
    assert not re.search("李小兰|13900001111|赵刚", left)


def test_an_answer_is_contested_by_code_with_a_photo_of_today(city: Town, visitors: Visitors) -> None:
    page = home(passer_by(visitors, PHONE))
    write(page, WORDS)
    code = nameless(page)
    page.get_by_role("link", name="查看进度").click()
    expect(page.locator(".follow-words")).to_have_text(WORDS)  # with the code, not asked for it again
    page.go_back()
    expect(page.locator(".code-itself")).to_have_text(code)  # and back, not in a circle
    (report,) = reports()
    city.do(city.city.dispatcher, report, "decline", reason="不属于安全生产问题。")
    city.do(city.city.office, report, "review", answer="不属于安全生产问题，请拨打12345。")
    tick()
    other = passer_by(visitors, PHONE)  # on another phone: the code is all there is
    page = home(other)
    page.goto(f"{visitors.base}/report/claim")
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("button", name="不满意").click()
    page.get_by_role("dialog").get_by_label("想说的话").fill("等了很久")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="提出异议").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("哪里不对")).to_have_value("")  # a remark is no objection
    dialog.get_by_label("哪里不对").fill("门还是锁着的")
    photograph(page, 91, count=1)
    accessible(other, "contest by code")
    dialog.get_by_role("button", name="提交异议").click()
    expect(page.locator(".sent-state")).to_contain_text("异议已提交", timeout=60_000)
    assert [(one.kind, one.words) for one in everything(Opinion)] == [("contest", "门还是锁着的")]
    assert len(everything(ReportPhoto, report=report)) == 2
    with scope.acting(SYSTEM):
        assert not Person.objects.filter(phone=NUMBER).exists()


def test_a_form_in_which_nothing_was_written_leaves_nothing(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    page.get_by_role("link", name="报告隐患").click()
    expect(page.locator(".place-state.is-found")).to_contain_text("18 米")
    page.wait_for_timeout(400)
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("link", name="报告隐患")).to_be_visible()
    page.go_forward()  # the arrow went back; it did not go on
    expect(page.get_by_role("heading", name="报告隐患")).to_be_visible()
    page.get_by_role("textbox", name="哪里不安全").fill(WORDS)
    page.wait_for_timeout(400)
    page = visitor.kill("/report/new").page
    page.get_by_role("button", name="不要了，重新写").click()
    page.wait_for_timeout(600)
    page = visitor.kill("/report/").page
    expect(page.get_by_role("link", name="报告隐患")).to_be_visible()


def test_a_picture_is_drawn_anew_by_old_web_views_too(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    visitor.context.add_init_script("createImageBitmap = () => Promise.reject(new TypeError('no such wish'))")
    page = home(visitor)
    write(page, WORDS)
    name = page.evaluate(
        """() => new Promise((done) => { indexedDB.open("anlan-report").onsuccess = ({ target }) => {
          target.result.transaction("photos").objectStore("photos").getAll().onsuccess =
            (found) => done(found.target.result[0].name); }; })"""
    )
    assert name == "photo.jpg"  # else it would go as the camera wrote it, with all that stands in it


def test_a_point_on_the_map_is_not_overwritten_by_a_late_position(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    visitor.context.add_init_script(
        """Geolocation.prototype.getCurrentPosition = (found) => setTimeout(
          () => found({ coords: { longitude: 111.4, latitude: 36.0, accuracy: 900 } }), 6000)"""
    )
    page = home(visitor)
    page.get_by_role("link", name="报告隐患").click()
    expect(page.locator(".place-state")).to_contain_text("正在定位")
    page.get_by_role("button", name="地图选点").click()
    page.get_by_role("button", name="就是这里").click()
    expect(page.locator(".place-state")).to_contain_text("已在地图上选点")
    page.wait_for_timeout(6500)
    expect(page.locator(".place-state")).to_contain_text("已在地图上选点")


def test_a_map_that_does_not_come_is_told_in_words(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    page.route("**/assets/MapPick*", lambda route: route.abort())
    page.get_by_role("link", name="报告隐患").click()
    page.get_by_role("button", name="地图选点").click()
    expect(page.get_by_role("dialog")).to_contain_text("地图打不开")
    expect(page.locator(".strip-note")).to_have_count(0)


def test_a_code_that_has_come_is_taken_though_the_page_was_opened_anew(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)

    def ask() -> Any:
        page.goto(f"{visitors.base}/report/me")
        page.get_by_role("button", name="登录").click()
        sheet = page.get_by_role("dialog")
        sheet.get_by_label("手机号").fill(NUMBER)
        sheet.get_by_role("button", name="获取验证码").click()
        return sheet

    ask()
    expect(page.get_by_label("短信验证码")).to_be_focused()
    code = code_of(NUMBER)
    sheet = ask()  # too early for another one
    expect(sheet).to_contain_text("收到的那条仍然有效")
    sheet.get_by_label("短信验证码").fill(code)
    sheet.get_by_label("手机号").fill("13900001111")
    expect(sheet.get_by_label("短信验证码")).to_have_count(0)  # another number, another code
    sheet.get_by_label("手机号").fill(NUMBER)
    sheet.get_by_label("短信验证码").fill(code)
    sheet.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".me-name")).to_have_text("138****2345")


def test_of_two_sheets_the_upper_one_alone_is_there(city: Town, visitors: Visitors) -> None:
    """Somebody whom nobody knows yet sees a like report, wants to join it, and is asked who they are above it."""
    first = city.send(words=WORDS, lon="111.500050", lat="36.080030", category="fire_exit")
    city.do(city.city.dispatcher, first, "screen", category="fire_exit", public_words=WORDS, public_place="幸福小区")
    fold_changes()
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, WORDS)
    page.locator(".near-one").click()
    join = page.get_by_role("button", name="是同一个，关注它")
    join.click()
    sheet = page.get_by_role("dialog", name="登录")
    expect(sheet.get_by_label("手机号")).to_be_focused()
    for _ in range(8):  # round and round in the upper one
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[role=dialog]')?.ariaLabel") == "登录"
    accessible(visitor, "two sheets")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(join).to_be_focused()  # the lower one is there, and where one was
    page.keyboard.press("Enter")
    expect(sheet.get_by_label("手机号")).to_be_focused()
    phone = page.get_by_role("dialog", name="登录")
    phone.get_by_label("手机号").fill(NUMBER)
    phone.get_by_role("button", name="获取验证码").click()
    expect(phone.get_by_label("短信验证码")).to_be_focused()
    phone.get_by_label("短信验证码").fill(code_of(NUMBER))
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".sent-state")).to_contain_text("已关注", timeout=60_000)
    (report,) = reports()
    assert report.joined == 1


def test_what_was_read_is_there_without_a_network_and_gone_for_the_next_person(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, WORDS)
    page.get_by_role("button", name="提交", exact=True).click()
    sign_in(page, NUMBER)
    sent(page)
    page.get_by_role("link", name="查看进度").click()
    expect(page.locator(".follow-words")).to_have_text(WORDS)
    address = page.url.removeprefix(visitors.base)
    visitor.cut()
    page = visitor.kill(address).page
    expect(page.locator(".follow-words")).to_have_text(WORDS)
    expect(page.get_by_role("alert")).to_contain_text("下面是上次看到的")
    visitor.cut(off=False)
    page.goto(f"{visitors.base}/report/me")
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    expect(page.locator(".me-name")).to_have_text("还没有登录")
    page.goto(f"{visitors.base}{address}")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    expect(page.locator(".follow-words")).to_have_count(0)


def test_a_screen_says_what_it_is_and_where_one_stands(city: Town, visitors: Visitors) -> None:
    visitor: Visitor = passer_by(visitors, PHONE, english=True)
    page = home(visitor)
    expect(page).to_have_title(re.compile("See a hazard"))
    page.get_by_role("link", name="My reports", exact=True).click()
    expect(page).to_have_title("My reports · Anlan Snap Report")
    expect(page.get_by_role("heading", name="My reports")).to_be_focused()
    page.goto(f"{visitors.base}/report/new")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("input[capture]")).to_be_focused()
    page.get_by_role("textbox", name="What is not safe").fill("The exit is blocked")
    photograph(page, 12, count=1)
    page.get_by_role("button", name="Remove number 1").click()
    expect(page.locator("input[capture]")).to_be_focused()


def test_a_code_kept_on_this_phone_opens_for_its_owner_and_not_for_the_next_person(
    city: Town, visitors: Visitors
) -> None:
    page = home(passer_by(visitors, PHONE))
    write(page, WORDS)
    code = nameless(page)
    page.goto(f"{visitors.base}/report/me")
    expect(page.get_by_text("匿名使用中")).to_be_visible()
    page.get_by_role("button", name="登录", exact=True).click()
    sign_in(page, NUMBER)
    page.get_by_role("link", name="我的上报").click()
    page.get_by_role("link", name=re.compile(WORDS)).click()
    expect(page.locator(".follow-words")).to_have_text(WORDS)
    page.evaluate("history.back()")
    expect(page.get_by_role("heading", name="我的上报")).to_be_visible()
    page.goto(f"{visitors.base}/report/me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("dialog")).to_contain_text("查询码，会一起清除")
    page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    expect(page.locator(".me-name")).to_have_text("还没有登录")
    page.goto(f"{visitors.base}/report/mine")
    expect(page.get_by_role("link", name="查进度")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    assert code not in page.content()
