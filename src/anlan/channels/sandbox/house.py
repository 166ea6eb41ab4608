"""What the services of the sandbox share: the time, what was asked of them, and the faults they were told to show."""

import asyncio
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from anlan.channels.sandbox.plain import Answer, Call, Handler, said

KEPT = 2000


@dataclass(kw_only=True)
class Fault:
    """
    `where`: a service's door, such as `sms.send`. `how`: `status` or `answer` (instead of doing it), `silent` (no answer for
    `value` seconds, nothing done), `after` (done, but no answer for `value` seconds).
    """

    where: str
    how: str
    value: Any = None
    times: int = 1


HOWS = ("status", "answer", "silent", "after")


@dataclass
class House:
    seconds: float = 0.0
    """How far the sandbox's clock is moved ahead of ours."""
    callback: str = field(default_factory=lambda: os.environ.get("ANLAN_SANDBOX_CALLBACK", ""))
    """Where the platform listens."""
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    resets: list[Callable[[], None]] = field(default_factory=list)
    """What the services forget when the sandbox begins anew."""
    keeps: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = field(default_factory=dict)
    """What of a service survives a restart: how it is written as JSON, and how it is taken up again."""
    saves: list[Callable[[], None]] = field(default_factory=list)
    """Called when something changed without anybody having asked."""

    def now(self) -> float:
        return time.time() + self.seconds

    def note(self, where: str, **facts: Any) -> None:
        """Write down what happened; the visible log shows it."""
        self.count += 1
        self.log.append({"n": self.count, "at": self.now(), "where": where, **facts})

    def fault(self, where: str) -> Fault | None:
        """The next fault for a door, used up by one."""
        found = next((one for one in self.faults if one.where == where), None)
        if found is not None:
            found.times -= 1
            if found.times <= 0:
                self.faults.remove(found)
        return found

    def save(self) -> None:
        for do in self.saves:
            do()

    def reset(self) -> None:
        self.seconds, self.count = 0.0, 0
        self.log.clear()
        self.faults.clear()
        for forget in self.resets:
            forget()


house = House()


def _take_up(kept: dict[str, Any]) -> None:
    house.seconds, house.count = float(kept["seconds"]), int(kept["count"])


house.keeps["house"] = (lambda: {"seconds": house.seconds, "count": house.count}, _take_up)


def door(where: str) -> Callable[[Handler], Handler]:
    """A service's operation, with the faults it is told to show."""

    def wrap(handle: Handler) -> Handler:
        async def open_(call: Call) -> Answer:
            fault = house.fault(where)
            if fault is None:
                return await handle(call)
            house.note(where, fault=fault.how, value=fault.value)
            return await _faulty(fault, lambda: handle(call))

        return open_

    return wrap


async def _faulty(fault: Fault, do: Callable[[], Awaitable[Answer]]) -> Answer:
    if fault.how == "answer":
        return said(fault.value)
    if fault.how in ("silent", "after"):
        if fault.how == "after":
            await do()
        await asyncio.sleep(float(fault.value or 30))
        return Answer(status=504)
    return Answer(status=int(fault.value or 500))
