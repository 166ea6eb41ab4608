"""Just enough of ASGI for a few JSON services."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
LARGEST = 2_000_000
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Call:
    method: str
    path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; anything else is an empty one, which every service refuses by itself."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(kw_only=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Awaitable[Answer]]
before_answers: list[Callable[[], None]] = []
"""What is done between a deed and its answer."""


def said(value: Any, status: int = 200) -> Answer:
    """An answer in JSON."""
    return Answer(status=status, body=json.dumps(value, ensure_ascii=False).encode(), headers={"Content-Type": JSON})


def asgi(handle: Handler) -> App:
    """A handler as an ASGI app."""

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        call = Call(
            method=scope["method"],
            path=scope["path"],
            raw_query=scope.get("query_string", b"").decode(),
            headers={name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=await _read(receive),
        )
        answer = await handle(call)
        for do in before_answers:
            do()
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    return app


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while sum(map(len, parts)) <= LARGEST:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    return b"".join(parts)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


_tasks: set[asyncio.Task[None]] = set()


def later(work: Awaitable[None]) -> None:
    """Let something happen after the answer: a callback."""

    async def run() -> None:
        await work

    task = asyncio.get_running_loop().create_task(run())
    _tasks.add(task)  # the loop itself holds its tasks only weakly
    task.add_done_callback(_tasks.discard)
