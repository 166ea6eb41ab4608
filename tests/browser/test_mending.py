"""What the server refuses is put right on the phone, or given up knowingly; pictures that only the server has are shown."""

import re

import pytest
from playwright.sync_api import Page, expect

from anlan.inspections.models import OnSite, RecordedSheet, Visit, VisitSignature
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.site import phone
from tests.browser.conftest import Visitor, Visitors, lacking
from tests.browser.phone import back, draw, fits, go_out, nothing_twice, only, open_app, record, sign, step
from tests.inspections.conftest import Field, make_field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def city(db: None) -> Field:
    if not (phone.BUILT / "phone" / "index.html").exists():
        lacking("The phone app's tests need it built: cd clients && npm ci && npm run build")
    return make_field()


def come_back(visitor: Visitor) -> Page:
    """The network is there again, and something was not taken: its card is opened."""
    page = visitor.open("/phone/outbox").page
    visitor.cut(off=False)
    expect(page.locator(".net.is-stuck")).to_be_visible()
    return open_card(visitor)


def open_card(visitor: Visitor) -> Page:
    page = visitor.page
    page.locator(".block", has=page.get_by_role("heading", name="需要处理")).locator(".row").first.click()
    expect(page.get_by_role("heading", name="我做了什么")).to_be_visible()
    fits(visitor, "letter")
    return page


def delivered(visitor: Visitor) -> None:
    expect(visitor.page.locator(".net.is-done")).to_be_visible()


def test_a_refused_measure_is_mended_and_the_record_signed_anew(city: Field, visitors: Visitors) -> None:
    visit = city.under_way()
    found = city.finding(visit, city.inspector2, place="一号库北门")
    visitor = open_app(visitors, "inspector")
    page = visitor.open(f"/phone/visits/{visit.pk}/findings").page
    card = page.locator(".card", has_text="一号库北门")
    # Her colleague's photo was never on this phone.
    expect(card.locator(".strip img")).to_have_count(1)
    assert card.locator(".strip img").evaluate("img => img.complete && img.naturalWidth") > 0
    fits(visitor, "findings")
    visitor.cut()
    visitor.kill(f"/phone/visits/{visit.pk}/findings")
    page = visitor.page
    expect(page.locator(".card", has_text="一号库北门").locator(".strip")).to_have_text("联网后显示")
    page.locator(".strip-photo").click()
    expect(page.locator(".viewer-words")).to_contain_text("联网后可以查看")
    page.locator(".viewer-photo").click()
    back(page)

    step(page, "现场处理与培训")
    page.get_by_role("radio", name="停止使用").click()
    page.get_by_label("内容").fill("停用一号库电动门。")
    page.get_by_label("至").fill("2026-12-15")
    page.get_by_label("所涉问题").select_option(str(found))
    fits(visitor, "measure")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".card", has_text="停用一号库电动门")).to_have_count(1)
    back(page)
    record(visitor, "王某")
    paper = page.locator(".paper")
    expect(paper).to_contain_text("所涉问题：一号库北门")
    expect(paper).to_contain_text("行政检查 · 县级排查 · 告知检查")
    expect(paper).to_contain_text(re.compile("检查时间.*–"))
    expect(paper).to_contain_text("照片 1 张")
    for name in ("检查人员 inspector 某", "检查人员 inspector2 某", "企业 王某"):
        sign(visitor, name)
    expect(page.get_by_text("签字已办理齐全")).to_be_visible()

    # Meanwhile his colleague takes the finding back: the measure names what is no longer there.
    city.do(city.inspector2, visit, "withdraw_finding", finding=found, reason="看错了位置")
    page = come_back(visitor)
    expect(page.get_by_text("所涉问题：本次检查没有此发现。")).to_be_visible()
    page.get_by_role("button", name="更正后重发").click()
    expect(page.get_by_text("其后的检查记录和 3 个签字作废")).to_be_visible()
    fits(visitor, "mend")
    page.get_by_role("button", name="保存并重发").click()
    expect(page.get_by_label("企业接待人")).to_have_value("王某")
    expect(page.get_by_label("检查情况")).to_have_value(re.compile("发现问题 0 个"))
    expect(page.get_by_label("离开时间")).to_have_value(re.compile("^2026-"))
    page.get_by_role("button", name="形成检查记录").click()
    page.locator(".sheet-body:visible").get_by_role("button", name="形成检查记录").click()
    expect(page.get_by_role("heading", name="双方签字")).to_be_visible()
    for name in ("检查人员 inspector 某", "检查人员 inspector2 某", "企业 王某"):
        sign(visitor, name)
    expect(page.get_by_text("记录已归档")).to_be_visible()
    expect(page.locator(".strip-photo.is-signature img")).to_have_count(3)
    fits(visitor, "filed")

    filed, measure = only(Visit, pk=visit.pk), only(OnSite)
    assert (filed.state, filed.met_name, measure.finding_id) == ("filed", "王某", None)
    with scope.acting(SYSTEM):
        assert {one.digest for one in VisitSignature.objects.all()} == {RecordedSheet.objects.get().digest}
        assert VisitSignature.objects.count() == 3
    visitor.open("/phone/outbox")
    delivered(visitor)
    expect(page.locator(".row", has_text="随记录作废")).to_have_count(4)
    nothing_twice(visitor)
    assert visitors.complaints == []


