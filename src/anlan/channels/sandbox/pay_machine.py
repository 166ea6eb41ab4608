"""
The twin of transfer-bills as a machine: bills, a balance, callbacks that are due. No network, no keys, its own clock.

`pay.py` puts it behind HTTP with real signatures; tests drive it directly.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENDED = frozenset({"SUCCESS", "FAIL", "CANCELLED"})
UNCONFIRMED = timedelta(hours=24)
LARGEST_FEN = 20_000_00 * 100
NAMED_FROM_FEN = 200_000
RETRIES = tuple(timedelta(seconds=one) for one in (15, 30, 180, 600, 1200, 1800, 3600, 10800, 21600, 36000))
"""Between two callbacks of the same event, over about a day [K]."""


class Fault(Exception):
    """An error answer: HTTP status, code, words."""

    def __init__(self, status: int, code: str, words: str = "") -> None:
        self.status, self.code, self.words = status, code, words
        super().__init__(f"{status} {code}")


@dataclass(kw_only=True)
class Bill:
    number: str
    transfer: str
    openid: str
    fen: int
    remark: str
    asked: dict[str, Any]
    state: str
    notify_url: str
    made_at: datetime
    changed_at: datetime
    reason: str = ""
    package: str = ""

    def told(self) -> dict[str, Any]:
        found = {
            "out_bill_no": self.number,
            "transfer_bill_no": self.transfer,
            "state": self.state,
            "transfer_amount": self.fen,
            "openid": self.openid,
            "create_time": _moment(self.made_at),
            "update_time": _moment(self.changed_at),
        }
        if self.reason:
            found["fail_reason"] = self.reason
        if self.state == "WAIT_USER_CONFIRM":
            found["package_info"] = self.package
        return found


@dataclass(kw_only=True)
class Event:
    """A callback that waits to be delivered; its id stays the same however often it is sent."""

    id: str
    bill: dict[str, Any]
    url: str
    due: datetime
    tries: int = 0


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}


def _moments(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return facts | {name: datetime.fromisoformat(facts[name]) for name in names}


@dataclass
class Machine:
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    balance_fen: int = 100_000_000
    slow: bool = False
    """A bill then begins as accepted and goes on when it is asked about or as time passes."""
    confirms: bool = False
    """The payee confirms at once: for a demo without a phone that could."""
    bills: dict[str, Bill] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    paid: list[tuple[datetime, str, int]] = field(default_factory=list)
    count: int = 0

    def reset(self) -> None:
        self.balance_fen, self.slow, self.confirms, self.count = 100_000_000, False, False, 0
        self.bills.clear()
        self.events.clear()
        self.paid.clear()

    def kept(self) -> dict[str, Any]:
        """As JSON, for a restart."""
        return {
            "balance_fen": self.balance_fen,
            "slow": self.slow,
            "confirms": self.confirms,
            "count": self.count,
            "bills": [_plain(vars(bill)) for bill in self.bills.values()],
            "events": [_plain(vars(event)) for event in self.events],
            "paid": [[at.isoformat(), number, fen] for at, number, fen in self.paid],
        }

    def take_up(self, kept: dict[str, Any]) -> None:
        """What `kept` gave, in place of what is here."""
        self.reset()
        for name in ("balance_fen", "slow", "confirms", "count"):
            setattr(self, name, kept[name])
        for bill in kept["bills"]:
            self.bills[bill["number"]] = Bill(**_moments(bill, "made_at", "changed_at"))
        self.events.extend(Event(**_moments(event, "due")) for event in kept["events"])
        self.paid.extend((datetime.fromisoformat(at), number, fen) for at, number, fen in kept["paid"])

    def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        number = str(asked.get("out_bill_no", ""))
        _check(asked, number)
        known = self.bills.get(number)
        if known is not None:
            if known.asked != asked:
                raise Fault(400, "ALREADY_EXISTS", "商户单号已存在，参数不一致")
            return known.told()
        fen = asked["transfer_amount"]
        if fen > self.balance_fen:
            raise Fault(403, "NOT_ENOUGH", "资金不足")
        self.balance_fen -= fen
        self.count += 1
        moment = self.now()
        bill = Bill(
            number=number,
            transfer=f"{1330000071100999991182020050700000000000 + self.count}",
            openid=str(asked["openid"]),
            fen=fen,
            remark=str(asked["transfer_remark"]),
            asked=dict(asked),
            state="ACCEPTED",
            notify_url=str(asked.get("notify_url", "")),
            made_at=moment,
            changed_at=moment,
        )
        self.bills[number] = bill
        if not self.slow:
            self._go_on(bill)
            self._go_on(bill)
        return bill.told()

    def query(self, number: str) -> dict[str, Any]:
        bill = self._bill(number)
        answer = bill.told()
        if bill.state in ("ACCEPTED", "PROCESSING"):
            self._go_on(bill)
        return answer

    def cancel(self, number: str) -> dict[str, Any]:
        bill = self._bill(number)
        if bill.state in ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"):
            self._be(bill, "CANCELING")
        elif bill.state not in ("CANCELING", "CANCELLED"):
            raise Fault(400, "INVALID_REQUEST", "单据状态不支持撤销")
        return {key: value for key, value in bill.told().items() if key != "package_info"}

    def confirm(self, number: str) -> None:
        """The payee presses the button on the phone."""
        bill = self._bill(number)
        if bill.state != "WAIT_USER_CONFIRM":
            raise Fault(400, "INVALID_REQUEST", "单据状态不支持确认")
        self._be(bill, "TRANSFERING")

    def fail(self, number: str, reason: str) -> None:
        """The transfer does not come off: the payee's account takes no money."""
        bill = self._bill(number)
        if bill.state not in ENDED:
            self._end(bill, "FAIL", reason)

    def tick(self) -> None:
        """What goes on by itself."""
        for bill in list(self.bills.values()):
            match bill.state:
                case "ACCEPTED" | "PROCESSING":
                    self._go_on(bill)
                case "TRANSFERING":
                    self._end(bill, "SUCCESS")
                case "CANCELING":
                    self._end(bill, "CANCELLED")
                case "WAIT_USER_CONFIRM" if self.now() - bill.changed_at >= UNCONFIRMED:
                    self._end(bill, "FAIL", "OVERDUE_CLOSE")

    def statement(self, day: date) -> list[tuple[datetime, str, int]]:
        return [row for row in self.paid if row[0].astimezone(SHANGHAI).date() == day]

    def due(self) -> list[Event]:
        return [event for event in self.events if event.due <= self.now()]

    def delivered(self, event: Event, *, taken: bool) -> None:
        """Whether the callback was answered well; else it comes again."""
        if taken or event.tries >= len(RETRIES):
            if event in self.events:
                self.events.remove(event)
            return
        event.due = self.now() + RETRIES[event.tries]
        event.tries += 1

    def _bill(self, number: str) -> Bill:
        try:
            return self.bills[number]
        except KeyError:
            raise Fault(404, "NOT_FOUND", "记录不存在") from None

    def _be(self, bill: Bill, state: str) -> None:
        bill.state, bill.changed_at = state, self.now()

    def _go_on(self, bill: Bill) -> None:
        if bill.state == "ACCEPTED":
            self._be(bill, "PROCESSING")
        elif bill.state == "PROCESSING":
            bill.package = f"affffddafdfafddffda==:{bill.transfer}"
            self._be(bill, "WAIT_USER_CONFIRM")
            if self.confirms:
                self._be(bill, "TRANSFERING")

    def _end(self, bill: Bill, state: str, reason: str = "") -> None:
        bill.reason = reason
        self._be(bill, state)
        if state == "SUCCESS":
            self.paid.append((bill.changed_at, bill.number, bill.fen))
        else:
            self.balance_fen += bill.fen
        if bill.notify_url:
            self.events.append(Event(id=f"EV-{bill.transfer}", bill=bill.told(), url=bill.notify_url, due=self.now()))


