"""A world in which everything that can go wrong with a payment does, by chance and yet the same for a seed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from anlan.channels.pay import Order, Refused, Told, Unclear, told
from anlan.channels.sandbox.pay_machine import Event, Machine
from anlan.rewards import billing
from anlan.rewards.billing import Held, Verdict
from tests.rewards.conftest import Direct

BEGIN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
IN_FLIGHT = timedelta(minutes=45)
"""A request that was sent arrives within this time or never; the books wait longer (`billing.LANDED`)."""
FINAL = ("PARAM_ERROR", "INVALID_REQUEST")
PASSING = ("FREQUENCY_LIMITED", "SIGN_ERROR", "NO_AUTH")


@dataclass
class Time:
    at: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.at


class Troubled(Direct):
    """The service as it is met: silent, late, busy, contradicting what it said a moment ago by saying it again."""

    def __init__(self, machine: Machine, rng: Random, time: Callable[[], datetime]) -> None:
        super().__init__(machine)
        self.rng, self.time = rng, time
        self.flying: list[tuple[datetime, Order]] = []
        self.said: dict[str, list[Told]] = {}
        self.beside: Callable[[str], None] | None = None
        """What another worker does at the same moment."""
        self.calm = False

    def create(self, order: Order) -> Told:
        self._beside(order.number)
        roll = 1.0 if self.calm else self.rng.random()
        if roll < 0.10:
            raise Unclear("never sent")
        if roll < 0.22:
            self.create_quietly(order)
            raise Unclear("done, and no answer")
        if roll < 0.34:
            self.flying.append((self.time(), order))
            raise Unclear("under way")
        if roll < 0.42:
            raise Refused(self.rng.choice(FINAL), "by chance")
        if roll < 0.50:
            raise Refused(self.rng.choice(PASSING), "by chance")
        found = super().create(order)
        self._beside(order.number)
        return self._kept(found)

    def query(self, number: str) -> Told | None:
        """Refused in ways that `WeChatPayService` would call unclear: the rules must not lean on that."""
        roll = 1.0 if self.calm else self.rng.random()
        if roll < 0.15:
            raise Unclear("no answer")
        if roll < 0.22:
            raise Refused(self.rng.choice((*FINAL, *PASSING, "QUERY_LIMIT")), "a question that is not answered")
        if roll < 0.32 and self.said.get(number):
            return self.rng.choice(self.said[number])  # an answer that was long on its way
        found = super().query(number)
        return self._kept(found) if found else None

    def land(self) -> None:
        """Requests that were under way arrive, or are lost for good."""
        for sent, order in list(self.flying):
            if self.time() - sent > IN_FLIGHT:
                self.flying.remove((sent, order))
            elif self.rng.random() < 0.5:
                self.flying.remove((sent, order))
                self.create_quietly(order)

    def create_quietly(self, order: Order) -> None:
        with suppress(Refused):
            Direct.create(self, order)

    def _kept(self, found: Told) -> Told:
        self.said.setdefault(found.number, []).append(found)
        return found

    def _beside(self, number: str) -> None:
        if self.beside and not self.calm and self.rng.random() < 0.1:
            beside, self.beside = self.beside, None
            beside(number)
            self.beside = beside


@dataclass
class Line:
    """A bill in memory."""

    number: str
    reward: int
    fen: int
    state: str = billing.NEW
    attempts: int = 0
    unclear: int = 0
    unclear_at: datetime | None = None
    stopped: bool = False


@dataclass
class Memory:
    """`billing.Books` in memory: the same rules with nothing but dictionaries."""

    time: Callable[[], datetime]
    amounts: dict[int, int]
    states: dict[int, str] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)
    alarms: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.states = dict.fromkeys(self.amounts, "claimable")

    def now(self) -> datetime:
        return self.time()

    def claim(self, reward: int) -> str | None:
        if self.states[reward] != "claimable" or any(
            self.lines[number].reward == reward for number, _why in self.alarms
        ):
            return None
        assert not self.open(reward), "a second bill while one is open"
        number = f"R{reward}N{len(self.lines)}"
        self.lines[number] = Line(number=number, reward=reward, fen=self.amounts[reward])
        self.states[reward] = "paying"
        return number

    def lapse(self, reward: int) -> None:
        if self.states[reward] == "claimable":
            self.states[reward] = "lapsed"

    def open(self, reward: int) -> list[Line]:
        return [one for one in self.lines.values() if one.reward == reward and one.state not in billing.ENDED]

    def take_up(self, number: str) -> tuple[Held, Order] | None:
        line = self.lines[number]
        if line.state in billing.ENDED:
            return None
        held = self._held(line)
        if line.state == billing.NEW and not line.stopped:
            line.attempts, line.unclear, line.unclear_at = line.attempts + 1, line.unclear + 1, self.time()
        return held, Order(number=number, openid=f"o{line.reward}", fen=line.fen, remark="奖励", content="举报奖励")

    def hear(self, number: str, told: Told, source: str, notice: str | None = None) -> Verdict | None:
        line = self.lines[number]
        if notice is not None and notice in self.heard:
            return None
        if notice is not None:
            self.heard.add(notice)
        verdict = billing.judge(self._held(line), told)
        if verdict in ("conflict", "amount"):
            self.alarms.append((number, verdict))
        elif verdict == "ended":
            self._end(line, told.state)
        elif verdict == "forward":
            line.state, line.unclear, line.unclear_at = told.state, 0, None
        return verdict

    def refused(self, before: Held, refusal: Refused) -> None:
        line = self.lines[before.number]
        if line.state in billing.ENDED:
            return
        if line.state == billing.NEW:
            line.unclear, line.unclear_at = billing.after_refusal(before, self._held(line), refusal)
        if billing.ends(self._held(line), refusal, self.time()):
            self._end(line, "FAIL")

    def stop(self, number: str) -> None:
        self.lines[number].stopped = True

    def dropped(self, number: str) -> None:
        line = self.lines[number]
        if line.stopped and billing.drops(self._held(line), self.time()):
            self._end(line, "CANCELLED")

    def silent(self, number: str, words: str) -> None:
        pass

    def lost(self, number: str) -> None:
        self.alarms.append((number, "lost"))

    def _end(self, line: Line, state: str) -> None:
        line.state, line.unclear, line.unclear_at = state, 0, None
        assert self.states[line.reward] == "paying"
        self.states[line.reward] = "paid" if state == "SUCCESS" else "claimable"

    def _held(self, line: Line) -> Held:
        return Held(
            number=line.number, state=line.state, fen=line.fen, attempts=line.attempts, unclear=line.unclear,
            unclear_at=line.unclear_at, stopped=line.stopped,
        )  # fmt: skip


def heard_of(event: Event) -> Told:
    return told(event.bill)
