"""A reward is claimed on the phone by voucher, cashed at the counter, and shown as paid; without a name the claim code does it."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.claims import code_of
from anlan.rewards.models import Bill
from anlan.site import phone
from tests.browser.citizen import accessible, home, passer_by, sign_in
from tests.browser.conftest import PHONE, Visitors, lacking
from tests.reports.conftest import PHONE as NUMBER
from tests.rewards.conftest import Purse, make_purse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def city(db: None, settings: Any) -> Purse:
    if not (phone.BUILT / "report" / "index.html").exists():
        lacking("The citizens' app must be built: cd clients && npm ci && npm run build")
    settings.ANLAN_SMS_URL, settings.ANLAN_SMS_KEY, settings.ANLAN_SMS_SECRET = "http://127.0.0.1:9", "key", "secret"
    return make_purse()


def test_a_reward_is_claimed_by_voucher_and_paid(city: Purse, visitors: Visitors) -> None:
    reward = city.claimable()
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    page.get_by_role("link", name="奖励").click()
    page.get_by_role("button", name="登录").click()
    sign_in(page, NUMBER)
    expect(page.locator(".reward")).to_have_count(1)
    accessible(visitor, "rewards")
    page.get_by_role("button", name="领取").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("不用微信")  # nobody's WeChat is known here: there is one way, and no choice
    accessible(visitor, "claim")
    sheet.get_by_role("button", name="确认领取").click()
    expect(sheet.locator(".code-itself")).to_have_text(re.compile(r"\w{4}-\w{4}"))
    accessible(visitor, "voucher")
    code = sheet.locator(".code-itself").text_content()
    sheet.get_by_role("button", name="知道了").click()
    expect(page.locator(".reward .code-itself")).to_have_text(code or "")  # it can be looked at again
    with scope.acting(SYSTEM):
        assert Bill.objects.filter(reward=reward).count() == 1
    city.pay_out(reward)
    city.do(city.finance2, reward, "confirm", correct=True)
    page.reload()
    expect(page.locator(".reward")).to_contain_text("已到账")
    expect(page.locator(".code-itself")).to_have_count(0)


def test_without_a_name_the_claim_code_claims_it(city: Purse, visitors: Visitors) -> None:
    reward = city.claimable(actor=city.town.guest, anonymous=True)
    visitor = passer_by(visitors, PHONE)
    page = home(visitor)
    # Whoever is signed in here has rewards of their own; those of the code are apart.
    page.goto(f"{visitors.base}/report/me")
    page.get_by_role("button", name="登录").click()
    sign_in(page, NUMBER)
    page.goto(f"{visitors.base}/report/")
    page.get_by_role("link", name="查进度").click()
    page.get_by_label("查询码").fill(code_of(reward.report_id))
    page.get_by_role("button", name="查询").click()
    page.locator(".reward-link").click()
    page.get_by_role("button", name="领取").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("不用微信")  # nobody's WeChat is known here: there is one way, and no choice
    sheet.get_by_role("button", name="确认领取").click()
    expect(sheet.locator(".code-itself")).to_be_visible()
    with scope.acting(SYSTEM):
        assert Bill.objects.get(reward=reward).way == "voucher"
