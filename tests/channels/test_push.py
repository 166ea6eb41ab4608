"""What WeChat pushes to us: heard when it is signed, sealed and young, and from nobody else."""

import base64
import json
import os
import secrets
from hashlib import sha1, sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client

from anlan.channels import wechat
from anlan.channels.events import MediaChecked
from anlan.files.actions import store
from anlan.kernel import clock, events
from tests.channels.twin import APPID, PUSH_KEY, Twin

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HERE, TOKEN = "/callbacks/wechat/", "sandbox-push-token"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[MediaChecked]:
    found: list[MediaChecked] = []
    monkeypatch.setitem(events._hearers, MediaChecked, [found.append])
    return found


def sign(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def seal(text: str, *, appid: str = APPID, key: str = PUSH_KEY) -> str:
    raw_key = base64.b64decode(key + "=")
    raw = os.urandom(16) + len(text.encode()).to_bytes(4, "big") + text.encode() + appid.encode()
    pad = 32 - len(raw) % 32
    lock = Cipher(algorithms.AES(raw_key), modes.CBC(raw_key[:16])).encryptor()
    return base64.b64encode(lock.update(raw + bytes([pad]) * pad) + lock.finalize()).decode()


def deliver(sealed: str, *, at: int | None = None, token: str = TOKEN) -> Any:
    moment, nonce = str(at or int(clock.now().timestamp())), secrets.token_hex(4)
    query = f"timestamp={moment}&nonce={nonce}&msg_signature={sign(token, moment, nonce, sealed)}"
    return Client().post(f"{HERE}?{query}", json.dumps({"Encrypt": sealed}), content_type="application/json")


def event(trace: str = "t1", suggest: str = "risky") -> str:
    return json.dumps(
        {"Event": "wxa_media_check", "trace_id": trace, "errcode": 0, "result": {"suggest": suggest, "label": 20006}}
    )


def test_the_greeting_is_answered_only_when_it_is_signed(twin: Twin) -> None:
    good = f"signature={sign(TOKEN, '1', 'n')}&timestamp=1&nonce=n&echostr=hello"
    answer = Client().get(f"{HERE}?{good}")
    assert (answer.status_code, answer.content) == (200, b"hello")
    assert answer["Content-Type"].startswith("text/plain")
    assert Client().get(f"{HERE}?signature=0&timestamp=1&nonce=n&echostr=hello").status_code == 403


def test_a_result_is_handed_to_the_rooms(twin: Twin, heard: list[MediaChecked]) -> None:
    assert deliver(seal(event())).content == b"success"
    assert [(one.verdict.trace, one.verdict.suggest, one.verdict.label) for one in heard] == [("t1", "risky", "20006")]


def test_a_check_that_failed_there_waits_for_a_person(twin: Twin, heard: list[MediaChecked]) -> None:
    deliver(seal(json.dumps({"Event": "wxa_media_check", "trace_id": "t2", "errcode": -1008})))
    assert heard[0].verdict.suggest == "review"


def test_other_events_are_taken_and_do_nothing(twin: Twin, heard: list[MediaChecked]) -> None:
    assert deliver(seal(json.dumps({"Event": "subscribe_msg_popup_event"}))).status_code == 200
    assert heard == []


@pytest.mark.parametrize(
    "sealed",
    [
        seal(event(), appid="wxsomebodyelse"),
        seal(event(), key=base64.b64encode(b"k" * 32).decode().rstrip("=")),
        "not base64!",
        base64.b64encode(b"short").decode(),
        "",
    ],
)
def test_what_is_sealed_otherwise_is_refused(twin: Twin, heard: list[MediaChecked], sealed: str) -> None:
    assert deliver(sealed).status_code == 403
    assert heard == []


def test_an_old_a_forged_and_a_plain_one_are_refused(twin: Twin, heard: list[MediaChecked]) -> None:
    now = int(clock.now().timestamp())
    assert deliver(seal(event()), at=now - 3600).status_code == 403
    assert deliver(seal(event()), token="guessed").status_code == 403
    plain = f"signature={sign(TOKEN, str(now), 'n')}&timestamp={now}&nonce=n"
    assert Client().post(f"{HERE}?{plain}", event(), content_type="application/json").status_code == 403
    assert heard == []


def test_without_the_key_nothing_is_taken(twin: Twin, settings: Any) -> None:
    settings.ANLAN_WECHAT_PUSH_KEY = ""
    assert deliver(seal(event())).status_code == 409


@pytest.mark.parametrize("stamp", ["9" * 400, "\uff11\uff12", "-1", "1e9", ""])
def test_a_time_that_is_none_is_refused_and_breaks_nothing(twin: Twin, stamp: str) -> None:
    answer = Client().post(
        HERE, json.dumps({"Encrypt": "x"}), content_type="application/json", query_params={"timestamp": stamp}
    )
    assert answer.status_code == 403


def test_a_body_of_brackets_is_refused_and_breaks_nothing(twin: Twin) -> None:
    now = int(clock.now().timestamp())
    for body in ("[" * 99_000, '{"Encrypt":' * 9_000, "null", '"Encrypt"'):
        assert Client().post(f"{HERE}?timestamp={now}", body, content_type="application/json").status_code == 403


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_twin_fetches_a_picture_and_tells_us(twin: Twin, heard: list[MediaChecked], live_server: Any) -> None:
    from anlan.files.lending import lend
    from anlan.files.models import File
    from tests.factories import picture

    twin.post("/_callback", url=live_server.url)
    photo = picture()
    url = live_server.url + lend(File(display_sha256=store().put(photo)))
    twin.post("/_wechat/verdicts", suggest=["pass", "review", "risky"])
    traces = []
    for number in range(3):
        traces.append(wechat.check_media(url, openid="o-1"))
        twin.waits_for(lambda n=number: len(heard) > n)
    assert [(one.verdict.trace, one.verdict.suggest) for one in heard] == list(
        zip(traces, ("pass", "review", "risky"), strict=True)
    )
    assert {one["sha256"] for one in twin.log("wechat.media") if "sha256" in one} == {sha256(photo).hexdigest()}
    gone = wechat.check_media(f"{live_server.url}/files/lent/nothing~here.jpg", openid="o-1")
    twin.waits_for(lambda: len(heard) == 4)
    assert (heard[3].verdict.trace, heard[3].verdict.suggest) == (gone, "review")
    twin.fault("wechat.push", "answer", True)
    wechat.check_media(url, openid="o-1")
    assert twin.waits_for(lambda: [one for one in twin.log("wechat.push") if one.get("status") == 403])
    assert len(heard) == 4
