"""
Paying a citizen through WeChat Pay (商家转账, transfer-bills): what is asked, what is answered, and what nobody knows.

The room that pays knows `Service` alone; `WeChatPayService` speaks to the real service or to its twin in
`channels/sandbox`, whichever the address names.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha1
from pathlib import Path
from typing import Any, Protocol

import requests
import structlog
from django.conf import settings
from wechatpayv3 import WeChatPay, WeChatPayType

from anlan.kernel import clock

log = structlog.get_logger(__name__)

SCENE = "1002"
"""行政补贴: the scene for administrative rewards; it must be granted to the merchant."""
PERCEPTION = "行政奖励"
KIND = "补贴类型"
NAMED_FROM_FEN = 200_000
"""From this amount on the service wants the payee's real name."""
FRESH = timedelta(minutes=5)
"""How far a callback's time may lie from ours: a message that was caught and sent again is older."""
FINISHED = "MCHTRANSFER.BILL.FINISHED"
LATER = frozenset(
    {"NOT_ENOUGH", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "SIGN_ERROR", "NO_AUTH", "ACCOUNT_ERROR"}
)
"""Refusals that pass without anything being changed in the bill: it is sent again under its number."""
THERE = frozenset({"ALREADY_EXISTS"})
"""Refusals that say that the service has a bill of this number: whatever becomes of it, it is not refused."""
PACKED = b"\x1f\x8b"
SIGNATURE = "WECHATPAY2-SHA256-RSA2048"


class Unclear(Exception):
    """Nobody knows whether the request was carried out: no answer, a failure of the service, a signature that is not theirs."""


class Refused(Exception):
    """The service said no."""

    def __init__(self, code: str, words: str = "") -> None:
        self.code, self.words = code, words
        super().__init__(f"{code} {words}".strip())


class NotTheirs(Exception):
    """A callback that the service did not send, or did not send now."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """One transfer. `content` says in at most 32 characters what it is paid for."""

    number: str
    openid: str
    fen: int
    remark: str
    content: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the service says of a bill."""

    number: str
    state: str
    fen: int | None = None
    transfer: str = ""
    package: str = ""
    reason: str = ""
    at: datetime | None = None

    def kept(self) -> dict[str, Any]:
        """What may be written down: never whom it was paid to."""
        facts: dict[str, Any] = {"state": self.state, "fen": self.fen, "transfer": self.transfer, "reason": self.reason}
        return {key: value for key, value in facts.items() if value not in ("", None)}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A callback: its id is the same each time it is repeated."""

    id: str
    told: Told


@dataclass(frozen=True, kw_only=True)
class Paid:
    """One line of the service's list of a day."""

    number: str
    fen: int
    at: datetime


class Service(Protocol):
    def create(self, order: Order) -> Told: ...
    def query(self, number: str) -> Told | None: ...
    def cancel(self, number: str) -> None: ...
    def paid_on(self, day: date) -> list[Paid]: ...
    def read(self, headers: Mapping[str, str], body: bytes) -> Notice: ...


