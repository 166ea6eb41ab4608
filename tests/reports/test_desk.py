"""The desk over HTTP: what it lists, what it proposes, what it may and may not do."""

from typing import Any

import pytest
from django.test import Client

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.models import Report, Sending
from anlan.reports.sorting.table import add_rule
from tests.factories import COUNTY, NEIGHBOUR_TOWN, City
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BY_SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def _text(response: Any) -> str:
    return str(response.content.decode())


def _take(client: Client, report: Report, **sent: Any) -> Any:
    return client.post(f"/reports/desk/{report.pk}/take/", sent, headers=BY_SCRIPT)


def _rule(town: Town, **over: Any) -> Any:
    with scope.acting(town.city.dispatcher):
        data = {"category": "fire_exit", "region": COUNTY, "unit": town.unit.pk} | over
        return add_rule(actor=town.city.dispatcher, data=data)


def test_the_desk_shows_what_waits_urgent_first(town: Town, signed_in: SignedIn) -> None:
    old, urgent = town.send(words="楼梯间堆满了杂物。"), town.send(words="电梯里有人被困，快来人。")
    town.dispatched()
    foreign = town.send(words="邻县的消防通道被占。", region=NEIGHBOUR_TOWN)
    page = _text(signed_in("dispatcher").get("/reports/desk/"))
    assert page.index(urgent.number) < page.index(old.number)
    assert foreign.number not in page
    assert "2</strong>" in page


@pytest.mark.parametrize(
    "name", ["inspector", "regulator", "citizen", "leader", "auditor", "finance", "principal", "system_admin"]
)
@pytest.mark.parametrize(
    "path", ["/reports/desk/", "/reports/desk/queue/", "/reports/holds/", "/reports/rules/", "/reports/rules/new/"]
)
def test_the_desk_is_the_desks_alone(town: Town, signed_in: SignedIn, name: str, path: str) -> None:
    assert signed_in(name).get(path).status_code == 403


def test_a_report_is_opened_with_its_proposal_and_its_way(town: Town, signed_in: SignedIn) -> None:
    _rule(town)
    report = town.returned()
    wished = town.send(wished_unit=town.other_unit.pk)
    client = signed_in("dispatcher")
    page = _text(client.get(f"/reports/desk/{wished.pk}/", headers=BY_SCRIPT))
    assert page.index(town.unit.name) < page.index(town.other_unit.name)
    assert "routing rule 10" in page
    assert "wished for by the reporter" in page
    returned = _text(client.get(f"/reports/desk/{report.pk}/", headers=BY_SCRIPT))
    assert f"{town.unit.name} sent it back" in returned
    assert returned.index("不属于本单位职责。") < returned.index("desk-send"), (
        "why it came back is read before it goes on"
    )
    assert "sent it back; it is not proposed again" in returned


def test_without_scripts_the_report_is_on_the_page_and_a_form_sends_it(town: Town, signed_in: SignedIn) -> None:
    report, client = town.send(), signed_in("dispatcher")
    assert client.get(f"/reports/desk/{report.pk}/").headers["Location"] == f"/reports/desk/?report={report.pk}"
    assert report.words in _text(client.get(f"/reports/desk/?report={report.pk}"))
    sent = {"step": "dispatch", "unit": str(town.unit.pk), "version": str(report.version)}
    assert client.post(f"/reports/desk/{report.pk}/take/", sent).headers["Location"] == "/reports/desk/"
    assert town.fresh(report).unit_id == town.unit.pk


def test_a_neighbours_report_is_not_found(town: Town, signed_in: SignedIn) -> None:
    foreign = town.send(region=NEIGHBOUR_TOWN)
    client = signed_in("dispatcher")
    assert client.get(f"/reports/desk/{foreign.pk}/", headers=BY_SCRIPT).status_code == 404
    assert foreign.words not in _text(client.get(f"/reports/desk/?report={foreign.pk}"))
    assert _take(client, foreign, step="dispatch", unit=str(town.unit.pk)).status_code == 404
    assert town.fresh(foreign).state == "submitted"


