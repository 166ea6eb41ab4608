"""The sandbox as a process of its own, asked over real HTTP; each test begins with an empty one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from anlan.channels import http

APPID = "wxsandbox0000000000"
PUSH_KEY = "tGiEtMoPxw4FZyRzTmV2ButEVz8D08NzCs726fDG9tY"
PATIENCE = 30.0


@dataclass
class Twin:
    url: str

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        found: dict[str, Any] = httpx.post(f"{self.url}{path}", json=body, trust_env=False).json()
        return found

    def log(self, where: str = "") -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/_log", params={"where": where}, trust_env=False)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def fault(self, where: str, how: str, value: Any = None, times: int = 1) -> None:
        self.post("/_faults", where=where, how=how, value=value, times=times)

    def texts(self) -> list[str]:
        """Text messages that arrived, oldest first."""
        return [one["text"] for one in self.log("sms.sent")]

    def waits_for(self, found: Callable[[], Any]) -> Any:
        """What is there sooner or later."""
        end = time.monotonic() + PATIENCE
        while not (one := found()):
            assert time.monotonic() < end, "it never came"
            time.sleep(0.05)
        return one


@pytest.fixture(scope="session")
def twin_process() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "anlan.site.cli", "sandbox", "--port", str(port)],
        env=dict(os.environ) | {"ANLAN_MODE": "test"},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"{url}/_health", trust_env=False)
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the sandbox did not start"
                assert time.monotonic() < end, "the sandbox does not answer"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def twin(twin_process: str, settings: Any) -> Iterator[Twin]:
    settings.ANLAN_SANDBOX_URL = settings.ANLAN_WECHAT_URL = settings.ANLAN_SMS_URL = twin_process
    settings.ANLAN_WECHAT_APPID, settings.ANLAN_WECHAT_SECRET = APPID, "sandbox-wechat-secret"
    settings.ANLAN_WECHAT_PUSH_TOKEN, settings.ANLAN_WECHAT_PUSH_KEY = "sandbox-push-token", PUSH_KEY
    settings.ANLAN_SMS_KEY, settings.ANLAN_SMS_SECRET = "sandbox", "sandbox-sms-secret"
    found = Twin(twin_process)
    found.post("/_reset")
    yield found
    http.close()
