"""From a citizen's phone to the reward: reported over a bad network, sent, verified, mended, reviewed, answered, claimed, paid, shown."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.channels.models import Outgoing
from anlan.hazards.models import Hazard
from anlan.identity.citizens import sign_in_by_wechat
from anlan.identity.models import Post, Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.reports.models import Report
from anlan.reports.plaza.keeping import fold_changes
from anlan.rewards.actions import load_rules, set_budget
from anlan.rewards.actions.billing import look_after, tend_bill
from anlan.rewards.models import Bill, Reward
from anlan.site import phone
from tests.browser.citizen import PLACE, home, passer_by, sign_in, write
from tests.browser.conftest import DESK, PHONE, Visitors, lacking
from tests.browser.test_citizen import cut_off
from tests.channels.twin import Twin, twin, twin_process
from tests.factories import COUNTY, TOWN, make_city, picture
from tests.reports.conftest import Town, make_town

__all__ = ["twin", "twin_process"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
NUMBER = "13835712345"
WORDS = "翠岭铸造三号车间传动轴没有防护罩"


@pytest.fixture
def city(db: None, twin: Twin) -> Town:
    if not (phone.BUILT / "report" / "index.html").exists():
        lacking("The citizens' app must be built: cd clients && npm ci && npm run build")
    town = make_town(make_city())
    Region.objects.filter(pk=TOWN).update(lon=PLACE["longitude"], lat=PLACE["latitude"])
    load_rules()
    office = town.city.office
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=town.city.posts["inspector"].pk).update(organisation=town.other_unit)
    with scope.acting(office):
        set_budget(actor=office, region=COUNTY, data={"year": clock.today().year, "fen": 1_000_000})
    return town


def the(model: Any, **asked: Any) -> Any:
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        return model.objects.get(**asked)


def fill(page: Page, step: str, **answers: str) -> None:
    """Open the step's form in the panel, answer, send; a `…_choice` is the value of a radio button, a `…_pick` is searched for."""
    page.click(f"a[data-step={step}]")
    form = page.locator("#panel form")
    expect(form).to_be_visible()
    for name, answer in answers.items():
        if name == "photo":
            form.locator("[data-photos-input]").set_input_files(
                {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture(int(answer))}
            )
            expect(form.locator(".picker-photo[data-state=done]")).to_have_count(1)
        elif name.endswith("_choice"):
            form.locator(f"label:has(input[name={name.removesuffix('_choice')}][value='{answer}'])").click()
        elif name.endswith("_pick"):
            picker = name.removesuffix("_pick")
            form.locator(f"#id_{picker}_words").press_sequentially(answer)
            form.locator(f"#id_{picker}_found label", has_text=answer).click()
        elif form.locator(f"select[name={name}]").count():
            form.locator(f"[name={name}]").select_option(answer)
        else:
            form.locator(f"[name={name}]").fill(answer)
    with page.expect_response(lambda one: one.request.method == "POST" and "/steps/" in one.url):
        form.locator("button[type=submit]").click()  # the words of the step before may still stand there
    expect(page.locator(".toast").first).to_contain_text("已完成")


def test_from_a_phone_in_the_street_to_the_reward(city: Town, visitors: Visitors, twin: Twin) -> None:
    # A citizen, known from WeChat, reports; one upload and one sending lose their answers.
    sign_in_by_wechat(data={"code": "ok-hanmei-1", "phone_code": f"phone-{NUMBER}-1"})
    twin.post("/_callback", url=visitors.base)
    citizen = passer_by(visitors, PHONE)
    page = home(citizen)
    write(page, WORDS)
    page.get_by_role("button", name="提交", exact=True).click()
    lost = cut_off(page, 1, "**/api/v1/uploads/*"), cut_off(page, 1, "**/api/v1/citizen/reports")
    sign_in(page, NUMBER)
    expect(page.locator(".sent-state")).to_contain_text("已提交", timeout=60_000)
    assert [len(one) for one in lost] == [1, 1]
    report = the(Report)

    # The dispatcher sends it, the unit's inspector finds it true.
    address = f"/reports/{report.pk}/"
    page = visitors("dispatcher", DESK).open(address).page
    fill(page, "screen", category="machinery", public_words=WORDS, public_place="翠岭工业园")
    fill(page, "dispatch", unit_pick=city.other_unit.name)
    inspector = visitors("inspector", DESK)
    page = inspector.open(address).page
    fill(page, "verify", words="现场查看，传动轴确无防护罩。", place="三号车间东侧", enterprise_pick="翠岭铸造有限公司")
    hazard = the(Hazard, number=the(Report).hazard_number)
    assert hazard.source == "citizen"

    # The loop of the hazard: the enterprise shows on its page that it is mended.
    settled = city.city
    settled.do(settled.regulator, hazard, "grade", grade="general")
    settled.do(settled.regulator, hazard, "dispatch", responsible=settled.enterprise.pk, due=settled.day(20))
    for kind in the(Hazard, pk=hazard.pk).required_signers:
        settled.sign(settled.actors[settled.SIGNERS[kind]], hazard)
    page = visitors("principal").open(f"/hazards/{hazard.pk}/").page
    fill(page, "plan", measure="加装固定式防护罩。", due=settled.day(10).isoformat())
    fill(
        page, "submit", photo="7", measure_done="护罩已装好并试机。", finished_on=clock.today().isoformat(), cost="1200",
    )  # fmt: skip
    settled.do(settled.inspector2, hazard, "recheck", passed=True, remark="防护罩牢固。")
    settled.do(settled.regulator, hazard, "close")
    assert the(Report).state == "handled"

    # The office reviews, the answer leaves, finance approves.
    page = visitors("office", DESK).open(address).page
    fill(page, "review", answer="您反映的防护罩缺失已整改并复查合格，谢谢您。")
    tick()
    assert the(Report).state == "answered"
    reward = the(Reward)
    page = visitors("finance", DESK).open(f"/rewards/{reward.pk}/").page
    fill(page, "approve")

    # The citizen is told, reads it, claims, and confirms in WeChat.
    with scope.acting(SYSTEM):
        told = list(Outgoing.objects.exclude(template="code").values_list("template", flat=True))
    assert told
    page = citizen.page
    page.goto(f"{visitors.base}/report/")
    page.locator(".report").click()
    expect(page.locator(".answer")).to_contain_text("复查合格")
    page.goto(f"{visitors.base}/report/rewards")
    page.get_by_role("button", name=re.compile("领取")).click()
    page.get_by_role("dialog").get_by_text("微信").first.click()
    page.get_by_role("dialog").locator("button.is-main").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_be_visible()
    bill = the(Bill)
    tend_bill(bill.out_bill_no)
    assert the(Bill).state == "WAIT_USER_CONFIRM"
    twin.post(f"/_pay/bills/{bill.out_bill_no}/confirm")
    twin.waits_for(lambda: look_after() >= 0 and the(Bill).state == "SUCCESS")
    assert the(Reward).state == "paid"
    page.reload()
    expect(page.locator(".reward")).to_contain_text("已支付")

    # Everybody sees on the plaza what became of it; nobody learns there or at the unit who reported it.
    fold_changes()
    stranger = passer_by(visitors, PHONE)
    page = stranger.open("/plaza/").page
    expect(page.locator("main")).to_contain_text(WORDS)
    inspector.open(address)
    seen = inspector.page.content() + page.content()
    reporter = the(Report)
    assert NUMBER not in seen
    assert NUMBER[-4:] not in inspector.page.locator("main").inner_text()
    assert reporter.state == "answered"
    assert not [one for one in visitors.complaints if "401" not in one and "GL Driver" not in one]