def test_what_is_sent_remembers_by_which_way(town: Town, signed_in: SignedIn) -> None:
    rule, report = _rule(town), town.send()
    answer = _take(
        signed_in("dispatcher"),
        report,
        step="dispatch",
        candidate=f"{town.unit.pk}|rule|{rule.pk}|",
        version=report.version,
    )
    assert answer.status_code == 200
    assert town.unit.name in answer.json()["words"]
    with scope.acting(SYSTEM):
        leg = Sending.objects.get(report=report)
    assert (leg.way, leg.rule_id, leg.unit_id) == ("rule", rule.pk, town.unit.pk)


def test_a_unit_from_the_list_comes_before_a_proposed_one(town: Town, signed_in: SignedIn) -> None:
    report = town.send()
    sent = {"step": "dispatch", "candidate": f"{town.unit.pk}|rule||", "unit": str(town.other_unit.pk)}
    assert _take(signed_in("dispatcher"), report, **sent).status_code == 200
    with scope.acting(SYSTEM):
        leg = Sending.objects.get(report=report)
    assert (leg.way, leg.unit_id) == ("hand", town.other_unit.pk)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"step": "dispatch"}, 422),
        ({"step": "dispatch", "candidate": "nonsense"}, 422),
        ({"step": "verify"}, 404),
        ({"step": "open_seal", "reason": "好奇好奇"}, 404),
        ({"step": "hold_back"}, 404),
        ({"step": "decline", "reason": "短"}, 422),
        ({}, 404),
    ],
)
def test_what_the_desk_may_not_do_is_refused_in_words(
    town: Town, signed_in: SignedIn, sent: dict[str, str], status: int
) -> None:
    report = town.send()
    assert _take(signed_in("dispatcher"), report, **sent).status_code == status
    assert town.fresh(report).state == "submitted"


def test_who_comes_second_is_told_who_was_first(town: Town, signed_in: SignedIn) -> None:
    report = town.send()
    town.do(town.city.office, report, "dispatch", unit=town.other_unit.pk)
    answer = _take(signed_in("dispatcher"), report, step="dispatch", unit=str(town.unit.pk), version=report.version)
    assert answer.status_code == 409
    assert "office" in answer.json()["words"]
    assert town.fresh(report).unit_id == town.other_unit.pk


def test_duplicates_are_found_near_and_follow_the_first(town: Town, signed_in: SignedIn) -> None:
    here = {"lon": 111.5201, "lat": 36.0912, "words": "三单元楼梯间电动车飞线充电，很危险"}
    first = town.send(**here)
    second = town.send(town.second, **here | {"words": "三单元楼梯间有人电动车飞线充电"})
    client = signed_in("dispatcher")
    page = _text(client.get(f"/reports/desk/{second.pk}/", headers=BY_SCRIPT))
    assert first.number in page
    assert _take(client, second, step="duplicate", of=str(first.pk)).status_code == 200
    assert town.fresh(second).duplicate_of_id == first.pk


def test_a_declined_report_needs_a_reason_and_leaves_the_desk(town: Town, signed_in: SignedIn) -> None:
    report = town.send(words="广场舞太吵了。")
    answer = _take(signed_in("dispatcher"), report, step="decline", reason="噪声扰民请拨打12345反映。")
    assert answer.json()["left"] is True
    assert town.fresh(report).outcome == "declined"


def test_accepting_keeps_the_edited_public_version(town: Town, signed_in: SignedIn) -> None:
    report = town.send(words="3号楼张三家门口堆杂物，电话13812345678。")
    answer = _take(
        signed_in("dispatcher"),
        report,
        step="screen",
        category="fire_exit",
        public_words="楼道堆放杂物。",
        public_place="解放路",
        public="on",
    )
    assert answer.status_code == 200
    assert answer.json()["left"] is False
    kept = town.fresh(report)
    assert (kept.state, kept.public, kept.public_words, kept.held) == ("screened", True, "楼道堆放杂物。", False)
    assert "13812345678" in kept.words


