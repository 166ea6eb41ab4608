"""From a document to the digest: registered, decided on by keyboard beside its text, done by the unit, combed, issued, taken along."""

from pathlib import Path

import pytest

from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.identity.models import Person
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitors, browser, player, visitors
from tests.directives.conftest import Desk, desk
from tests.factories import picture

__all__ = ["browser", "desk", "player", "visitors"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
# Invented, in the state in which such texts are copied from a page: readings in brackets, traditional characters, doubled marks.
SCRAPED = """首頁(yè) > 通知公告
蒼溪市安全生產(chǎn)委員會(huì)辦公室關(guān)于做好歲末年初安全生產(chǎn)工作的通知
苍安办〔2026〕61號(hào)
各縣(區(qū))安委會(huì),,各有關(guān)單位:
現(xiàn)將有關(guān)事項(xiàng)通知如下:
一、重點(diǎn)任務(wù)
(一)開(kāi)展排查,。縣應(yīng)急局要在12月20日前完成加油站隱患排查,,排查報(bào)告報(bào)市安委辦,。
(二)組織演練,。縣應(yīng)急局每半年至少組織1次危險(xiǎn)化學(xué)品事故應(yīng)急演練,。
(三)限期約談,。縣住建局于收到本通知之日起5個(gè)工作日內(nèi)約談施工單位主要負(fù)責(zé)人,。
蒼溪市安全生產(chǎn)委員會(huì)辦公室
2026年11月18日
責(zé)任編輯:某某
"""


def _let_in(*usernames: str) -> None:
    with scope.acting(SYSTEM):
        for one in Person.objects.filter(username__in=usernames):
            one.set_password(PASSWORD)
            one.save()


def _rulings(made: Directive) -> list[str]:
    with scope.acting(SYSTEM):
        return list(Proposal.objects.filter(directive=made).order_by("position").values_list("ruling", flat=True))


def test_a_document_becomes_tasks_that_are_done_and_told_of(desk: Desk, visitors: Visitors, tmp_path: Path):
    _let_in("member")
    office = visitors("city_office", DESK).open("/directives/new/")
    page = office.page
    page.fill("textarea[name=text]", SCRAPED)
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_selector("input[name=reference]")
    assert page.input_value("input[name=reference]") == "苍安办〔2026〕61号"
    assert page.input_value("input[name=dated]") == "2026-11-18"
    assert page.input_value("input[name=limit]") == "2026-12-20"
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_selector("[data-card]")
    with scope.acting(SYSTEM):
        made = Directive.objects.get()
    assert "應" not in page.locator("[data-paper-text]").inner_text()
    assert page.locator("[data-card]").count() == 3

    # Accepted by keyboard for both units that the name may mean; on to the next.
    page.keyboard.press("j")
    page.locator(".paper-card.is-here input[name=units]").nth(1).uncheck()
    page.locator(".paper-card.is-here h3").click()
    page.keyboard.press("a")
    page.wait_for_selector(".paper-card.is-taken")
    assert _rulings(made) == ["accepted", "", ""]
    # Mended in the side panel.
    page.wait_for_selector(".paper-card.is-open.is-here")
    page.keyboard.press("e")
    page.wait_for_selector("#panel-body textarea[name=what]")
    page.fill("#panel-body textarea[name=what]", "组织危险化学品事故应急演练")
    page.fill("#panel-body input[name=rhythm_times]", "2")
    page.locator("#panel-body input[name=units]").nth(1).uncheck()
    page.locator("#panel-body button[type=submit]").click()
    page.wait_for_selector(".paper-card.is-taken >> nth=1")
    # Refused with a reason.
    page.wait_for_selector(".paper-card.is-open.is-here")
    page.keyboard.press("r")
    page.wait_for_selector("#panel-body textarea[name=reason]")
    page.fill("#panel-body textarea[name=reason]", "已由另一文件部署。")
    page.locator("#panel-body button[type=submit]").click()
    page.wait_for_selector(".paper-card.is-refused")
    assert _rulings(made) == ["accepted", "mended", "refused"]
    # Words are marked, and become a task.
    page.evaluate(
        """() => { const run = [...document.querySelectorAll('[data-paper-text] span[data-at]')].find((one) => one.textContent.includes('有关事项'));
        const range = document.createRange(); const at = run.textContent.indexOf('有关事项');
        range.setStart(run.firstChild, at); range.setEnd(run.firstChild, at + 4);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.wait_for_selector("[data-paper-add]:not([hidden])")
    page.locator("[data-paper-add]").click()
    page.wait_for_selector("textarea[name=what]")
    assert page.input_value("textarea[name=what]") == "有关事项"
    page.fill("textarea[name=what]", "转发本通知")
    page.fill("input[name=units_words]", "县应急局")
    page.locator("input[name=units]").first.check()
    page.locator("form:has(textarea[name=what]) button[type=submit]").click()
    page.wait_for_selector(".paper-card.is-taken >> nth=2")
    assert sorted(_rulings(made)) == ["accepted", "added", "mended", "refused"]
    page.locator(".paper-switch a").nth(1).click()
    page.wait_for_url("**text=original")
    assert "應(yīng)急局" in page.locator("[data-paper-text]").inner_text()
    with scope.acting(SYSTEM):
        task = DirectiveTask.objects.get(directive=made, proposal__position=1)
        counted = DirectiveTask.objects.get(directive=made, proposal__position=2)
    assert (counted.wanted, counted.unit_id) == (2, task.unit_id)

    # The unit signs, begins and reports with evidence, on its phone.
    unit = visitors("member", PHONE)
    url = f"/directives/tasks/{task.pk}/"
    for step in ("sign", "start"):
        unit.open(f"{url}steps/{step}/").page.locator("form.form button[type=submit]").click()
        unit.page.wait_for_url(f"**{url}")
    unit.open(f"{url}steps/report/")
    assert unit.overflow() == 0
    evidence = tmp_path / "排查现场.jpg"
    evidence.write_bytes(picture(7))
    unit.page.fill("textarea[name=words]", "全部加油站已排查完毕，形成排查报告。")
    unit.page.set_input_files("input[name=files]", str(evidence))
    unit.page.locator("form.form button[type=submit]").click()
    unit.page.wait_for_url(f"**{url}")
    assert desk.fresh(task).state == "reported"

    # The office verifies and closes.
    for step in ("verify", "close"):
        office.open(f"{url}steps/{step}/").page.locator("form.form button[type=submit]").click()
        page.wait_for_url(f"**{url}")
    assert desk.fresh(task).state == "done"
    # It combs what is open, without the mouse.
    office.open("/directives/comb/")
    for _n in range(2):
        page.keyboard.type("已电话了解进度。")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    assert page.locator(".comb-row.is-combed").count() == 2
    # And issues the digest.
    office.open("/directives/digests/")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("button[name=issue]")
    assert task.number in page.locator(".digest-form").inner_html()
    page.locator("textarea[name=text]").first.fill("本周办结一项，其余按计划推进。")
    page.locator("button[name=issue]").click()
    page.wait_for_selector(".digest-number")
    assert "其余按计划推进" in page.locator("article").inner_text()
    with page.expect_download() as waiting:
        page.locator(".heading-actions a").first.click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")
    unit.open(page.url.removeprefix(office.base))
    assert "其余按计划推进" in unit.page.locator("article").inner_text()
    assert visitors.complaints == []
