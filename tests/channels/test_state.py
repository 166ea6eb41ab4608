"""The sandbox over a restart: with a file it forgets no bill, no message and no code; without one it begins anew."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from anlan.channels.pay import Account, Order, WeChatPayService
from anlan.channels.sandbox import pay_keys
from anlan.channels.sandbox.pay_machine import Machine
from tests.channels.twin import PATIENCE

Start = Callable[..., "Run"]


class Run:
    def __init__(self, folder: Path, *more: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anlan.site.cli", "sandbox", "--port", str(port), *more],
            env=dict(os.environ) | {"ANLAN_MODE": "test", "ANLAN_SANDBOX_KEYS": str(folder / "keys")},
        )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, "it did not start"
            assert time.monotonic() < end, "it does not answer"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/_health", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def die(self) -> None:
        """Without a word: as a machine that loses its power."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def own(self, path: str, **body: Any) -> Any:
        return httpx.post(f"{self.url}{path}", json=body, trust_env=False).json()


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setenv("ANLAN_SANDBOX_KEYS", str(tmp_path / "keys"))
    pay_keys.keys.cache_clear()
    pay_keys.keys()
    runs: list[Run] = []

    def begin(*more: str) -> Run:
        runs.append(Run(tmp_path, *more))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.die()
    pay_keys.keys.cache_clear()


def service(run: Run) -> WeChatPayService:
    return WeChatPayService(replace(Account.of_sandbox(run.url), timeout=5))


ORDER = Order(number="AL0001", openid="o-1", fen=30_000, remark="举报奖励", content="安全生产举报奖励")


def test_a_bill_outlives_a_sudden_end(start: Start, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "deep" / "state.json"))
    first = start(*state)
    told = service(first).create(ORDER)
    code = first.own("/_wechat/login", openid="o-9")["code"]
    first.die()
    second = start(*state)
    asked = service(second).query(ORDER.number)
    assert asked is not None
    assert (asked.state, asked.transfer) == ("WAIT_USER_CONFIRM", told.transfer)
    query = {"appid": "wxsandbox0000000000", "secret": "sandbox-wechat-secret", "js_code": code}
    opened = httpx.get(f"{second.url}/sns/jscode2session", params=query, trust_env=False).json()
    assert opened["openid"] == "o-9"
    second.own(f"/_pay/bills/{ORDER.number}/confirm")
    second.own("/_pay/tick")
    second.die()
    third = start(*state)
    ended = service(third).query(ORDER.number)
    assert ended is not None
    assert ended.state == "SUCCESS"
    again = httpx.get(f"{third.url}/sns/jscode2session", params=query, trust_env=False).json()
    assert again["errcode"] == 40029  # good once, also over a restart
    assert (tmp_path / "deep" / "state.json").stat().st_mode & 0o777 == 0o600


def test_without_a_file_it_begins_anew(start: Start) -> None:
    first = start()
    service(first).create(ORDER)
    first.die()
    assert service(start()).query(ORDER.number) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pay": {"bills": 3}}'])
def test_a_file_that_is_none_of_its_own_is_not_overwritten(tmp_path: Path, text: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "anlan.site.cli", "sandbox", "--port", "0", "--state", str(state)],
        env=dict(os.environ) | {"ANLAN_MODE": "test"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "state.json" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert state.read_text() == text


def test_what_a_machine_keeps_is_what_another_takes_up() -> None:
    moment = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    one = Machine(now=lambda: moment, balance_fen=100_000, confirms=True)
    for number in ("A1", "A2"):
        one.create(
            {"out_bill_no": number, "openid": "o", "transfer_amount": 30_000, "transfer_remark": "奖励",
             "transfer_scene_id": "1002", "notify_url": "https://platform.test/notices",
             "transfer_scene_report_infos": [{"info_type": "补贴类型", "info_content": "奖励"}]}
        )  # fmt: skip
    one.tick()
    one.delivered(one.events[0], taken=False)
    other = Machine(now=lambda: moment + timedelta(hours=1))
    other.take_up(json.loads(json.dumps(one.kept())))
    assert other.kept() == one.kept()
    assert other.bills["A1"].state == "SUCCESS"
    assert other.balance_fen == 40_000
    assert [event.tries for event in other.due()] == [0, 1] or [event.tries for event in other.due()] == [1, 0]
    assert other.statement(moment.date()) == one.statement(moment.date())
