"""A citizen reports where the network is bad, follows the report and says what they think of the answer; every screen for everybody."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.files.models import File
from anlan.identity.models import Person, Region, Try
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.reports.models import Opinion, Report, ReportPhoto, Seal
from anlan.site import phone
from tests.browser.citizen import PLACE, accessible, home, passer_by, photograph, sign_in, write
from tests.browser.conftest import PHONE, Visitor, Visitors, lacking
from tests.drawing import draw_waiting
from tests.factories import TOWN, make_city
from tests.files.films import film
from tests.reports.conftest import Town, make_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
NUMBER = "13835712345"
WORDS = "三楼安全出口被纸箱堵住"
SMALL = {"width": 320, "height": 700}


@pytest.fixture
def city(db: None, settings: Any) -> Town:
    if not (phone.BUILT / "report" / "index.html").exists():
        lacking("The citizens' app must be built: cd clients && npm ci && npm run build")
    settings.ANLAN_SMS_URL, settings.ANLAN_SMS_KEY, settings.ANLAN_SMS_SECRET = "http://127.0.0.1:9", "key", "secret"
    town = make_town(make_city())
    Region.objects.filter(pk=TOWN).update(lon=PLACE["longitude"], lat=PLACE["latitude"])
    return town


def reports() -> list[Report]:
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        return list(Report.objects.order_by("reported_at"))


def forget_tries() -> None:
    """A test is quicker than a person may be."""
    with scope.acting(SYSTEM):
        Try.objects.all().delete()


def cut_off(page: Page, times: int, at: str) -> list[str]:
    """The next requests to `at` are done by the server, and their answers never arrive."""
    lost: list[str] = []

    def lose(route: Any) -> None:
        if len(lost) < times and route.request.method in ("POST", "PATCH"):
            lost.append(route.request.url)
            route.fetch()
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route(at, lose)
    return lost


def test_a_report_is_there_once_though_the_network_failed_and_the_app_was_killed(
    city: Town, visitors: Visitors
) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, WORDS, photos=2)
    page.wait_for_timeout(400)  # a draft is kept a moment after the last key
    visitor.cut()
    page = visitor.kill("/report/").page
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_role("textbox", name="哪里不安全")).to_have_value(WORDS)
    expect(page.locator(".shot img")).to_have_count(2)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".sent-state")).to_contain_text("没有网络")
    assert not reports()
    page = visitor.kill("/report/").page
    page.get_by_role("link", name=WORDS).click()

    visitor.cut(off=False)
    page.get_by_role("button", name="登录并发送").click()
    uploads = cut_off(page, 1, "**/api/v1/uploads/*")
    sent = cut_off(page, 1, "**/api/v1/citizen/reports")
    sign_in(page, NUMBER)
    expect(page.locator(".sent-state")).to_contain_text("已提交", timeout=60_000)
    assert len(uploads) == len(sent) == 1
    found = reports()
    assert [one.words for one in found] == [WORDS]
    assert found[0].lon is not None
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        assert ReportPhoto.objects.filter(report=found[0]).count() == 2
        assert Seal.objects.filter(report=found[0]).count() == 1
    expect(page.locator(".sent-number")).to_have_text(found[0].number)
    page.get_by_role("link", name="查看进度").click()
    expect(page.locator(".follow-words")).to_have_text(WORDS)
    expect(page.get_by_text("图片处理中，请稍候")).to_have_count(2)
    draw_waiting()
    expect(page.locator(".phase-photo img")).to_have_count(2)  # by themselves
    page.goto(f"{visitors.base}/report/mine")
    expect(page.locator(".report")).to_have_count(1)
    assert not [one for one in visitors.complaints if "401" not in one]  # “sign in first” is no trouble


def test_without_a_name_a_code_follows_it(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, "地下车库有燃气味")
    # Help first: before anything is sent.
    expect(page.locator(".urgent.is-found")).to_contain_text("燃气味")
    assert page.locator(".urgent.is-found a").first.get_attribute("href") == "tel:119"
    page.get_by_role("switch", name="匿名上报").click()
    page.get_by_role("button", name="匿名提交").click()
    code = page.locator(".code-itself").text_content() or ""
    assert len(code) == 14
    accessible(visitor, "sent")
    page.get_by_role("button", name="复制").click()
    assert page.evaluate("navigator.clipboard.readText()") == code
    with page.expect_download() as download:
        page.get_by_role("button", name="存为图片").click()
    assert download.value.suggested_filename.endswith(".png")
    (report,) = reports()
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        assert Seal.objects.get(report=report).person_id is None
        assert not Person.objects.filter(phone=NUMBER).exists()

    stranger = passer_by(visitors, PHONE)
    page = home(stranger)
    page.get_by_role("link", name="查进度").click()
    page.get_by_label("查询码").fill("ABCD-EFGH-JKM0")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".wrong")).to_be_visible()
    page.get_by_label("查询码").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".follow-words")).to_have_text("地下车库有燃气味")
    accessible(stranger, "follow by code")


def test_it_may_be_this_one(city: Town, visitors: Visitors) -> None:
    first = city.send(words=WORDS, lon="111.500050", lat="36.080030", category="fire_exit")
    city.do(city.city.dispatcher, first, "screen", category="fire_exit", public_words=WORDS, public_place="幸福小区")
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, "三楼安全出口被纸箱堵住了")
    page.get_by_role("button", name="提交", exact=True).click()
    sign_in(page, NUMBER)
    expect(page.get_by_role("heading", name="是不是这一个？")).to_be_visible()
    accessible(visitor, "near")
    page.locator(".near-one").click()
    accessible(visitor, "near, opened")
    page.get_by_role("button", name="是同一个，关注它").click()
    expect(page.locator(".sent-state")).to_contain_text("已关注")
    (report,) = reports()
    assert report.joined == 1
    page.get_by_role("link", name="查看进度").click()
    expect(page.locator(".follow-words")).to_have_text(WORDS)


def test_the_answer_is_read_rated_and_contested_once(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    write(page, WORDS)
    page.get_by_role("button", name="提交", exact=True).click()
    sign_in(page, NUMBER)
    expect(page.locator(".sent-state")).to_contain_text("已提交", timeout=60_000)
    (report,) = reports()
    city.do(city.city.dispatcher, report, "dispatch", unit=city.unit.pk)
    city.do(
        city.inspector, report, "unfounded", reason="现场查看，通道畅通。", words="门锁已开，无堆物。",
        photos=[city.photo(city.inspector)],
    )  # fmt: skip
    city.do(city.city.office, report, "review", answer="经核查，安全出口畅通，感谢您的关注。")
    tick()
    page.goto(f"{visitors.base}/report/")
    expect(page.locator(".report")).to_contain_text("有新进展")
    page.locator(".report").click()
    expect(page.locator(".answer")).to_contain_text("感谢您的关注")
    accessible(visitor, "answered")
    page.get_by_role("button", name="不满意").click()
    accessible(visitor, "rate")
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator(".opinion")).to_contain_text("不满意")
    page.get_by_role("button", name="提出异议").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("哪里不对").fill("门现在还是锁着的")
    photograph(page, 77, count=1)
    accessible(visitor, "contest")
    dialog.get_by_role("button", name="提交异议").click()
    expect(page.locator(".sent-state")).to_contain_text("异议已提交", timeout=60_000)
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        report.refresh_from_db()
        assert (report.state, report.contested) == ("screened", 1)
        assert sorted(Opinion.objects.values_list("kind", flat=True)) == ["contest", "rating"]
    page.get_by_role("link", name="查看进度").click()
    expect(page.get_by_role("button", name="提出异议")).to_have_count(0)


def test_a_short_video_will_do(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    page.get_by_role("link", name="报告隐患").click()
    film_input = page.locator("input[accept^='video']")
    film_input.set_input_files({"name": "a.avi", "mimeType": "video/x-msvideo", "buffer": b"RIFF"})
    expect(page.locator(".wrong")).to_contain_text("MP4")
    film_input.set_input_files({"name": "a.mp4", "mimeType": "video/mp4", "buffer": film()})
    expect(page.locator(".shot")).to_have_count(1)
    expect(page.locator("input[capture]")).to_have_count(0)  # one video, or photos
    accessible(visitor, "video")
    expect(page.locator(".place-state.is-found")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    sign_in(page, NUMBER)
    expect(page.locator(".sent-state")).to_contain_text("已提交", timeout=60_000)
    (report,) = reports()
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        photo = ReportPhoto.objects.get(report=report)
        assert File.objects.get(pk=photo.file_id).kind == "video"
    page.get_by_role("link", name="查看进度").click()
    page.get_by_role("button", name="播放视频").click()
    expect(page.get_by_role("dialog").locator("video")).to_be_visible()


def test_an_account_is_ones_own_to_show_name_leave_and_close(city: Town, visitors: Visitors) -> None:
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("button", name="登录").click()
    page.get_by_role("dialog").get_by_label("手机号").fill("123")
    page.get_by_role("dialog").get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("dialog").locator(".wrong")).to_contain_text("11 位")
    sign_in(page, NUMBER)
    expect(page.locator(".me-name")).to_have_text("138****2345")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("switch", name="大字").click()
    page.reload()
    assert page.evaluate("document.documentElement.classList.contains('is-large')")
    page.get_by_role("button", name="实名认证").click()
    accessible(visitor, "real name")
    page.get_by_label("真实姓名").fill("王小明")
    page.get_by_label("身份证号").fill("110105194912310020")
    page.get_by_role("button", name="提交认证").click()
    expect(page.get_by_role("dialog").locator(".wrong")).to_be_visible()
    page.get_by_label("身份证号").fill("11010519491231002x")
    page.get_by_role("button", name="提交认证").click()
    expect(page.locator(".marks")).to_contain_text("已填实名")

    page.goto(f"{visitors.base}/report/new")
    page.get_by_role("textbox", name="哪里不安全").fill(WORDS)
    page.wait_for_timeout(400)
    page.goto(f"{visitors.base}/report/me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("dialog")).to_contain_text("还有没发出的内容")
    page.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    expect(page.locator(".me-name")).to_have_text("还没有登录")
    page.goto(f"{visitors.base}/report/")
    expect(page.get_by_role("link", name="报告隐患")).to_be_visible()  # the draft is gone, too

    forget_tries()
    page.goto(f"{visitors.base}/report/me")
    page.get_by_role("button", name="登录").click()
    sign_in(page, NUMBER)
    page.get_by_role("button", name="注销账号").click()
    accessible(visitor, "close")
    page.get_by_role("button", name="确定注销").click()
    expect(page.locator(".me-name")).to_have_text("还没有登录")
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        assert not Person.objects.filter(phone=NUMBER).exists()


@pytest.mark.parametrize("look", ["plain", "large", "narrow", "english"])
def test_every_screen_is_for_everybody(city: Town, visitors: Visitors, look: str) -> None:
    visitor = passer_by(
        visitors, SMALL if look == "narrow" else PHONE, large=look == "large", english=look == "english"
    )
    page = home(visitor)
    accessible(visitor, "home")
    page.goto(f"{visitors.base}/report/new")
    expect(page.locator(".place-state.is-found")).to_be_visible()
    accessible(visitor, "write")
    photograph(page, 5, count=1)
    page.locator("#write-words").fill("有人被困 trapped")
    expect(page.locator(".urgent.is-found")).to_be_visible()
    page.locator("details summary").click()
    accessible(visitor, "write, full")
    page.locator(".bar button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(visitor, "sign-in")
    page.keyboard.press("Escape")
    page.locator(".place-buttons button").nth(1).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_timeout(1500)
    accessible(visitor, "map")
    for screen in ("mine", "rewards", "claim", "me"):
        page.goto(f"{visitors.base}/report/{screen}")
        expect(page.locator("main")).to_be_visible()
        accessible(visitor, screen)
    # “Sign in first” is an answer; what a software renderer says of its own speed is none of ours.
    assert not [one for one in visitors.complaints if "401" not in one and "GL Driver" not in one]


def test_the_keyboard_goes_everywhere_and_comes_back(city: Town, visitors: Visitors) -> None:
    visitor: Visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    page.goto(f"{visitors.base}/report/me")
    button = page.get_by_role("button", name="登录")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("手机号")).to_be_focused()
    for _ in range(12):  # round and round, never out of the sheet
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
