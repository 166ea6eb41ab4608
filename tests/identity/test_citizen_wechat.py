"""Signing in from the mini-program: a token for a citizen's post, one account for a WeChat account and its phone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.channels import outgoing
from anlan.channels.models import Acceptance, Outgoing
from anlan.identity import citizens
from anlan.identity.events import CitizensMerged
from anlan.identity.models import ApiToken, WechatAccount
from anlan.kernel import clock, events, scope
from anlan.kernel.actor import SYSTEM
from tests.channels.twin import Twin
from tests.identity.citizens import API, PHONE, browser, how_many, me, proof, send, sign_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def enter(openid: str = "anna", phone: str = "", turn: str = "1", client: Client | None = None) -> Any:
    body = {"code": f"ok-{openid}-{turn}"} | ({"phone_code": f"phone-{phone}-{turn}"} if phone else {})
    answer = send(client or browser(), "wechat", **body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def by(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def openids() -> set[str]:
    with scope.acting(SYSTEM):
        return set(WechatAccount.objects.values_list("openid", flat=True))


def test_a_token_acts_as_the_citizen_for_thirty_days(twin: Twin) -> None:
    found = enter()
    assert found["token"].startswith("anl_")
    mine = me(by(found["token"]))
    assert mine == found["person"]
    assert mine == mine | {"wechat": True, "guest": False, "phone": ""}
    with clock.at(clock.now() + timedelta(days=31)):
        assert by(found["token"]).get(f"{API}/me").status_code == 401


def test_the_same_wechat_account_is_the_same_citizen(twin: Twin) -> None:
    assert enter(turn="1")["person"]["id"] == enter(turn="2")["person"]["id"]
    assert how_many() == 1


def test_a_used_code_is_refused_at_the_field(twin: Twin) -> None:
    enter()
    answer = send(browser(), "wechat", code="ok-anna-1")
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["code"]
    assert answer.json()["code"] == "wechat.bad_code"


def test_the_phone_finds_the_account_that_the_web_page_opened(twin: Twin) -> None:
    web = me(sign_in(twin))
    found = enter(phone=PHONE)
    assert found["person"]["id"] == web["id"]
    assert found["person"]["phone"] == "138****1234"
    assert how_many() == 1


def test_a_number_given_later_makes_two_accounts_one(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[CitizensMerged] = []
    monkeypatch.setitem(events._hearers, CitizensMerged, [heard.append])
    web = me(sign_in(twin))
    alone = enter()
    assert alone["person"]["id"] != web["id"]
    joined = enter(phone=PHONE, turn="2")
    assert joined["person"]["id"] == web["id"]
    assert [(str(one.kept), str(one.gone)) for one in heard] == [(web["id"], alone["person"]["id"])]
    assert how_many() == 1
    assert openids() == {"o-anna"}
    assert by(alone["token"]).get(f"{API}/me").status_code == 401
    assert by(joined["token"]).get(f"{API}/me").status_code == 200


def test_a_number_that_nobody_has_is_written_down(twin: Twin) -> None:
    first = enter()
    second = enter(phone=PHONE, turn="2")
    assert second["person"] == first["person"] | {"phone": "138****1234"}
    assert me(sign_in(twin))["id"] == first["person"]["id"]


def test_an_account_with_a_number_of_its_own_takes_nobody_elses(twin: Twin) -> None:
    other = me(sign_in(twin, "13800005678"))
    mine = enter(phone=PHONE)
    again = enter(phone="13800005678", turn="2")
    assert again["person"]["id"] == mine["person"]["id"] != other["id"]
    assert again["person"]["phone"] == "138****1234"


def test_a_guest_becomes_whoever_signs_in(twin: Twin) -> None:
    answer = send(browser(), "guest?token=1", proof=proof())
    token = answer.json()["token"]
    assert answer.json()["person"]["guest"] is True
    found = enter(phone=PHONE, client=Client(headers={"Authorization": f"Bearer {token}"}))
    assert found["person"]["guest"] is False
    assert by(token).get(f"{API}/me").status_code == 401
    assert how_many() == 1


def test_nobody_elses_account_is_taken_in_as_if_it_were_a_guests(twin: Twin) -> None:
    first = enter("anna", phone=PHONE)
    enter("bert", client=by(first["token"]))
    assert by(first["token"]).get(f"{API}/me").status_code == 200
    assert how_many() == 2


def test_only_a_handful_of_tokens_is_kept(twin: Twin) -> None:
    tokens = [enter(turn=str(turn))["token"] for turn in range(7)]
    assert [by(one).get(f"{API}/me").status_code for one in tokens] == [401, 401, 200, 200, 200, 200, 200]


def test_signing_out_gives_up_this_token_alone(twin: Twin) -> None:
    first, second = enter(turn="1")["token"], enter(turn="2")["token"]
    assert by(first).post(f"{API}/sign-out").status_code == 204
    assert by(first).get(f"{API}/me").status_code == 401
    assert by(second).get(f"{API}/me").status_code == 200
    assert ApiToken.objects.count() == 1


def test_a_foreign_number_is_no_reason_to_refuse(twin: Twin) -> None:
    twin.fault("wechat.getuserphonenumber", "answer", {"errcode": 0, "phone_info": {"purePhoneNumber": "2025550123"}})
    assert enter(phone=PHONE)["person"]["phone"] == ""


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ({"errcode": 40226, "errmsg": "x"}, 403, "wechat.risky"),
        ({"errcode": 45011, "errmsg": "x"}, 429, "wechat.busy"),
        ({"errcode": 40013, "errmsg": "x"}, 502, "wechat.refused"),
    ],
)
def test_what_wechat_refuses_is_told_and_opens_nothing(twin: Twin, answer: Any, status: int, code: str) -> None:
    twin.fault("wechat.jscode2session", "answer", answer)
    found = send(browser(), "wechat", code="ok-anna-1")
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert how_many() == 0


def test_the_session_key_stays_here(twin: Twin) -> None:
    assert "session_key" not in str(enter())


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_same_account_entering_many_times_at_once_is_one(twin: Twin) -> None:
    from tests.together import at_once

    calls = [
        lambda turn=turn: citizens.sign_in_by_wechat(data={"code": f"ok-anna-{turn}"})[0].person_id for turn in range(6)
    ]
    assert len(set(at_once(*calls))) == 1
    assert how_many() == 1


def test_acceptances_are_counted_and_one_tells_by_wechat_first(twin: Twin) -> None:
    found = enter(phone=PHONE)
    client = by(found["token"])
    offered = client.get(f"{API}/me/wechat-subscriptions").json()["templates"]
    body = {"template": offered["report.answered"], "accepted": True}
    assert client.post(f"{API}/me/wechat-subscriptions", body, content_type="application/json").status_code == 204
    twin.post("/_wechat/accept", openid="o-anna", template_id=body["template"])
    person = found["person"]["id"]
    with scope.acting(SYSTEM):
        assert citizens.subscribed_openid(person, "report_answered") == "o-anna"
        ways = [
            citizens.tell(person=person, template="report.answered", facts={"number": "1", "words": "好"}) for _ in "12"
        ]
    assert [one.channel for one in ways if one] == ["wechat", "sms"]
    for one in ways:
        assert one
        assert outgoing.deliver(one.pk) == "sent"


def test_a_template_that_is_none_and_a_citizen_without_wechat_are_refused(twin: Twin) -> None:
    client = by(enter()["token"])
    body = {"template": "no-such", "accepted": True}
    assert client.post(f"{API}/me/wechat-subscriptions", body, content_type="application/json").status_code == 422
    web = sign_in(twin, "13800005678")
    assert send(web, "me/wechat-subscriptions", template="report.answered", accepted=True).status_code == 403
    with scope.acting(SYSTEM):
        assert not Acceptance.objects.exists()


def test_refusing_takes_acceptances_back(twin: Twin) -> None:
    client = by(enter()["token"])
    for accepted in (True, True, False):
        body = {"template": "report.answered", "accepted": accepted}
        client.post(f"{API}/me/wechat-subscriptions", body, content_type="application/json")
    with scope.acting(SYSTEM):
        assert not Acceptance.objects.exists()


def test_a_foreign_number_is_nobodys_here(twin: Twin) -> None:
    """+49 151 12345678 without its country code reads like a number of this country."""
    here = me(sign_in(twin, "15112345678"))
    stranger = enter("anna", phone="49 15112345678")
    assert stranger["person"]["id"] != here["id"]
    assert stranger["person"]["phone"] == ""
    assert how_many() == 2


@pytest.mark.parametrize("phone", ["13800001234", ""])
def test_what_wechat_refuses_goes_to_the_phone(twin: Twin, phone: str) -> None:
    """They stopped such messages in WeChat itself; our books still say that they accept them."""
    person = enter(phone=phone)["person"]["id"]
    (openid,) = openids()
    with scope.acting(SYSTEM):
        outgoing.accept(openid=openid, template="report.answered")
        told = citizens.tell(person=person, template="report.answered", facts={"number": "SB-1", "words": "已整改。"})
    assert told is not None
    assert told.channel == "wechat"
    assert outgoing.deliver(told.pk) == "lapsed"
    with scope.acting(SYSTEM):
        instead = Outgoing.objects.exclude(pk=told.pk)
        assert [(one.channel, one.to, one.facts["words"]) for one in instead] == (
            [("sms", phone, "已整改。")] if phone else []
        )
