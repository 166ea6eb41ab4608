"""A hazard's own steps on the phone: signed, planned, submitted and rechecked without a network, and told when somebody was first."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from anlan.hazards.models import Hazard, Recheck, Signature
from anlan.hazards.models import Photo as Evidence
from anlan.kernel import clock
from anlan.site import phone
from tests.browser.conftest import Visitor, Visitors, lacking
from tests.browser.phone import deliver, draw, fits, nothing_twice, only, open_app, photograph
from tests.factories import City, make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def city(db: None) -> City:
    if not (phone.BUILT / "phone" / "index.html").exists():
        lacking("The phone app's tests need it built: cd clients && npm ci && npm run build")
    return make_city()


def take_up(visitor: Visitor, hazard: Hazard, step: str) -> Page:
    """From today's list to the form of the step that is one's turn."""
    page = visitor.open("/phone/").page
    page.locator(".card", has_text=f"待您：{step}").click()
    expect(page.get_by_text(hazard.description).first).to_be_visible()
    fits(visitor, "hazard")
    page.get_by_role("link", name=step, exact=True).click()
    expect(page.get_by_role("heading", name=step, exact=True)).to_be_visible()
    return page


def press(page: Page, step: str) -> None:
    page.locator(".bar").get_by_role("button", name=step, exact=True).click()


def test_an_enterprise_signs_plans_and_submits(city: City, visitors: Visitors) -> None:
    hazard = city.dispatched()
    city.sign(city.inspector, hazard)
    visitor = open_app(visitors, "principal")

    # The sheet is read and signed where there is no network.
    visitor.cut()
    page = take_up(visitor, hazard, "签字认领")
    expect(page.locator(".paper")).to_contain_text(hazard.number)
    expect(page.locator(".paper .strip img")).to_have_count(1)
    press(page, "签字认领")
    expect(page.get_by_role("alert")).to_have_text("请先在框内签名。")
    draw(page, 40)
    fits(visitor, "sign")
    press(page, "签字认领")
    expect(page.get_by_role("heading", name="您已办理")).to_be_visible()
    expect(page.get_by_role("link", name="签字认领", exact=True)).to_have_count(0)
    deliver(visitor)
    signed = only(Signature, signer="principal")
    assert (only(Hazard).state, signed.method, signed.person_id) == ("claimed", "drawn", city.principal.person)

    visitor.cut()
    page = take_up(visitor, hazard, "提交整改方案")
    press(page, "提交整改方案")
    expect(page.get_by_role("alert")).to_have_text("此项必填。")
    page.get_by_label("整改措施").fill("加装固定护罩。\n护罩与急停联锁。")
    press(page, "提交整改方案")
    expect(page.get_by_role("heading", name="您已办理")).to_be_visible()
    deliver(visitor)
    planned = only(Hazard)
    assert (planned.state, planned.plan["measure"]) == ("rectifying", "加装固定护罩。\n护罩与急停联锁。")

    visitor.cut()
    page = take_up(visitor, hazard, "申请验收")
    page.get_by_label("整改情况").fill("护罩已装好并试机。")
    press(page, "申请验收")
    expect(page.get_by_role("alert")).to_have_text("至少拍一张照片。")
    photograph(page.locator(".block", has_text="现状照片"), 5)
    page.get_by_label("费用").fill("1,200.50")
    expect(page.locator(".strip img")).to_have_count(2)  # what was found, and what it looks like now
    # The app is killed in the middle of the form: words and photo are back.
    page.wait_for_function("new Promise((done) => setTimeout(() => done(true), 400))")
    visitor.kill(f"/phone/hazards/{hazard.pk}/submit")
    page = visitor.page
    expect(page.get_by_label("整改情况")).to_have_value("护罩已装好并试机。")
    fits(visitor, "submit")
    press(page, "申请验收")
    expect(page.get_by_role("heading", name="您已办理")).to_be_visible()
    deliver(visitor)
    submitted = only(Hazard)
    assert (submitted.state, submitted.measure_done, submitted.cost_fen) == ("rectified", "护罩已装好并试机。", 120_050)
    assert only(Evidence, phase="after").hazard_id == hazard.pk
    nothing_twice(visitor)
    visitor.open("/phone/hazards")
    expect(page.get_by_role("heading", name="等待他人")).to_be_visible()
    fits(visitor, "hazards")
    assert visitors.complaints == []


def test_an_inspector_rechecks_in_the_field(city: City, visitors: Visitors) -> None:
    hazard = city.rectified(grade="major")
    visitor = open_app(visitors, "inspector")
    visitor.cut()
    page = take_up(visitor, hazard, "复查")
    expect(page.get_by_text("护罩已装好并试机。")).to_be_visible()  # what it is decided on
    expect(page.locator(".taken .strip img")).to_have_count(2)
    page.get_by_role("radio", name="不通过").click()
    page.get_by_label("复查情况").fill("护罩松动，未与急停联锁。")
    press(page, "复查")
    expect(page.get_by_text("至少拍一张照片。")).to_be_visible()
    expect(page.get_by_text("至少选择 1 人。")).to_be_visible()
    expect(page.get_by_text("此项必填。")).to_be_visible()  # the new date of a failed recheck
    photograph(page.locator(".block:has(input[capture])"), 6)
    page.locator(".check", has_text=city.inspector2.name).click()
    page.get_by_label("不通过时的新期限").fill(str(clock.today() - timedelta(days=1)))
    fits(visitor, "recheck")
    press(page, "复查")
    expect(page.get_by_role("heading", name="您已办理")).to_be_visible()

    # The date lies in the past: the reason comes back to its field, and nothing typed is lost.
    page = visitor.open("/phone/outbox").page
    visitor.cut(off=False)
    expect(page.get_by_role("heading", name="需要处理")).to_be_visible()
    page.locator(".row", has_text="复查").click()
    expect(page.locator(".facts")).to_contain_text("护罩松动")
    fits(visitor, "letter")
    page.get_by_role("button", name="更正后重发").click()
    expect(page.get_by_label("复查情况")).to_have_value("护罩松动，未与急停联锁。")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("不通过时的新期限").fill(str(city.day(10)))
    press(page, "复查")
    expect(page.get_by_role("heading", name="您已办理")).to_have_count(0)  # delivered: it waits for others now
    visitor.open("/phone/outbox")
    expect(page.locator(".net.is-done")).to_be_visible()
    expect(page.get_by_role("heading", name="需要处理")).to_have_count(0)
    failed = only(Hazard)
    assert (failed.state, failed.failed_rounds, failed.rectify_due) == ("rectifying", 1, city.day(10))
    assert {one["name"] for one in only(Recheck).officers} == {city.inspector.name, city.inspector2.name}
    assert only(Evidence, phase="recheck").hazard_id == hazard.pk
    nothing_twice(visitor)
    assert visitors.complaints == []


def test_whoever_comes_second_is_told_who_was_first(city: City, visitors: Visitors) -> None:
    hazard = city.rectified()
    visitor = open_app(visitors, "inspector")
    visitor.cut()
    page = take_up(visitor, hazard, "复查")
    page.get_by_role("radio", name="通过", exact=True).click()
    page.get_by_label("复查情况").fill("现场查看，已消除。")
    press(page, "复查")
    expect(page.get_by_role("heading", name="您已办理")).to_be_visible()
    city.do(city.inspector2, hazard, "recheck", passed=True, remark="我先到现场，已消除。")

    page = visitor.open("/phone/outbox").page
    visitor.cut(off=False)
    page.locator(".row", has_text="复查").filter(has_text="冲突").click()
    letter = page.locator(".note.is-strong")
    expect(letter).to_contain_text(city.inspector2.name)
    expect(letter).to_contain_text("此隐患现在已不需要您办理这一项。")
    expect(page.get_by_role("button", name="仍按我的办")).to_have_count(
        0
    )  # sending the same again would only fail again
    fits(visitor, "conflict")
    page.get_by_role("button", name="放弃这一条").click()
    page.locator(".sheet-body:visible").get_by_role("button", name="放弃").click()
    expect(page.locator("main")).to_contain_text("已放弃")  # written on the phone before one walks away
    visitor.open("/phone/hazards")
    expect(page.get_by_text("没有需要您办理的隐患。")).to_be_visible()
    assert only(Recheck).officers[0]["name"] == city.inspector2.name
    assert visitors.complaints == []
