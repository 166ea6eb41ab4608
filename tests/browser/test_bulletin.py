"""A quarter's bulletin at the desk: drafted, written in, reviewed, approved by the leader, issued, taken home as Word and PDF."""

import re

import pytest
from playwright.sync_api import expect

from anlan.bulletins.models import Bulletin
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.browser.conftest import DESK, PASSWORD, Visitors
from tests.bulletins.conftest import Desk, hand_in, make_desk
from tests.campaigns.conftest import IN_MAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
PEOPLE = ("city", "city2", "city_leader", "county")
UNITS = {
    "city": "云州市安全生产委员会办公室",
    "county": "东城区安委会",
    "neighbour": "西陵县安委会",
    "department": "市工业局",
}


@pytest.fixture
def city(db: None) -> Desk:
    with clock.at(IN_MAY):
        desk = make_desk()
        with scope.acting(SYSTEM):
            for name, words in UNITS.items():
                unit = desk.month.units[name]
                unit.name = words
                unit.save(update_fields=["name"])
            for name in PEOPLE:
                person = desk.month.posts[name].person
                person.set_password(PASSWORD)
                person.save()
        hand_in(desk.month)
    return desk


def test_a_bulletin_from_draft_to_download(city: Desk, visitors: Visitors) -> None:
    writer = visitors("r-city", DESK)
    page = writer.open("/bulletins/").page
    page.get_by_role("link", name="起草通报").first.click()
    page.select_option("[name=first_month]", "2026-04-01")
    page.select_option("[name=last_month]", "2026-04-01")
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_contain_text("2026年4月")
    overview = page.locator("#section-overview")
    expect(overview.locator("a.figure-chip", has_text="3284家")).to_be_visible()

    # The number leads to its rows, which add up.
    overview.locator("a.figure-chip", has_text="3284家").click()
    expect(page.locator("tfoot")).to_contain_text("3284家")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.go_back()

    # Writing around a figure keeps it; a pause saves.
    overview.get_by_role("button", name="编写").click()
    sheet = overview.locator(".bulletin-sheet")
    sheet.locator("p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("总体进展平稳。")
    expect(overview.locator("[data-bulletin-note]")).to_contain_text("已保存")
    overview.get_by_role("button", name="保存", exact=True).click()
    expect(overview.locator(".bulletin-text").first).to_contain_text("总体进展平稳。")
    expect(overview.locator("a.figure-chip", has_text="12877人")).to_be_visible()
    bulletin = stored()
    assert bulletin.content[0]["blocks"][-1]["text"].endswith("总体进展平稳。")
    assert "{inspected}" in str(bulletin.content[0])

    # A number typed by hand says so, with its reason.
    page.goto(f"{writer.base}/bulletins/{bulletin.pk}/figures/letters/")
    page.get_by_role("link", name="人工填写数据").click()
    page.locator("#panel-body input[name=text]").fill("12份")
    page.locator("#panel-body textarea[name=reason]").fill("市级部门补报一份")
    page.locator("#panel-body button[type=submit]").click()
    expect(page.locator("a.figure-chip.is-typed")).to_have_text("12份")

    checker = visitors("r-city2", DESK)
    page = checker.open(f"/bulletins/{bulletin.pk}/").page
    page.locator("#section-problems").get_by_role("link", name="提意见").click()
    page.locator("#panel-body textarea[name=text]").fill("点名的单位请再核实。")
    page.locator("#panel-body button[type=submit]").click()
    expect(page.locator("#section-problems .bulletin-remarks")).to_contain_text("请再核实")
    page = writer.open(f"/bulletins/{bulletin.pk}/").page
    page.locator("#section-problems .bulletin-remarks").get_by_role("link", name="答复").click()
    page.locator("#panel-body textarea[name=text]").fill("已核实无误。")
    page.locator("#panel-body button[type=submit]").click()
    expect(page.locator(".bulletin-answer")).to_contain_text("已核实无误。")

    page = checker.open(f"/bulletins/{bulletin.pk}/steps/review/").page
    page.select_option("[name=signer]", str(city.month.posts["city_leader"].person_id))
    page.click("main button[type=submit]")
    leader = visitors("r-city_leader", DESK)
    page = leader.open(f"/bulletins/{bulletin.pk}/steps/approve/").page
    page.click("main button[type=submit]")
    expect(page.locator(".record-id")).to_contain_text("已批准")
    page = writer.open(f"/bulletins/{bulletin.pk}/steps/issue/").page
    page.click("main button[type=submit]")
    expect(page.locator(".record-number")).to_have_text(re.compile(r"安委办通〔\d{4}〕1号"))

    # Those below read it, on a phone too, and take it home.
    reader = visitors("r-county")
    page = reader.open("/bulletins/").page
    page.get_by_role("link", name=re.compile("安委办通")).first.click()
    expect(page.locator("#section-overview")).to_contain_text("12份")
    expect(page.get_by_role("button", name="编写")).to_have_count(0)
    assert reader.overflow() <= 0
    with page.expect_download() as word:
        page.locator("a[download]").first.click()
    assert word.value.path().read_bytes().startswith(b"PK")
    paper = page.request.get(f"{reader.base}/bulletins/{bulletin.pk}/paper.pdf")
    assert paper.body().startswith(b"%PDF")
    page = reader.open(f"/bulletins/{bulletin.pk}/seal/").page
    expect(page.locator("main")).to_contain_text("与印发时一致")
    assert visitors.complaints == []


def stored() -> Bulletin:
    with scope.acting(SYSTEM):
        return Bulletin.objects.get()