@dataclass(frozen=True, kw_only=True)
class Account:
    """The merchant's account, from the settings; in the demo the sandbox's."""

    url: str
    mchid: str
    appid: str
    serial: str
    private_key: str
    v3_key: str
    public_key: str
    public_key_id: str
    notify_url: str
    timeout: float = 8.0

    @classmethod
    def configured(cls) -> "Account | None":
        """None where no account is configured: rewards are then paid by voucher alone."""
        if settings.ANLAN_WECHAT_PAY_MCHID:
            return cls(
                url=settings.ANLAN_WECHAT_PAY_URL,
                mchid=settings.ANLAN_WECHAT_PAY_MCHID,
                appid=settings.ANLAN_WECHAT_APPID,
                serial=settings.ANLAN_WECHAT_PAY_CERT_SERIAL,
                private_key=_read(settings.ANLAN_WECHAT_PAY_KEY_FILE),
                v3_key=settings.ANLAN_WECHAT_PAY_V3_KEY,
                public_key=_read(settings.ANLAN_WECHAT_PAY_PUBLIC_KEY_FILE),
                public_key_id=settings.ANLAN_WECHAT_PAY_PUBLIC_KEY_ID,
                notify_url=settings.ANLAN_WECHAT_PAY_NOTIFY_URL,
            )
        return cls.of_sandbox(settings.ANLAN_SANDBOX_URL) if settings.ANLAN_SANDBOX_URL else None

    @classmethod
    def of_sandbox(cls, url: str) -> "Account":
        from anlan.channels.sandbox import pay_keys

        return cls(
            url=url,
            mchid=pay_keys.MCHID,
            appid=settings.ANLAN_WECHAT_APPID or "wxsandbox0000000000",
            serial=pay_keys.SERIAL,
            private_key=pay_keys.keys().merchant_pem,
            v3_key=pay_keys.V3_KEY,
            public_key=pay_keys.keys().platform_public_pem,
            public_key_id=pay_keys.PUBLIC_KEY_ID,
            notify_url=pay_keys.NOTIFY_URL,
        )


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


class WeChatPayService:
    """`wechatpayv3` behind the interface: its answers sorted into what is known, refused and unclear."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.pay = WeChatPay(
            wechatpay_type=WeChatPayType.MINIPROG,
            mchid=account.mchid,
            private_key=account.private_key,
            cert_serial_no=account.serial,
            appid=account.appid,
            apiv3_key=account.v3_key,
            notify_url=account.notify_url,
            public_key=account.public_key,
            public_key_id=account.public_key_id,
            timeout=account.timeout,
        )
        self.pay._core._gate_way = account.url.rstrip("/")  # noqa: SLF001 -- the library takes no address

    def create(self, order: Order) -> Told:
        found = self._asked(
            lambda: self.pay.mch_transfer_bills(
                out_bill_no=order.number,
                transfer_scene_id=SCENE,
                openid=order.openid,
                transfer_amount=order.fen,
                transfer_remark=order.remark,
                user_name=order.name if order.fen >= NAMED_FROM_FEN else None,
                user_recv_perception=PERCEPTION,
                transfer_scene_report_infos=[{"info_type": KIND, "info_content": order.content}],
            )
        )
        return told(found | {"out_bill_no": order.number})

    def query(self, number: str) -> Told | None:
        try:
            found = told(self._asked(lambda: self.pay.mch_transfer_bills_query(out_bill_no=number)))
        except Refused as refusal:
            if refusal.code == "NOT_FOUND":
                return None
            raise Unclear(str(refusal)) from None
        if found.number != number:
            raise Unclear("an answer about another bill")
        return found

    def cancel(self, number: str) -> None:
        self._asked(lambda: self.pay.mch_transfer_bills_cancel(out_bill_no=number))

    def paid_on(self, day: date) -> list[Paid]:
        """The day's statement of the account that transfers are paid from [K]: money going out, by our number."""
        found = self._asked(lambda: self.pay.fundflow_bill(day.isoformat(), account_type="OPERATION", tar_type="GZIP"))
        try:
            code, content = self.pay.download_bill(found["download_url"])
        except requests.RequestException as error:
            raise Unclear(type(error).__name__) from error
        if code != requests.codes.ok:
            raise Unclear(f"HTTP {code}")
        raw = content.encode() if isinstance(content, str) else content
        try:
            raw = gzip.decompress(raw) if raw.startswith(PACKED) else raw
            _check_hash(found, raw)
            return statement(raw.decode("utf-8-sig"))
        except (OSError, EOFError, zlib.error, ValueError, ArithmeticError, KeyError) as error:
            raise Unclear(f"a statement that cannot be read: {type(error).__name__}") from error

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A callback, its signature, time and cipher checked. Raises NotTheirs."""
        found = {name.lower(): value for name, value in headers.items()}
        if found.get("wechatpay-serial") != self.account.public_key_id:
            raise NotTheirs("another key")  # asked here: the library would fetch certificates for any serial
        if found.get("wechatpay-signature-type", SIGNATURE) != SIGNATURE:
            raise NotTheirs("another algorithm")
        check_fresh(found.get("wechatpay-timestamp", ""))
        try:
            data = self.pay.callback({"wechatpay-signature-type": SIGNATURE, **found}, body)
        except Exception as error:
            raise NotTheirs("unreadable") from error
        if not data:
            raise NotTheirs("signature or cipher")
        if data.get("event_type") != FINISHED:
            raise NotTheirs("another event")
        return Notice(id=str(data["id"])[:64], told=told(data["resource"]))

    def _asked(self, call: Any) -> dict[str, Any]:
        try:
            code, text = call()
        except requests.RequestException as error:
            raise Unclear(type(error).__name__) from error
        except Exception as error:
            # The library raises plain exceptions, among them for an answer whose signature is not the service's.
            raise Unclear(str(error)) from error
        try:
            found = json.loads(text) if text else {}
        except (TypeError, ValueError):
            found = {}
        if 200 <= code < 300 and isinstance(found, dict):
            return found
        refusal = str(found.get("code", "")) if isinstance(found, dict) else ""
        if code >= 500 or code == requests.codes.too_many or not refusal:
            raise Unclear(f"HTTP {code} {refusal}".strip())
        raise Refused(_readable(refusal)[:64], _readable(found.get("message", "")))


def _check_hash(found: Mapping[str, Any], raw: bytes) -> None:
    """The answer that names the file is signed, the file itself is not: its hash, of the unpacked bytes, is what binds both [K]."""
    if found.get("hash_type") == "SHA1" and found.get("hash_value") != sha1(raw, usedforsecurity=False).hexdigest():
        raise Unclear("a statement that is not the one announced")


def check_fresh(stamp: str) -> None:
    """The library does not look at the time that was signed."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise NotTheirs("no time")
    if abs(clock.now().timestamp() - int(stamp)) > FRESH.total_seconds():
        raise NotTheirs("too old or too new")


