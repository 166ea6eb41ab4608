"""
A month in the browser: a district fills its return wrong in every way that the bulletin of April 2024 complains of, is told at the
field how to mend each, mends, and hands in; it is reviewed panel by panel, accepted, locked and amended.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from anlan.campaigns.models import Return
from anlan.identity import roles
from anlan.identity.models import Person, Post
from anlan.inspections.models import Member, Visit
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor, Visitors, browser, player, visitors
from tests.campaigns.conftest import Month, asked, make_month, right
from tests.factories import City
from tests.inspections.conftest import Field, make_field

__all__ = ["browser", "player", "visitors"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
IN_APRIL = datetime(2026, 4, 14, 2, tzinfo=UTC)


@pytest.fixture
def city(db: None) -> City:
    """A city with people who make visits; a leader of the county came along on one of them, as the platform knows."""
    with clock.at(IN_APRIL - timedelta(days=60)):
        field: Field = make_field()
    with clock.at(IN_APRIL):
        field.under_way(style="unannounced", reason="follow_up", reason_words="复查整改情况", kind="supervision")
    with scope.acting(SYSTEM):
        leader = (
            Post.objects.filter(role=roles.LEADER, region=field.enterprise.region // 10**6 * 10**6)
            .select_related("person")
            .first()
        )
        assert leader is not None
        visit = Visit.objects.get(kind="supervision")
        Member.objects.create(visit=visit, role="leader", person_id=leader.person_id, name="副县长王某")
    return field


@pytest.fixture
def month(city: City) -> Month:
    made = make_month(city)
    with scope.acting(SYSTEM):
        people = [post.person_id for post in made.posts.values()]
        Person.objects.filter(pk__in=people).update(password=make_password(PASSWORD))
    return made


class Filling:
    """The filling page as the clerk uses it."""

    def __init__(self, visitor: Visitor, record: Return) -> None:
        self.page: Page = visitor.open(f"/campaigns/returns/{record.pk}/fill/").page

    def write(self, box: str, words: str) -> None:
        self.page.locator(f"[id='c:{box}']").fill(words)

    def says(self, place: str) -> Any:
        return self.page.locator(f"[data-says='{place}'] .ret-note")

    def row(self, panel: str, number: int) -> Any:
        return self.page.locator(f"[data-ret-grid={panel}] tr[data-row-id]").nth(number)

    def row_says(self, panel: str, number: int) -> Any:
        return self.page.locator(f"[data-ret-grid={panel}] tr[data-row-says]").nth(number).locator(".ret-note")

    def fill_row(self, panel: str, number: int, **boxes: str) -> None:
        for element, words in boxes.items():
            field = self.row(panel, number).locator(f"[name$=':{element}']")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(words)
            else:
                field.fill(words)

    def add(self, panel: str) -> None:
        self.page.locator(f"[data-ret-add={panel}]").click()

    def saved(self) -> None:
        """Everything that was typed is with the server."""
        expect(self.page.locator("[data-ret-saved]")).to_contain_text("已自动保存")


def test_a_return_is_filled_wrong_in_every_known_way_told_mended_reviewed_locked_and_amended(
    month: Month, visitors: Visitors
) -> None:
    record = month.of("county")
    clerk = visitors("r-county", DESK)
    form = Filling(clerk, record)
    page = form.page

    # A wholly empty return is told at once, and is not handed in.
    page.locator(".ret-hand-in").click()
    expect(page.locator("[data-ret-stop-list]")).to_contain_text("空表等于没有上报")
    assert month.fresh(record).state == "open"
    expect(form.says("c:help.units").first).to_contain_text("请填写")

    # A leader's visit that the platform knows of was not entered.
    lacking = form.says("p:visits").filter(has_text="平台已知本月领导现场督导 1 次，这里录入 0 次")
    expect(lacking).to_contain_text("2026-04-14 副县长王某 翠岭铸造有限公司")
    form.add("visits")
    form.fill_row("visits", 0, date="4.14", leader="副县长王某", place="翠岭铸造有限公司", problems="2")
    expect(form.says("p:visits")).to_have_count(0)

    # Only one of the six engineering panels.
    form.write("engineering.lifts", "12")
    expect(form.says("p:engineering")).to_contain_text("安全工程治理共 6 类，只填了 1 类")
    expect(form.says("p:engineering")).to_contain_text("公路、水利、市场监管、铁路、住建、消防主管部门")
    for box in ("roads", "reservoirs", "crossings", "houses", "fire"):
        page.locator(f"[data-ret-no='c:engineering.{box}']").click()
    expect(form.says("p:engineering")).to_have_count(0)

    # A major hazard that was mended: how and when?
    form.add("major")
    form.fill_row(
        "major",
        0,
        enterprise="翠岭铸造有限公司",
        what="熔炼炉前安全出口上锁",
        found_on="4-2",
        state="fixed",
        measure="已整改",
    )
    expect(form.row_says("major", 0).filter(has_text="没有写清整改措施")).to_contain_text("请写具体做了什么")
    expect(form.row_says("major", 0).filter(has_text="没有完成时间")).to_contain_text("请填复查验收合格的日期")
    form.fill_row("major", 0, measure="拆除封堵安全出口的货架，恢复双向疏散", fixed_on="4-18")
    expect(form.row_says("major", 0)).to_have_count(0)

    # The meeting's name where its topic is asked.
    form.add("studies")
    form.fill_row(
        "studies",
        0,
        date="4.8",
        body="government",
        rank="chief",
        topic="市政府第三十二次常务会议",
        decision="五月底前完成管网普查",
    )
    named = form.row_says("studies", 0).filter(has_text="“会议主题”填的是会议名称")
    expect(named).to_contain_text("请写这次会议研究了什么事")
    form.fill_row("studies", 0, topic="研究燃气安全专项整治推进情况")
    expect(form.row_says("studies", 0)).to_have_count(0)

    # Staff counted as principals, over the roster.
    form.write("training.principals_times", "1")
    form.write("training.principals", "128")
    over = form.says("c:training.principals").filter(has_text="受训主要负责人填 128 人，名录中担任企业主要负责人的只有")
    expect(over).to_contain_text("安全管理人员填“受训安全管理人员”")
    form.write("training.principals", "1")
    expect(form.says("c:training.principals")).to_have_count(0)

    # What cannot be read at all; a figure that differs from the count asks for a reason, and passes with one.
    form.write("help.units", "十来家")
    expect(form.says("c:help.units").filter(has_text="十来家")).to_contain_text("只写数字")
    form.write("checks.visits", "1")
    form.write("checks.units", "1")
    why = form.says("c:checks.visits").filter(has_text="平台按记录统计为 0")
    why.locator("textarea").fill("与消防联合检查一次，未在平台立项")
    expect(why).to_contain_text("已说明原因，可以通过")
    page.locator("[data-says='c:checks.units'] textarea").first.fill("与消防联合检查一次")
    form.saved()

    # The rest; then it goes.
    major = {"hazards.carried": "1", "hazards.fixed": "1"}
    done = {"checks.units", "checks.visits", *(name for name in right("county") if name.startswith("engineering."))}
    for name, value in (right("county") | major).items():
        if name not in done:
            form.write(name, str(value))
    form.says("c:hazards.fixed").filter(has_text="平台按记录统计为 0").locator("textarea").fill(
        "上月挂账的隐患，当时尚未使用平台登记"
    )
    expect(page.locator("[data-ret-stops]")).to_be_hidden()
    expect(page.locator("[data-ret-progress-words]")).to_contain_text("14 / 14")
    page.locator(".ret-hand-in").click()
    page.wait_for_url(f"**/campaigns/returns/{record.pk}/")
    expect(page.locator("main")).to_contain_text("校验通过")
    handed = month.fresh(record)
    assert (handed.state, handed.bounced, handed.round) == ("passed", 0, 1)
    assert handed.values["cells"]["checks.visits"]["way"] == "page"

    # Whoever reviews must look: nothing is accepted at a glance.
    reviewer = visitors("r-city", DESK)
    desk = reviewer.open(f"/campaigns/returns/{record.pk}/review/").page
    expect(desk.locator("[data-step=accept] button")).to_be_disabled()
    expect(desk.locator("[data-step=accept]")).to_contain_text("14 个板块尚未确认")
    expect(desk.locator("[id='p:checks']")).to_contain_text("与统计不一致")
    for left in range(len(asked("county")), 0, -1):
        expect(desk.locator(".ret-verdict")).to_contain_text(f"已确认 {14 - left} / 14")
        opened = desk.locator("details.ret-look[open]")
        expect(opened).to_have_count(1)
        opened.locator("button[type=submit]").click()
    expect(desk.locator(".ret-verdict")).to_contain_text("已确认 14 / 14")
    _step(desk, "accept")
    assert month.fresh(record).state == "accepted"
    desk.goto(f"{reviewer.base}/campaigns/returns/{record.pk}/")
    _step(desk, "lock")
    assert month.fresh(record).state == "locked"

    # An amendment keeps the old figure in sight.
    desk.goto(f"{reviewer.base}/campaigns/returns/{record.pk}/")
    desk.locator("[id='p:help'] tr", has_text="帮扶家次").locator(".ret-amend").click()
    panel = desk.locator("#panel-body")
    panel.locator("[name=typed]").fill("5")
    panel.locator("[name=reason]").fill("县里来函：漏计两次帮扶。")
    panel.locator("button[type=submit]").click()
    expect(desk.locator("#amendments")).to_contain_text("漏计两次帮扶")
    expect(desk.locator("#amendments del")).to_have_text("3")
    amended = month.fresh(record)
    assert (amended.state, amended.amended, amended.values["cells"]["help.visits"]["value"]) == ("locked", 1, 5)
    assert visitors.complaints == []


def _step(page: Page, name: str) -> None:
    page.locator(f"[data-step={name}]").first.click()
    page.locator("#panel-body button[type=submit]").click()
    expect(page.locator("#toasts")).to_contain_text("已完成")


def test_nothing_typed_is_lost_and_two_do_not_undo_each_other(month: Month, visitors: Visitors) -> None:
    record = month.of("county")
    one, two = visitors("r-county", DESK), visitors("r-county2", PHONE)
    first, second = Filling(one, record), Filling(two, record)
    first.write("help.units", "3")
    first.saved()
    second.write("help.visits", "4")
    second.saved()
    expect(second.page.locator("[id='c:help.units']")).to_have_value("3")  # heard with the answer
    cells = month.fresh(record).values["cells"]
    assert {name: cells[name]["by"] for name in ("help.units", "help.visits")} == {
        "help.units": "county某",
        "help.visits": "county2某",
    }

    # The same box: the second is asked.
    first.write("help.units", "7")
    expect(first.page.locator("[data-ret-saved]")).to_contain_text("已自动保存")
    _until(month, record, "help.units", 7)
    second.write("help.units", "9")
    expect(second.says("c:help.units").first).to_contain_text("county某刚在这一格填了“7”")
    second.says("c:help.units").get_by_role("button", name="用我填的").click()
    _until(month, record, "help.units", 9)

    # Without a network what is typed stays, is said to be kept, and goes when the network is back, even if the page died meanwhile.
    one.cut()
    first.write("penalties.cases", "6")
    expect(first.page.locator("[data-ret-saved]")).to_contain_text("网络断开")
    assert "penalties.cases" not in month.fresh(record).values["cells"]
    one.cut(off=False)
    _until(month, record, "penalties.cases", 6)
    one.cut()
    first.write("penalties.fine", "2万元")
    expect(first.page.locator("[data-ret-saved]")).to_contain_text("网络断开")
    first.page.close()
    one.page = one._new_page()
    one.cut(off=False)
    again = Filling(one, record)
    expect(again.page.locator("[id='c:penalties.fine']")).to_have_value("2万元")
    _until(month, record, "penalties.fine", 2_000_000)
    assert two.overflow() <= 0


def _until(month: Month, record: Return, name: str, value: int) -> None:
    for _turn in range(100):
        if month.fresh(record).values["cells"].get(name, {}).get("value") == value:
            return
        time.sleep(0.1)
    raise AssertionError(month.fresh(record).values["cells"].get(name))


def test_rows_are_filled_by_keyboard_and_by_a_block_of_a_spreadsheet(month: Month, visitors: Visitors) -> None:
    record = month.of("county")
    clerk = visitors("r-county", DESK)
    clerk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form = Filling(clerk, record)
    page = form.page
    form.add("visits")
    lines = ["4.8\t副县长王某\t城东客运站\t2", "4月9日\t副县长李某\t第三小学\t无", "2026/4/10\t县长赵某\t集贸市场\t1"]
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(lines))
    form.row("visits", 0).locator("input").first.focus()
    page.keyboard.press("Control+V")
    expect(page.locator("[data-ret-grid=visits] tr[data-row-id]")).to_have_count(3)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # from the last row into a new one
    expect(page.locator("[data-ret-grid=visits] tr[data-row-id]")).to_have_count(4)
    page.keyboard.type("4.11")
    page.keyboard.press("Tab")
    page.keyboard.type("副县长王某")
    page.on("dialog", lambda dialog: dialog.accept())
    form.row("visits", 1).locator("[data-ret-remove]").click()
    expect(page.locator("[data-ret-grid=visits] tr[data-row-id]")).to_have_count(3)
    days = ["2026-04-08", "2026-04-10", "2026-04-11"]
    for _turn in range(100):
        rows = month.fresh(record).values["rows"].get("visits", [])
        if [row.get("date", {}).get("value") for row in rows] == days and "leader" in rows[2]:
            break
        time.sleep(0.1)
    assert [row["date"]["value"] for row in rows] == days
    assert [row["leader"]["value"] for row in rows] == ["副县长王某", "县长赵某", "副县长王某"]
    assert [row["problems"]["value"] for row in rows[:2]] == [2, 1]
    assert clerk.complaints == []
