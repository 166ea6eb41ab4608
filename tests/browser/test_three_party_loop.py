"""Five people close a hazard in a real Chromium: found on a phone, dispatched at a desk, signed by three hands, mended, rechecked, closed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.evidence import seal_all
from tests.browser.conftest import DESK, Visitor, Visitors
from tests.factories import City, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

ROAD = ("已发现", "已交办", "已认领", "整改中", "已整改", "已验收", "已销号")


def _photograph(page: Page, seed: int) -> None:
    page.set_input_files(
        "[data-photos-input]", {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": picture(seed)}
    )
    expect(page.locator(".picker-photo[data-state=done]")).to_have_count(1)


def _stands_at(page: Page, state: str) -> None:
    """The badge, the stepper and the present step of the stepper say the same."""
    expect(page.locator(".record-id .state")).to_have_text(state)
    expect(page.locator(".stepper .step-label")).to_have_count(len(ROAD))
    here = page.locator(".step-done").last if state == ROAD[-1] else page.locator("[aria-current=step]")
    expect(here.locator(".step-label")).to_contain_text(state)
    expect(page.locator(".step-done")).to_have_count(ROAD.index(state) + (state == ROAD[-1]))


def _told(page: Page, words: str) -> None:
    expect(page.locator(".timeline .entry-what").first).to_contain_text(words)


def _refused(page: Page, step: str, reason: str) -> None:
    button = page.locator(f".step-refused[data-step={step}]")
    expect(button.locator("button")).to_be_disabled()
    expect(button.locator(".step-why")).to_contain_text(reason)


def _take(page: Page, step: str, **answers: str) -> None:
    """Open the step's form in the panel, answer, send; `photo` is a seed, a `…_choice` the value of a radio button."""
    page.click(f"a[data-step={step}]")
    form = page.locator("#panel form")
    expect(form).to_be_visible()
    for name, answer in answers.items():
        if name == "photo":
            _photograph(page, int(answer))
        elif name.endswith("_choice"):
            form.locator(f"label:has(input[name={name.removesuffix('_choice')}][value='{answer}'])").click()
        else:
            form.locator(f"[name={name}]").fill(answer)
    form.locator("button[type=submit]").click()
    expect(page.locator(".toast").first).to_contain_text("已完成")


def _sign(visitor: Visitor, address: str, said: str) -> None:
    page = visitor.open(address).page
    _stands_at(page, "已交办")
    page.click("a[data-step=sign]")
    expect(page.locator(".sheet")).to_contain_text("翠岭铸造有限公司")
    pad = page.locator(".pad-canvas")
    pad.scroll_into_view_if_needed()
    box: Any = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(box["x"] + 30 + 15 * step, box["y"] + 30 + 40 * (step % 2))
    page.mouse.up()
    expect(page.locator(".pad.is-signed")).to_have_count(1)
    assert visitor.overflow() <= 0
    page.click("main form button[type=submit]")
    expect(page.locator(".toast").first).to_contain_text("已签署")
    _stands_at(page, said)
    _told(page, "签字认领")


def _empty_pad_is_no_signature(visitor: Visitor, address: str) -> None:
    page = visitor.open(f"{address}sign/").page
    page.click("main form button[type=submit]")
    expect(page.locator("[data-focus]")).to_be_visible()
    assert all("422" in words for words in visitor.complaints), visitor.complaints
    visitor.complaints.clear()


def test_five_people_close_a_hazard(city: City, visitors: Visitors) -> None:
    # The group's leader finds it, on a phone.
    group_leader = visitors("group_leader")
    page = group_leader.open("/hazards/new/").page
    _photograph(page, 1)
    page.locator("#id_enterprise_words").press_sequentially("翠岭")
    page.locator("#id_enterprise_found label", has_text="翠岭铸造有限公司").click()
    page.fill("[name=place]", "3号车间东侧")
    page.locator("input[name=category]").first.locator("xpath=ancestor::label").click()
    page.fill("[name=description]", "传动部位缺少防护罩，人员可触及。")
    assert group_leader.overflow() <= 0
    page.click("main form button[type=submit]")
    expect(page.locator(".toast").first).to_contain_text("已登记，编号")
    address = page.url
    _stands_at(page, "已发现")
    _told(page, "登记")
    _refused(page, "dispatch", "等待")

    # The regulator grades and dispatches, at a desk.
    regulator = visitors("regulator", DESK)
    page = regulator.open(address).page
    _refused(page, "dispatch", "尚未判级")
    _take(page, "grade", grade_choice="general")
    _told(page, "判级")
    _take(page, "dispatch", due=city.day(30).isoformat())
    _stands_at(page, "已交办")
    _told(page, "已发现 → 已交办")

    # Three parties sign.
    leader, principal = visitors("leader"), visitors("principal")
    _empty_pad_is_no_signature(leader, address)
    _sign(leader, address, "已交办")
    _sign(group_leader, address, "已交办")
    _sign(principal, address, "已认领")
    expect(principal.page.locator("main")).to_contain_text("县级领导")

    # The enterprise files its plan, mends it and shows it.
    page = principal.page
    _take(page, "plan", measure="加装固定式防护罩并联锁停机。", due=city.day(20).isoformat())
    _stands_at(page, "整改中")
    _take(
        page,
        "submit",
        measure_done="护罩已装好并试机。",
        finished_on=clock.today().isoformat(),
        cost="1200.50",
        photo="2",
    )
    _stands_at(page, "已整改")
    _refused(page, "recheck", "等待")

    # Another inspector looks, and the regulator closes.
    inspector = visitors("inspector2")
    page = inspector.open(address).page
    _take(page, "recheck", passed_choice="true", remark="现场查看，护罩牢固有效。")
    _stands_at(page, "已验收")
    _refused(page, "close", "等待")
    page = regulator.open(address).page
    _take(page, "close")
    _stands_at(page, "已销号")

    with scope.acting(SYSTEM):
        seal_all()
    page.reload()
    told = page.locator(".timeline .entry-what").all_inner_texts()
    assert [words.partition("：")[0] for words in reversed(told)] == [
        "登记", "判级", "交办", "签字认领", "签字认领", "签字认领", "提交整改方案", "申请验收", "复查", "销号",
    ]  # fmt: skip
    expect(page.locator(".proof-sealed")).to_have_count(len(told))
    expect(page.locator(".gallery img")).to_have_count(2)
    for visitor in visitors.all:
        visitor.open(address)
        _stands_at(visitor.page, "已销号")
        assert visitor.overflow() <= 0, visitor.page.url
    assert visitors.complaints == []


def test_every_workbench_fits_a_phone(city: City, visitors: Visitors) -> None:
    city.dispatched()
    city.found()
    city.rectified(grade="major")
    posts = ("office", "regulator", "inspector", "group_leader", "leader", "expert", "principal", "safety_manager")
    wide = {}
    for post in (*posts, "auditor", "system_admin", "security_admin", "audit_admin"):
        visitor = visitors(post)
        expect(visitor.page.locator("main h1").first).to_be_visible()
        if visitor.overflow() > 0:
            wide[post] = visitor.overflow()
        visitor.context.close()
    assert wide == {}
    assert visitors.complaints == []
