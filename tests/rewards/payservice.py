"""The paying service's twin in a process of its own thread, as `anlan sandbox` serves it."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from anlan.channels import pay
from anlan.channels.pay import Account, WeChatPayService
from anlan.channels.sandbox import pay_keys
from anlan.channels.sandbox.house import house

PATIENCE = 1.0
"""Seconds after which our side gives up; the twin's silences are longer."""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`anlan sandbox` as it is served, with fresh keys."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from anlan.channels.sandbox.app import app

    folder: Path = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANLAN_SANDBOX_KEYS", str(folder))
        pay_keys.keys.cache_clear()
        pay_keys.keys()
        port = _free_port()
        server = Server(
            app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False
        )
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield url
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10)
        pay_keys.keys.cache_clear()


def _wait(url: str) -> None:
    for _try in range(100):
        try:
            if httpx.get(f"{url}/_health", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError("the sandbox does not answer")


@pytest.fixture
def account(sandbox: str) -> Iterator[Account]:
    house.reset()
    yield replace(Account.of_sandbox(sandbox), timeout=PATIENCE)
    house.reset()


@pytest.fixture
def service(account: Account) -> WeChatPayService:
    return WeChatPayService(account)


@pytest.fixture
def served(service: WeChatPayService, monkeypatch: pytest.MonkeyPatch) -> WeChatPayService:
    """What the platform pays through."""
    monkeypatch.setattr(pay, "service", lambda: service)
    return service
