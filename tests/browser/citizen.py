"""What a citizen does on the screens of the reporting app, step by step."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from anlan.channels.models import Outgoing
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.site.settings import PROJECT
from tests.browser.conftest import Visitor, Visitors, lacking
from tests.factories import picture

AXE = Path(PROJECT) / "clients" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PLACE = {"longitude": 111.5, "latitude": 36.08, "accuracy": 18}


def passer_by(visitors: Visitors, screen: dict[str, int], *, large: bool = False, english: bool = False) -> Visitor:
    """Somebody with a phone that tells where it is; nobody knows them."""
    visitor = Visitor(visitors.browser, visitors.base, screen)
    visitors.all.append(visitor)
    visitor.context.grant_permissions(["geolocation", "clipboard-read", "clipboard-write"])
    visitor.context.set_geolocation(PLACE)
    if large or english:
        chosen = f'{{"language": "{"en" if english else "zh"}", "large": {str(large).lower()}}}'
        visitor.context.add_init_script(f"localStorage.setItem('anlan:phone:settings', '{chosen}')")
    return visitor


def home(visitor: Visitor) -> Page:
    page: Page = visitor.open("/report/").page
    expect(page.locator(".hero-button")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def photograph(page: Page, seed: int, *, count: int) -> None:
    page.locator("input[capture]").set_input_files(
        {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": picture(seed)}
    )
    expect(page.locator(".shot img")).to_have_count(count)


def write(page: Page, words: str, *, photos: int = 1) -> None:
    """From the home screen to a report that could be sent."""
    page.get_by_role("link", name="报告隐患").click()
    expect(page.locator(".place-state.is-found")).to_contain_text("18 米")
    for at in range(photos):
        photograph(page, 40 + at, count=at + 1)
    page.get_by_role("textbox", name="哪里不安全").fill(words)


def code_of(phone: str) -> str:
    """What the text message says."""
    with scope.acting(SYSTEM):
        return str(Outgoing.objects.filter(channel="sms", to=phone).latest("at").facts["code"])


def sign_in(page: Page, phone: str) -> None:
    """In the sheet that asks for it."""
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("手机号").fill(phone)
    sheet.get_by_role("button", name="获取验证码").click()
    expect(sheet.get_by_label("短信验证码")).to_be_focused()
    sheet.get_by_label("短信验证码").fill(code_of(phone))
    sheet.get_by_role("button", name="登录", exact=True).click()
    expect(sheet).to_have_count(0)


def accessible(visitor: Visitor, name: str) -> None:
    """No complaint of axe-core under WCAG 2.2 A and AA, and nothing wider than the screen."""
    if not AXE.exists():
        lacking("The tests of accessibility need axe-core: cd clients && npm ci")
    page = visitor.page
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    told = [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert not told, f"{name}\n" + "\n".join(told)
    assert visitor.overflow() <= 0, f"{name} is wider than the screen"