def _check(asked: dict[str, Any], number: str) -> None:
    if not (number.isascii() and number.isalnum() and 1 <= len(number) <= 32):
        raise Fault(400, "PARAM_ERROR", "out_bill_no")
    fen = asked.get("transfer_amount")
    if type(fen) is not int or not 0 < fen <= LARGEST_FEN:
        raise Fault(400, "PARAM_ERROR", "transfer_amount")
    if asked.get("transfer_scene_id") != "1002":
        raise Fault(400, "INVALID_REQUEST", "转账场景未开通")
    if asked.get("user_recv_perception") not in ("行政补贴", "行政奖励", None):
        raise Fault(400, "PARAM_ERROR", "user_recv_perception")
    infos = asked.get("transfer_scene_report_infos")
    if not isinstance(infos, list) or [one.get("info_type") for one in infos] != ["补贴类型"]:
        raise Fault(400, "PARAM_ERROR", "transfer_scene_report_infos")
    if not 0 < len(str(infos[0].get("info_content", ""))) <= 32:
        raise Fault(400, "PARAM_ERROR", "info_content")
    if not 0 < len(str(asked.get("transfer_remark", ""))) <= 32:
        raise Fault(400, "PARAM_ERROR", "transfer_remark")
    if not asked.get("openid"):
        raise Fault(400, "PARAM_ERROR", "openid")
    if fen >= NAMED_FROM_FEN and not asked.get("user_name"):
        raise Fault(400, "PARAM_ERROR", "user_name")
    if "?" in str(asked.get("notify_url", "")):
        raise Fault(400, "PARAM_ERROR", "notify_url")
