"""
A plan's life in the browser: brought in by Excel with a wrong cell that is named, mended, loaded, published; signed for, done and
reported with evidence on the unit's phone; verified and closed by the office.
"""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from anlan.identity.models import Person
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.plans.models import PlanItem
from anlan.plans.workbooks import LINES
from anlan.registry.actions.imports import check_sent, load_sent
from anlan.registry.models import Import
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor, Visitors, browser, player, visitors
from tests.plans.conftest import Office, office, year
from tests.plans.test_loading import sheet

__all__ = ["browser", "office", "player", "visitors"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
NAME = "完成粉尘涉爆企业排查"


def lines(office: Office, **over: Any) -> list[dict[str, Any]]:
    upper = [{"code": code, "name": f"第{code}项工作"} for code in ("2", "2.1", "2.1.1")]
    item = {
        "code": "2.1.1.1", "name": NAME, "sub_plan": "Q01", "year": year(), "unit_name": office.unit.name, "target": 40,
        "target_unit": "家", "starts_on": "年内", "due": "年底前", "evidence": "排查台账",
    }  # fmt: skip
    return [*upper, item | over]


def send(page: Page, path: Path) -> Import:
    """The file is chosen and sent; the job that checks it runs, and the page says what it found."""
    page.set_input_files("input[name=file]", str(path))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/imports/**")
    with scope.acting(SYSTEM):
        sent = Import.objects.order_by("-created_at")[0]
    check_sent(sent.pk)
    page.reload()
    return sent


def step(page: Page, item: str, name: str) -> None:
    """The step's own page, sent as it stands."""
    page.goto(f"{item}steps/{name}/")
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url(item)


def fits(visitor: Visitor) -> None:
    assert visitor.overflow() <= 0, visitor.page.url


def test_a_plan_from_its_workbook_to_an_item_that_is_done(office: Office, visitors: Visitors, tmp_path: Path) -> None:
    with scope.acting(SYSTEM):
        Person.objects.filter(pk=office.member.person).update(password=make_password(PASSWORD))

    # The wrong cell is named with what was typed; nothing of the file is loaded.
    keeper = visitors("city_office", DESK)
    page = keeper.open(f"/plans/{office.plan.pk}/").page
    page.locator(f"a[href='/plans/{office.plan.pk}/bring/']").first.click()
    send(page, sheet(tmp_path / "计划.xlsx", LINES, lines(office, due="等上级通知")))
    fault = page.locator("tbody tr", has_text="等上级通知")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text("M5")
    expect(fault).to_contain_text("2026-01-31")
    assert not _items()

    # Mended, with the day as documents write it.
    page.goto(f"{keeper.base}/plans/{office.plan.pk}/bring/")
    sent = send(page, sheet(tmp_path / "改正.xlsx", LINES, lines(office)))
    page.locator("form[action$='/load/'] button[type=submit]").click()
    load_sent(sent.pk)
    page.reload()
    (item,) = _items()
    assert (item.due, item.state) == (clock.today().replace(month=12, day=31), "planned")

    # Published: the unit has it.
    page.goto(f"{keeper.base}/plans/{office.plan.pk}/checks/")
    page.locator("form[action$='/publish/'] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("全部下达")
    assert _items()[0].state == "assigned"

    # On the phone: signed for, begun, reported with its evidence; without any it is not taken.
    unit, url = visitors("member", PHONE), f"{keeper.base}/plans/items/{item.pk}/"
    phone = unit.open(url).page
    fits(unit)
    step(phone, url, "sign")
    step(phone, url, "start")
    fits(unit)
    phone.goto(f"{url}steps/report/")
    phone.fill("textarea[name=words]", "全部排查完毕，台账见附件。")
    phone.fill("input[name=achieved]", "40")
    fits(unit)
    phone.locator("form.form button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("方案要求提供佐证材料")
    assert _items()[0].state == "under_way"
    evidence = sheet(tmp_path / "排查台账.xlsx", LINES, [])
    phone.locator("[data-photos-input]").set_input_files(str(evidence))
    expect(phone.locator("input[type=hidden][name=files]")).to_have_count(1)
    phone.locator("form.form button[type=submit]").click()
    phone.wait_for_url(url)
    assert _items()[0].state == "reported"
    fits(unit)

    # The office looks, verifies and closes.
    page.goto(url)
    expect(page.locator("main")).to_contain_text("全部排查完毕")
    step(page, url, "verify")
    step(page, url, "close")
    (done,) = _items()
    assert (done.state, done.share) == ("done", 1000)
    unit.open(f"/plans/{office.plan.pk}/calendar/?branch=2")
    expect(unit.page.locator(".gantt-bar").first).to_be_visible()
    fits(unit)
    assert [one for one in visitors.complaints if "422" not in one] == [], "but for the report that was refused"


def _items() -> list[PlanItem]:
    with scope.acting(SYSTEM):
        return list(PlanItem.objects.filter(code="2.1.1.1"))
