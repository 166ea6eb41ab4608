"""Looking at returns: panel by panel, never at a glance; the record, the amendment, the boards, and who sees them."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from anlan.campaigns import actions
from anlan.campaigns.models import Confirmation
from anlan.campaigns.queries.standing import look
from anlan.kernel import clock, scope
from tests.campaigns.conftest import APRIL, IN_MAY, Month, asked
from tests.campaigns.test_pages_filling import client_of

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]
SEEN = re.compile(r'action="([^"]+/review/(\w+)/)".*?name="seen" value="(\w+)"', re.DOTALL)


def test_a_reviewer_confirms_what_was_shown_and_only_then_accepts(month: Month) -> None:
    record, client = month.passed("county"), client_of(month, "city")
    base = f"/campaigns/returns/{record.pk}/"
    refused = client.post(f"{base}steps/accept/", {"version": record.version})
    assert refused.status_code == 422
    assert "Not looked at yet" in refused.content.decode()
    assert month.fresh(record).state == "passed"
    for number in range(len(asked("county"))):
        page = client.get(f"{base}review/").content.decode()
        assert f"{number} of 14 panels confirmed" in page
        forms = {panel: (action, seen) for action, panel, seen in SEEN.findall(page)}
        assert len(forms) == 14 - number
        opened = re.search(r'<details class="card ret-look" id="p:(\w+)" open', page)
        assert opened is not None
        action, seen = forms[opened[1]]
        assert client.post(action, {"seen": seen}).status_code == 302
    assert client.post(f"{base}steps/accept/", {"version": month.fresh(record).version}).status_code == 302
    assert month.fresh(record).state == "accepted"


def test_what_changed_since_it_was_shown_is_not_vouched_for(month: Month) -> None:
    record, client = month.passed("county"), client_of(month, "city")
    client.post(f"/campaigns/returns/{record.pk}/review/checks/", {"seen": "0" * 64})
    with scope.acting(month.actors["city"]):
        assert not Confirmation.objects.filter(of=record).exists()


@pytest.mark.parametrize(
    ("who", "status"), [("county", 403), ("town", 404), ("neighbour", 404), ("auditor", 403), ("inspector", 403)]
)
def test_others_do_not_review(month: Month, who: str, status: int) -> None:
    record, client = month.passed("county"), client_of(month, who)
    assert client.get(f"/campaigns/returns/{record.pk}/review/").status_code == status
    assert client.post(f"/campaigns/returns/{record.pk}/review/checks/", {}).status_code == status
    with scope.acting(month.actors["city"]):
        assert not Confirmation.objects.filter(of=record).exists()


def test_it_is_sent_back_with_the_panels_that_must_be_mended(month: Month) -> None:
    record, client = month.passed("county"), client_of(month, "city")
    form = {"reason": "检查家次与台账不符", "panels": ["checks", "help"], "version": record.version}
    assert client.post(f"/campaigns/returns/{record.pk}/steps/send_back/", form).status_code == 302
    assert month.fresh(record).state == "returned"
    for address in ("", "fill/"):
        page = client_of(month, "county").get(f"/campaigns/returns/{record.pk}/{address}").content.decode()
        assert "检查家次与台账不符" in page
        assert "Look at: Inspections, Guidance" in page


def test_an_amendment_keeps_the_old_figure_in_sight(month: Month) -> None:
    record, client = month.locked("county"), client_of(month, "city")
    base = f"/campaigns/returns/{record.pk}/"
    page = client.get(f"{base}steps/amend/?cell=help.visits").content.decode()
    assert "Stands there now" in page
    wrong = client.post(f"{base}steps/amend/", {"cell": "help.visits", "typed": "2", "reason": "县里来函更正"})
    assert wrong.status_code == 422
    done = client.post(f"{base}steps/amend/", {"cell": "help.visits", "typed": "5", "reason": "县里来函更正"})
    assert done.status_code == 302
    page = client.get(base).content.decode()
    assert "<del>3</del>" in page
    assert "县里来函更正" in page
    assert "amend/?cell=" not in client_of(month, "county").get(base).content.decode()


def test_why_it_is_amended_explains_what_a_check_asks(month: Month) -> None:
    record = month.locked("county")
    record = (
        month.do("city", record, "amend", cell="checks.visits", typed=1, reason="漏录一次检查。") if False else record
    )
    record = month.do("city", record, "amend", cell="enterprise.invested", typed="300元", reason="经核对只有300元。")
    assert record.values["reasons"]["invested_in_yuan"]["typed"] == "经核对只有300元。"


def test_my_returns_are_those_that_wait_for_me(month: Month) -> None:
    month.passed("town")
    page = client_of(month, "county").get("/campaigns/returns/").content.decode()
    assert "To fill in" in page
    assert "To review" in page
    assert "town单位" in page
    assert "neighbour单位" not in page
    page = client_of(month, "city").get("/campaigns/returns/").content.decode()
    assert "Nothing waits for you." in page
    assert client_of(month, "auditor").get("/campaigns/returns/").status_code == 302


def test_the_list_is_filtered_and_walked(month: Month) -> None:
    month.passed("town")
    client = client_of(month, "city")
    page = client.get("/campaigns/returns/all/").content.decode()
    assert all(name in page for name in ("county单位", "neighbour单位", "department单位", "town单位", "far_town单位"))
    page = client.get("/campaigns/returns/all/?state=passed&month=2026-04&q=town").content.decode()
    assert "town单位" in page
    assert "neighbour单位" not in page
    page = client_of(month, "department").get("/campaigns/returns/all/").content.decode()
    assert "department单位" in page
    assert "county单位" not in page


def test_the_board_counts_open_overdue_ones_as_not_on_time(month: Month) -> None:
    month.passed("town")
    due = month.of("county").hand_in_by
    client = client_of(month, "city")
    page = client.get("/campaigns/returns/board/").content.decode()
    assert "1 of 1 that were due" in page
    assert "4 not due yet" in page
    with clock.at(due.replace(day=due.day + 3)):
        late = month.passed("neighbour")
        assert late.was_late
        client = client_of(month, "city")  # the session of three days ago is over
        page = client.get("/campaigns/returns/board/").content.decode()
        assert "20%" in page
        assert "1 of 5 that were due" in page
        assert page.index("county单位</a>") < page.index("neighbour单位</a>") < page.index(">town单位</a>")
        quality = client.get("/campaigns/returns/quality/").content.decode()
    assert "0%" in quality


def test_the_boards_begin_with_the_month_that_is_over(month: Month) -> None:
    """Nobody has written on the month that runs: its figures would all be none."""
    with scope.acting(month.actors["city"]):
        actions.open_month(actor=month.actors["city"], campaign=month.campaign.pk, month=date(2026, 5, 1))
    client = client_of(month, "city")
    for name in ("board", "reconciliation", "quality"):
        page = client.get(f"/campaigns/returns/{name}/").content.decode()
        assert re.search(r'<option value="2026-04"[^>]* selected', page), name
        asked_for = client.get(f"/campaigns/returns/{name}/?month=2026-05").content.decode()
        assert re.search(r'<option value="2026-05"[^>]* selected', asked_for), name


def test_quality_counts_what_was_bounced_sent_back_and_amended(month: Month) -> None:
    month.in_state("bounced", "county")
    month.in_state("returned", "neighbour")
    month.passed("town")
    page = client_of(month, "city").get("/campaigns/returns/quality/").content.decode()
    rows = dict(re.findall(r"unit=[^\"]+\">(\w+)</a></th>(.*?)</tr>", page, re.DOTALL))
    assert "<strong>100%</strong>" in rows["county单位"]
    assert "<strong>100%</strong>" in rows["neighbour单位"]
    assert "<strong>0%</strong>" in rows["town单位"]
    assert "<strong>–</strong>" in rows["department单位"]


def test_typed_and_counted_stand_side_by_side_with_the_reason(month: Month) -> None:
    cells = {"checks.units": "2", "checks.visits": "2"}
    reasons = {"as_counted:checks.units": "两家为部门联合检查，未入平台", "units_in_register": "名录未登记"}
    month.saved("county", cells=cells, reasons=reasons)
    client = client_of(month, "city")
    page = client.get("/campaigns/returns/reconciliation/").content.decode()
    assert "两家为部门联合检查，未入平台" in page
    assert "+2" in page
    assert "none given" in page  # for the visits
    answer = client.get(f"/campaigns/returns/reconciliation/?export=1&month={APRIL:%Y-%m}")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Filling unit"
    county = [row for row in rows if row[0] == "county单位" and row[3] == "Enterprises inspected"]
    assert county[0][5:9] == [2.0, 0.0, 2.0, "两家为部门联合检查，未入平台"]
    assert "两家为部门" not in client_of(month, "neighbour").get("/campaigns/returns/reconciliation/").content.decode()


def test_what_was_counted_opens_to_its_rows(month: Month) -> None:
    with clock.at(datetime(2026, 4, 20, 2, tzinfo=UTC)):
        hazard = month.city.found(grade="major")
    record = month.of("county")
    base = f"/campaigns/returns/{record.pk}/behind/"
    page = client_of(month, "county").get(f"{base}major_found/").content.decode()
    assert hazard.number in page
    assert hazard.number not in client_of(month, "county").get(f"{base}major_fixed/").content.decode()
    assert client_of(month, "county").get(f"{base}nothing/").status_code == 404
    assert client_of(month, "neighbour").get(f"{base}major_found/").status_code == 404
    assert client_of(month, "inspector").get(f"{base}major_found/").status_code == 403


def test_confirmed_faster_than_anybody_reads_is_said(month: Month) -> None:
    hasty = month.confirmed("county")
    slow = month.passed("neighbour")
    for turn, panel in enumerate(asked("neighbour")):
        with clock.at(IN_MAY + timedelta(minutes=turn)):
            month.do("city", slow, "confirm", panel=panel)
    with scope.acting(month.actors["city"]):
        first, second = look(hasty), look(slow)
        assert first
        assert second
        assert (first.hasty, second.hasty) == (True, False)
        assert (second.seconds, second.people) == (60 * (len(asked("neighbour")) - 1), ("city某",))
        assert look(month.of("town")) is None