def test_a_signature_under_a_record_that_changed_is_given_again_and_a_needless_one_given_up(
    city: Field, visitors: Visitors
) -> None:
    visit = city.recorded()
    visitor = go_out(visitors, "inspector", city.enterprise.name)
    page = visitor.page
    step(page, "双方签字")
    sign(visitor, "检查人员 inspector 某")
    sign(visitor, "企业 王某")

    # Meanwhile his colleague opens the record again and adds to it, and the principal signs at a desk.
    city.do(city.inspector2, visit, "reopen", reason="漏记一处隐患")
    city.finding(visit, city.inspector2, place="二号库东墙")
    again = city.do(
        city.inspector2, visit, "record", **city.record_data(visit, city.inspector2, summary="补查了二号库。")
    )
    city.sign_record(city.principal, again, "enterprise", city.principal.name)

    page = come_back(visitor)
    expect(page.locator(".note.is-strong")).to_contain_text("记录")
    page.get_by_role("button", name="重新签字").click()
    expect(page.get_by_text("签字之后记录内容已有变动")).to_be_visible()
    expect(page.locator(".paper")).to_contain_text("补查了二号库。")
    draw(page, 44)
    fits(visitor, "sign-again")
    page.get_by_role("button", name="确认签字").click()
    expect(page.get_by_role("heading", name="待发送", exact=True)).to_be_visible()
    # Now the enterprise's own is in the way; it has signed at its desk and need not sign again.
    expect(page.locator(".row", has=page.locator(".is-stuck"), has_text="企业 王某")).to_be_visible()
    open_card(visitor)
    page.get_by_role("button", name="放弃这一条").click()
    page.locator(".sheet-body:visible").get_by_role("button", name="放弃", exact=True).click()
    expect(page.locator(".stands", has_text="已放弃").first).to_be_visible()

    visitor.open(f"/phone/visits/{visit.pk}/sign")
    sign(visitor, "检查人员 inspector2 某")
    expect(page.get_by_text("记录已归档")).to_be_visible()
    delivered(visitor)
    with scope.acting(SYSTEM):
        rows = list(VisitSignature.objects.order_by("at", "id"))
    assert [(one.party, one.name) for one in rows] == [
        ("enterprise", city.principal.name), ("officer", city.inspector.name), ("officer", city.inspector2.name)
    ]  # fmt: skip
    assert {one.digest for one in rows} == {again.record_digest}
    visitor.open("/phone/outbox")
    nothing_twice(visitor)
    assert visitors.complaints == []
