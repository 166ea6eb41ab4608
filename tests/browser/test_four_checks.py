"""The four checks, each once on a phone without a network: nothing is lost, nothing arrives twice, hazards come of it."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from anlan.hazards.models import Hazard
from anlan.inspections.models import Finding, OnSite, SelfCheck, Visit, VisitSignature
from anlan.kernel import clock
from anlan.site import phone
from tests.browser.conftest import Visitor, Visitors, lacking
from tests.browser.phone import (
    answer,
    arrive,
    back,
    deliver,
    find,
    fits,
    go_out,
    nothing_twice,
    only,
    open_app,
    photograph,
    photos_of,
    record,
    sign,
    step,
    told,
    train,
)
from tests.inspections.conftest import Field, make_field
from tests.inspections.self_checks import make_control, make_point, plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def city(db: None) -> Field:
    if not (phone.BUILT / "phone" / "index.html").exists():
        lacking("The phone app's tests need it built: cd clients && npm ci && npm run build")
    return make_field()


def test_county_check_without_a_network(city: Field, visitors: Visitors) -> None:
    visit = city.ready()
    visitor = go_out(visitors, "inspector", city.enterprise.name)
    arrive(visitor, why="门口二维码被遮挡，厂房内无卫星信号。")
    page = visitor.page
    answer(page, "建立全员安全生产责任制", "符合")
    answer(page, "煤气报警装置有效", "符合")
    answer(page, "传动部位有防护罩", "不符合")
    find(visitor, 1, place="二号车间皮带机", words="皮带机传动部位没有防护罩，人员可触及。")
    expect(page.locator(".item.is-answered")).to_have_count(3)
    fits(visitor, "check")
    back(page)
    train(visitor, "讲解传动部位防护要求和停机挂牌。", 6)
    record(visitor, "王某")
    for name in ("检查人员 inspector 某", "检查人员 inspector2 某", "企业 王某"):
        sign(visitor, name)
    expect(page.get_by_text("签字已办理齐全")).to_be_visible()
    fits(visitor, "signed")

    # The app is killed and opened again, still without a network: everything is there.
    visitor.kill(f"/phone/visits/{visit.pk}/sign")
    page = visitor.page
    expect(page.get_by_text("签字已办理齐全")).to_be_visible()
    expect(page.locator(".strip.is-signature, .strip-photo.is-signature img")).to_have_count(3)
    visitor.open(f"/phone/visits/{visit.pk}/findings")
    expect(page.locator(".card", has_text="二号车间皮带机").locator(".strip img")).to_have_count(1)
    fits(visitor, "findings")
    visitor.open(f"/phone/visits/{visit.pk}/check")
    expect(page.locator(".item.is-answered")).to_have_count(3)
    visitor.open(f"/phone/visits/{visit.pk}/on-site")
    expect(page.locator(".card", has_text="停机挂牌")).to_contain_text("6 人")
    assert told()["Answer"] == 0

    deliver(visitor)
    filed = only(Visit, pk=visit.pk)
    assert (filed.state, filed.refused, filed.met_name) == ("filed", False, "王某")
    assert "门口二维码被遮挡" in filed.summary
    hazard = only(Hazard)
    assert (hazard.source, hazard.source_record, hazard.place) == ("county", filed.number, "二号车间皮带机")
    assert len(photos_of(hazard.pk)) == 1
    assert only(OnSite).people == 6
    made = told()  # the photo is the finding's and the hazard's; each signature has its own drawing
    assert (made["Answer"], made["Finding"], made["VisitSignature"], made["File"]) == (3, 1, 3, 5)
    nothing_twice(visitor)
    assert visitors.complaints == []


def test_group_check_and_a_refusal_to_sign(city: Field, visitors: Visitors) -> None:
    visit = city.ready(kind="supervision", check="group")
    visitor = go_out(visitors, "group_leader", city.enterprise.name)
    arrive(visitor, why="随车到达，未带扫码设备。")
    page = visitor.page
    back(page)
    step(page, "问题")
    page.get_by_role("link", name="登记问题").click()
    find(visitor, 2, place="三号炉煤气区", words="煤气报警器失电，无人处置。", category="设备设施")
    fits(visitor, "findings")
    back(page)
    record(visitor, "王某")
    sign(visitor, "检查人员 group_leader 某")

    page.get_by_role("button", name="企业 王某").click()
    page.get_by_role("radio", name="拒签").click()
    page.get_by_role("button", name="记录拒签").click()
    expect(page.get_by_role("alert")).to_have_text("写明拒签理由。")
    page.get_by_label("拒签理由").fill("不认可煤气报警器的问题。")
    page.get_by_role("button", name="记录拒签").click()
    expect(page.get_by_role("alert")).to_have_text("写明在场见证人。")
    page.get_by_label("见证人").fill("社区网格员 李某")
    fits(visitor, "refusal")
    page.get_by_role("button", name="记录拒签").click()
    expect(page.locator(".card", has_text="拒绝签字")).to_contain_text("社区网格员 李某")
    # The record has what it needs: the second officer is not asked, for the server would have closed it by then.
    expect(page.get_by_role("button", name="检查人员 inspector 某")).to_have_count(0)
    fits(visitor, "refused")

    deliver(visitor)
    filed = only(Visit, pk=visit.pk)
    assert (filed.state, filed.refused) == ("filed", True)
    refusal = only(VisitSignature, party="enterprise")
    assert (refusal.refused, refusal.drawing_id) == (True, None)
    assert (refusal.reason, refusal.witnesses) == ("不认可煤气报警器的问题。", "社区网格员 李某")
    hazard = only(Hazard)
    assert (hazard.source, hazard.source_record) == ("group", filed.number)
    nothing_twice(visitor)
    # What was done today can still be read.
    visitor.open("/phone/")
    page.locator(".card", has_text="已归档").click()
    step(page, "双方签字")
    expect(page.get_by_text("记录已归档")).to_be_visible()
    fits(visitor, "filed")
    assert visitors.complaints == []


def test_expert_help_and_a_major_hazard(city: Field, visitors: Visitors) -> None:
    visit = city.ready(kind="expert_help", check="expert")
    visitor = go_out(visitors, "expert", city.enterprise.name)
    arrive(visitor, why="企业门口未张贴二维码。")
    page = visitor.page
    answer(page, "建立全员安全生产责任制", "不涉及")
    answer(page, "传动部位有防护罩", "未查看")
    answer(page, "煤气报警装置有效", "不符合")
    page.get_by_role("switch", name="按重大事故隐患上报").click()
    expect(page.get_by_text("企业须编制整改方案")).to_be_visible()
    find(visitor, 3, place="煤气柜区", words="固定式煤气报警器全部失电。")
    back(page)
    record(visitor, "王某")
    sign(visitor, "专家 expert 某")
    sign(visitor, "企业 王某")

    deliver(visitor)
    filed = only(Visit, pk=visit.pk)
    assert (filed.state, filed.refused) == ("filed", False)
    assert only(VisitSignature, party="expert").name == city.expert.name
    hazard = only(Hazard)
    assert (hazard.source, hazard.source_record, hazard.grade) == ("expert", filed.number, "major")
    assert hazard.clause_id == city.clause.pk
    nothing_twice(visitor)
    assert visitors.complaints == []


def self_check(visitor: Visitor, cycle: str) -> None:
    visitor.page.locator(".card", has_text=cycle).click()
    expect(visitor.page.get_by_role("heading", name=cycle)).to_be_visible()


def submit(visitor: Visitor, button: str) -> None:
    page = visitor.page
    page.get_by_role("button", name=button).click()
    sheet = page.locator(".sheet-body:visible")
    fits(visitor, "self-ask")
    sheet.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="今日自查")).to_be_visible()


def test_self_check_by_the_safety_manager(city: Field, visitors: Visitors) -> None:
    today = clock.today()
    press = make_point(city.enterprise)
    guard, _stop = (make_control(press, words, "daily") for words in ("护罩牢固、无松动", "急停按钮有效"))
    make_control(press, "接地完好", "weekly")
    plan(city, "daily", begins=today, on_rest_days=True)
    plan(city, "weekly", begins=today - timedelta(days=today.weekday()))

    visitor = open_app(visitors, "safety_manager")
    visitor.cut()
    page = visitor.page
    self_check(visitor, "日管控")
    page.locator(".item", has_text="护罩牢固").get_by_role("radio", name="有问题").click()
    item = page.locator(".item", has_text="护罩牢固")
    photograph(item, 4)
    item.get_by_label("问题描述").fill("冲压机护罩螺栓松动两处。")
    item.get_by_label("隐患类别").click()
    page.locator(".chip", has_text="设备设施").first.click()
    fits(visitor, "self-finding")
    page.get_by_role("button", name="其余 1 项均正常").click()
    submit(visitor, "提交：1 个问题")

    self_check(visitor, "周排查")
    page.locator(".item", has_text="接地完好").get_by_role("radio", name="正常").click()
    page.get_by_role("button", name="其余 3 项均正常").click()
    fits(visitor, "self-good")
    submit(visitor, "提交：未发现问题")
    expect(page.locator(".card", has_text="已完成")).to_have_count(2)
    fits(visitor, "self-done")
    visitor.kill("/phone/")
    page = visitor.page
    expect(page.locator(".card", has_text="已完成")).to_have_count(2)
    assert told()["SelfCheck"] == 0

    deliver(visitor)
    daily, weekly = only(SelfCheck, cycle="daily"), only(SelfCheck, cycle="weekly")
    assert (daily.state, daily.nothing_found, daily.period) == ("done", False, today)
    assert (weekly.state, weekly.nothing_found) == ("done", True)
    assert {row["control"]: row["value"] for row in daily.answers}[str(guard.pk)] == "no"
    hazard = only(Hazard)
    assert (hazard.source, hazard.enterprise_id, hazard.risk_point_id) == ("self", city.enterprise.pk, press.pk)
    assert len(photos_of(hazard.pk)) == 1
    nothing_twice(visitor)
    visitor.open("/phone/")
    expect(page.locator(".card", has_text="周排查")).to_have_count(0)
    assert visitors.complaints == []


TRIES = 10


def noise() -> bytes:
    """A photo of several pieces, with its own time, so that the phone leaves its bytes alone."""
    exif = Image.Exif()
    exif[0x0132] = "2026:11:20 09:30:00"
    image = Image.frombytes("RGB", (900, 800), Random(5).randbytes(900 * 800 * 3))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=92, exif=exif)
    return buffer.getvalue()


def test_an_interrupted_photo_arrives_whole_and_once(city: Field, visitors: Visitors) -> None:
    visit = city.ready()
    visitor = go_out(visitors, "inspector", city.enterprise.name)
    arrive(visitor, why="企业门口未张贴二维码。")
    page = visitor.page
    visitor.open(f"/phone/visits/{visit.pk}/findings/new")
    photo = noise()
    assert 512 * 1024 < len(photo) < 1024 * 1024, "two pieces"
    page.locator("input[capture]").set_input_files({"name": "big.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.locator(".strip img")).to_have_count(1)
    page.get_by_label("部位").fill("一号仓库")
    page.get_by_label("问题描述").fill("消防通道被货物堵塞。")
    page.get_by_label("隐患类别").click()
    page.locator(".chip").first.click()
    page.get_by_role("button", name="保存问题").click()
    expect(page.locator(".card", has_text="一号仓库")).to_be_visible()

    # Ten tries break off: most before the piece has left, every fifth after it has arrived, so that only the answer is lost.
    broken: list[int] = []

    def break_off(route: Route) -> None:
        if route.request.method != "PATCH" or len(broken) >= TRIES:
            route.continue_()
            return
        broken.append(int(route.request.headers["upload-offset"]))
        if len(broken) % 5 == 0:
            route.fetch()
        route.abort("internetdisconnected")

    visitor.context.route("**/api/v1/uploads/*", break_off)
    visitor.open("/phone/outbox")
    visitor.cut(off=False)
    button = page.get_by_role("button", name="立即同步")
    while len(broken) < TRIES:
        button.click()  # enabled again when the last try has ended
        expect(button).to_be_enabled()
    button.click()
    expect(page.locator(".net.is-done")).to_be_visible()

    piece = 512 * 1024
    assert broken == [0] * 5 + [piece] * 5, "what arrived counts though its answer was lost, and nothing begins anew"
    finding = only(Finding)
    kept = photos_of(visit.pk)
    assert [(str(one.pk), one.sha256, one.size) for one in kept] == [
        (finding.files[0], sha256(photo).hexdigest(), len(photo))
    ]
    nothing_twice(visitor)
    assert visitors.complaints == []