def test_many_go_at_once_and_one_that_cannot_holds_up_no_other(town: Town, signed_in: SignedIn) -> None:
    first, second, gone = town.send(), town.send(), town.handled()
    foreign = town.send(region=NEIGHBOUR_TOWN)
    sent = {"ids": [str(one.pk) for one in (first, second, gone, foreign)], "unit": str(town.unit.pk)}
    answer = signed_in("dispatcher").post("/reports/desk/send/", sent, headers=BY_SCRIPT).json()
    assert answer["done"] == 2
    assert [one["number"] for one in answer["troubles"]] == [gone.number]
    assert town.fresh(first).state == town.fresh(second).state == "dispatched"
    assert town.fresh(foreign).state == "submitted"


def test_each_as_proposed_goes_by_its_rule_and_the_rest_stays(town: Town, signed_in: SignedIn) -> None:
    _rule(town)
    ruled, other = town.send(), town.send(category="ebike")
    sent = {"ids": [str(ruled.pk), str(other.pk)], "unit": "proposed"}
    answer = signed_in("dispatcher").post("/reports/desk/send/", sent, headers=BY_SCRIPT).json()
    assert (answer["done"], [one["number"] for one in answer["troubles"]]) == (1, [other.number])
    assert town.fresh(ruled).unit_id == town.unit.pk


def test_the_reporter_stands_nowhere_on_the_desk(town: Town, signed_in: SignedIn) -> None:
    report = town.send()
    client = signed_in("dispatcher")
    for text in (
        _text(client.get("/reports/desk/")),
        _text(client.get(f"/reports/desk/{report.pk}/", headers=BY_SCRIPT)),
    ):
        assert town.reporter.name not in text
        assert str(town.reporter.person) not in text


def test_filters_and_search_narrow_what_waits(town: Town, signed_in: SignedIn) -> None:
    plain, returned = town.send(words="配电箱敞开，电线裸露。"), town.returned()
    client = signed_in("dispatcher")
    only = _text(client.get("/reports/desk/queue/?only=returned"))
    assert returned.number in only
    assert plain.number not in only
    found = _text(client.get("/reports/desk/queue/?q=配电箱"))
    assert plain.number in found
    assert returned.number not in found
    assert client.get("/reports/desk/queue/?only=nonsense&shown=-1&q=%25").status_code == 200


def test_a_closed_unit_in_a_rule_is_passed_over_and_said(town: Town, signed_in: SignedIn) -> None:
    _rule(town, unit=town.other_unit.pk)
    _rule(town)
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=town.other_unit.pk).update(active=False)
    report, client = town.send(), signed_in("dispatcher")
    page = _text(client.get(f"/reports/desk/{report.pk}/", headers=BY_SCRIPT))
    assert f'data-name="{town.unit.name}"' in page
    assert "1 routing rule before this one names a unit that is closed" in page
    assert "names a unit that is closed" in _text(client.get("/reports/rules/"))


def test_the_list_asks_as_often_for_twenty_as_for_two(
    town: Town, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    for _one in range(20):
        town.send()
    client = signed_in("dispatcher")
    client.get("/reports/desk/queue/")
    with django_assert_max_num_queries(17):
        page = _text(client.get("/reports/desk/queue/"))
    assert page.count("data-row=") == 20


def test_a_list_in_which_nothing_moved_is_not_sent_again(town: Town, signed_in: SignedIn) -> None:
    report, client = town.send(), signed_in("dispatcher")
    first = client.get("/reports/desk/queue/")
    seen = {"X-Desk-State": first.headers["X-Desk-State"]}
    assert client.get("/reports/desk/queue/", headers=seen).status_code == 204
    town.do(town.city.dispatcher, report, "screen", category="fire_exit")
    again = client.get("/reports/desk/queue/", headers=seen)
    assert again.status_code == 200
    assert again.headers["X-Desk-State"] != seen["X-Desk-State"]
