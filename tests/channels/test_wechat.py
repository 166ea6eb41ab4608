"""The mini-program's server interface, against the twin over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from anlan.channels import wechat
from anlan.channels.http import NotSetUp, Outside, Unreachable
from anlan.channels.models import Lent
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Invalid
from tests.channels.twin import Twin

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_code_opens_a_session_once(twin: Twin) -> None:
    code = twin.post("/_wechat/login", openid="o-1")["code"]
    assert wechat.open_session(code).openid == "o-1"
    for again in (code, "no-such-code"):
        with pytest.raises(Invalid) as caught:
            wechat.open_session(again)
        assert caught.value.code == "wechat.bad_code"
        assert "code" in caught.value.fields


def test_a_phone_code_is_good_for_five_minutes_and_once(twin: Twin) -> None:
    code = twin.post("/_wechat/phone", phone="13800001234")["code"]
    assert wechat.phone_number(code) == "13800001234"
    with pytest.raises(Invalid):
        wechat.phone_number(code)
    late = twin.post("/_wechat/phone", phone="13800001234")["code"]
    twin.post("/_clock", seconds=301)
    with pytest.raises(Invalid):
        wechat.phone_number(late)


@pytest.mark.parametrize(
    ("errcode", "problem", "code"),
    [
        (40226, Forbidden, "wechat.risky"),
        (45011, wechat.Busy, "wechat.busy"),
        (-1, wechat.Busy, "wechat.busy"),
        (40013, wechat.Refused, "wechat.refused"),
    ],
)
def test_error_codes_are_problems(twin: Twin, errcode: int, problem: type[Exception], code: str) -> None:
    twin.fault("wechat.jscode2session", "answer", {"errcode": errcode, "errmsg": "x"})
    with pytest.raises(problem) as caught:
        wechat.open_session("ok-somebody-1")
    assert caught.value.code == code  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [[1], {"openid": 5}, "text"])
def test_strange_answers_are_trouble_and_not_ours(twin: Twin, answer: Any) -> None:
    twin.fault("wechat.jscode2session", "answer", answer)
    with pytest.raises(Outside):
        wechat.open_session("ok-somebody-1")


def test_without_a_set_up_it_says_what_is_missing(settings: Any) -> None:
    settings.ANLAN_WECHAT_URL, settings.ANLAN_WECHAT_APPID, settings.ANLAN_WECHAT_SECRET = "https://x", "", ""
    with pytest.raises(NotSetUp) as caught:
        wechat.open_session("x")
    assert caught.value.detail == (
        "WeChat is not set up on this platform. Its operator must set ANLAN_WECHAT_APPID, ANLAN_WECHAT_SECRET."
    )


def test_where_nobody_listens_is_unreachable(settings: Any, twin: Twin) -> None:
    settings.ANLAN_WECHAT_URL = "http://127.0.0.1:9"
    with pytest.raises(Unreachable):
        wechat.open_session("x")


def test_the_token_is_lent_once_and_renewed_before_it_ends(twin: Twin) -> None:
    first = wechat.access_token()
    assert wechat.access_token() == first
    assert len(twin.log("wechat.stable_token")) == 1
    with clock.at(clock.now() + timedelta(seconds=7200 - 200)):
        twin.post("/_clock", seconds=7201)
        assert wechat.access_token() != first


@pytest.mark.parametrize("errcode", [40001, 42001])
def test_a_stale_token_is_renewed_once(twin: Twin, errcode: int) -> None:
    first = wechat.access_token()
    twin.fault("wechat.msg_sec_check", "answer", {"errcode": errcode, "errmsg": "stale"})
    assert wechat.check_text("楼道堵塞", openid="o-1").suggest == "pass"
    assert wechat.access_token() != first
    twin.fault("wechat.msg_sec_check", "answer", {"errcode": errcode, "errmsg": "stale"}, times=2)
    with pytest.raises(wechat.Refused):
        wechat.check_text("楼道堵塞", openid="o-1")


def test_a_token_that_expired_there_is_renewed(twin: Twin) -> None:
    wechat.access_token()
    twin.post("/_clock", seconds=7201)
    assert wechat.check_text("楼道堵塞", openid="o-1").suggest == "pass"


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_many_who_need_a_token_at_once_fetch_one(twin: Twin) -> None:
    def ask(_number: int) -> str:
        try:
            return wechat.access_token()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(16)))
    assert len(found) == 1
    assert len(twin.log("wechat.stable_token")) == 1
    stale = found.pop()

    def renew(_number: int) -> str:
        try:
            return wechat.access_token(stale=stale)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(renew, range(16)))
    assert len(found) == 1
    assert len(twin.log("wechat.stable_token")) == 2
    assert Lent.objects.get().token == found.pop()


@pytest.mark.parametrize("words", ["pass", "review", "risky"])
def test_words_are_judged(twin: Twin, words: str) -> None:
    verdict = wechat.check_text(f"楼道堵塞 {words}", openid="o-1")
    assert verdict.suggest == words
    assert verdict.trace
