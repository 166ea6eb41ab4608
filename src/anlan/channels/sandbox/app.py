"""The sandbox's services under one roof. A service is a module with an ASGI `app`; one that is not there is left out."""

import asyncio
import signal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from anlan.channels.sandbox import control, pay
from anlan.channels.sandbox.plain import App, Receive, Send, asgi
from anlan.channels.sandbox.state import keep_in

MOUNTS = (
    ("/v3/", "pay"),
    ("/_pay/", "pay"),
    ("/sms/", "sms"),
    ("/_wechat/", "wechat"),
    ("/_", ""),
    ("/", "wechat"),
)
"""The first prefix that fits. `/_…` are doors that only the sandbox has."""


def mounted() -> list[tuple[str, App]]:
    found: list[tuple[str, App]] = []
    for prefix, name in MOUNTS:
        module = f"anlan.channels.sandbox.{name}"
        if not name:
            found.append((prefix, asgi(control.handle)))
        elif find_spec(module):
            found.append((prefix, import_module(module).app))
    return found


def assemble() -> App:
    mounts = mounted()
    alone = asgi(control.handle)

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        path = scope.get("path", "/_health")
        served = next((one for prefix, one in mounts if path.startswith(prefix)), alone)
        await served(scope, receive, send)

    return app


app = assemble()


def serve(*, host: str, port: int, state: Path | None = None) -> None:
    """
    Until told to stop. One process and one loop: the sandbox's memory is the process's, and `state`'s where a file is given.

    Raises state.Unreadable.
    """
    if state is not None:
        keep_in(state)
    asyncio.run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(app, address=host, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    pay.start()  # bills of an earlier run go on, and their callbacks are sent, before anybody asks
    await server.serve()