def told(found: Mapping[str, Any]) -> Told:
    amount = found.get("transfer_amount")
    return Told(
        number=str(found.get("out_bill_no", "")),
        state=str(found.get("state", "")),
        fen=amount if isinstance(amount, int) else None,
        transfer=str(found.get("transfer_bill_no", ""))[:64],
        package=str(found.get("package_info", "")),
        reason=_readable(found.get("fail_reason", "")),
        at=_moment(found.get("update_time") or found.get("create_time")),
    )


def _readable(words: Any) -> str:
    """As a line that every check of ours takes: a strange sign in their words keeps no bill from ending."""
    return "".join(sign for sign in " ".join(str(words).split()) if sign.isprintable())[:150]


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.SHANGHAI)


TIME, AMOUNT, DIRECTION, NUMBER = "记账时间", "收支金额(元)", "收支类型", "业务凭证号"
OUT = "支出"


def statement(text: str) -> list[Paid]:
    """The lines of money going out. Cells are led by a backquote, so that spreadsheets leave numbers alone."""
    rows = csv.reader(text.lstrip("\ufeff").splitlines())
    head = [cell.strip() for cell in next(rows, [])]
    if NUMBER not in head:
        raise Unclear("a statement of an unknown form")
    found = []
    for row in rows:
        cells = dict(zip(head, (cell.strip().lstrip("`") for cell in row), strict=False))
        if len(row) < len(head) or cells.get(DIRECTION) != OUT:
            continue  # the sums at the end have fewer cells
        at = datetime.fromisoformat(cells[TIME]).replace(tzinfo=clock.SHANGHAI)
        found.append(Paid(number=cells[NUMBER], fen=int(Decimal(cells[AMOUNT]) * 100), at=at))
    return found


def service() -> Service | None:
    """The service this deployment pays through; None where none is configured."""
    account = Account.configured()
    return _service_of(account) if account else None


@lru_cache(maxsize=1)
def _service_of(account: Account) -> WeChatPayService:
    return WeChatPayService(account)


def configured() -> bool:
    return service() is not None
