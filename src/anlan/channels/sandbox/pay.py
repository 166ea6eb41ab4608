"""
The twin of WeChat Pay's transfer-bills: request signatures verified, answers and callbacks signed, callbacks sealed with
AES-GCM, a daily statement, and trouble on demand.

Doors of the sandbox alone: `GET /_pay/bills`, `POST /_pay/bills/<no>/confirm|fail`, `POST /_pay/tick`,
`POST /_pay/settings {balance_fen, slow, confirms}`, `GET /_pay/account`, `POST /_pay/faults` with `times` of: `late_callback`,
`duplicate_callback`, `forged_callback`, `old_callback`, `no_callback`. Faults of an operation are ordered at `/_faults` under
`pay.create`, `pay.query`, `pay.cancel`, `pay.bills`.
"""

import asyncio
import base64
import gzip
import json
import re
import secrets
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha1
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from anlan.channels.sandbox.house import door, house
from anlan.channels.sandbox.pay_keys import MCHID, PUBLIC_KEY_ID, SERIAL, V3_KEY, keys
from anlan.channels.sandbox.pay_machine import SHANGHAI, Event, Fault, Machine
from anlan.channels.sandbox.plain import Answer, Call, asgi, later, said

SIGNATURE = "WECHATPAY2-SHA256-RSA2048"
DRIFT_SECONDS = 300
STEP_SECONDS = 1.0
BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
_NUMBER = re.compile(rf"{BILLS}/out-bill-no/([A-Za-z0-9]{{1,32}})(/cancel)?")
_OWN = re.compile(r"/_pay/bills/([A-Za-z0-9]{1,32})/(confirm|fail)")

machine = Machine(now=lambda: datetime.fromtimestamp(house.now(), UTC))
house.resets.append(machine.reset)
house.keeps["pay"] = (machine.kept, machine.take_up)
faults: Counter[str] = Counter()
house.resets.append(faults.clear)
_running: list[asyncio.AbstractEventLoop] = []


async def handle(call: Call) -> Answer:
    start()
    if call.path.startswith("/_pay/"):
        return _own(call)
    try:
        _authorised(call)
        answer = await _serve(call)
    except Fault as fault:
        house.note("pay", refused=fault.code, path=call.path)
        answer = said({"code": fault.code, "message": fault.words}, fault.status)
    return _signed(answer)


async def _serve(call: Call) -> Answer:
    if (call.method, call.path) == ("POST", BILLS):
        return await create(call)
    if call.method == "GET" and call.path == "/v3/bill/fundflowbill":
        return await bills(call)
    if call.method == "GET" and call.path == "/v3/billdownload/file":
        return await download(call)
    if found := _NUMBER.fullmatch(call.path):
        return await (cancel(call) if found[2] else query(call))
    raise Fault(404, "NOT_FOUND", "无此接口")


@door("pay.create")
async def create(call: Call) -> Answer:
    found = machine.create(call.json)
    house.note("pay.create", number=found["out_bill_no"], state=found["state"], fen=found["transfer_amount"])
    return said({key: value for key, value in found.items() if key not in ("transfer_amount", "openid")})


@door("pay.query")
async def query(call: Call) -> Answer:
    return said(machine.query(_number(call)))


@door("pay.cancel")
async def cancel(call: Call) -> Answer:
    return said(machine.cancel(_number(call)))


@door("pay.bills")
async def bills(call: Call) -> Answer:
    try:
        day = date.fromisoformat(call.query.get("bill_date", ""))
    except ValueError:
        raise Fault(400, "PARAM_ERROR", "bill_date") from None
    packed = _statement(day)
    host = call.headers.get("host", "127.0.0.1")
    return said(
        {
            "hash_type": "SHA1",
            "hash_value": sha1(packed, usedforsecurity=False).hexdigest(),
            "download_url": f"http://{host}/v3/billdownload/file?token={day.isoformat()}",
        }
    )


async def download(call: Call) -> Answer:
    try:
        day = date.fromisoformat(call.query.get("token", ""))
    except ValueError:
        raise Fault(400, "PARAM_ERROR", "token") from None
    return Answer(body=gzip.compress(_statement(day)), headers={"Content-Type": "application/octet-stream"})


def _statement(day: date) -> bytes:
    head = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
    rows = [
        ",".join(
            f"`{cell}"
            for cell in (
                f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", machine.bills[number].transfer, f"F{place:08d}", "商家转账",
                "商家转账", "支出", f"{fen // 100}.{fen % 100:02d}", "0.00", MCHID, "行政奖励", number,
            )
        )
        for place, (at, number, fen) in enumerate(machine.statement(day), start=1)
    ]  # fmt: skip
    total = sum(fen for _at, _number, fen in machine.statement(day))
    sums = [
        "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额",
        f"`{len(rows)},`0,`0.00,`{len(rows)},`{total / 100:.2f}",
    ]
    return "\n".join([head, *rows, *sums]).encode("utf-8-sig")


def _number(call: Call) -> str:
    found = _NUMBER.fullmatch(call.path)
    return found[1] if found else ""


def _authorised(call: Call) -> None:
    """The merchant's signature over method, path, time, nonce and body."""
    scheme, _space, rest = call.headers.get("authorization", "").partition(" ")
    parts = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    stamp = parts.get("timestamp", "")
    if scheme != SIGNATURE or parts.get("mchid") != MCHID or parts.get("serial_no") != SERIAL or not stamp.isdigit():
        raise Fault(401, "SIGN_ERROR", "签名错误")
    if abs(house.now() - int(stamp)) > DRIFT_SECONDS:
        raise Fault(401, "SIGN_ERROR", "时间戳过期")
    path = f"{call.path}?{call.raw_query}" if call.raw_query else call.path
    text = "\n".join([call.method, path, stamp, parts.get("nonce_str", ""), call.body.decode()]) + "\n"
    try:
        signature = base64.b64decode(parts.get("signature", ""), validate=True)
        keys().merchant.public_key().verify(signature, text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        raise Fault(401, "SIGN_ERROR", "签名错误") from None


def _signature(body: str, stamp: int, nonce: str) -> str:
    text = f"{stamp}\n{nonce}\n{body}\n"
    return base64.b64encode(keys().platform.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def _headers(body: str, stamp: int) -> dict[str, str]:
    nonce = secrets.token_hex(16)
    return {
        "Wechatpay-Serial": PUBLIC_KEY_ID,
        "Wechatpay-Timestamp": str(stamp),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": _signature(body, stamp, nonce),
        "Wechatpay-Signature-Type": SIGNATURE,
    }


def _signed(answer: Answer) -> Answer:
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        answer.headers |= _headers(answer.body.decode(), int(house.now()))
    return answer


def sealed(event: Event) -> str:
    """The callback's body, its facts under the API key."""
    nonce, kind = secrets.token_hex(6), b"mch_payment"
    text = json.dumps({"mch_id": MCHID, **event.bill}, ensure_ascii=False).encode()
    cipher = AESGCM(V3_KEY.encode()).encrypt(nonce.encode(), text, kind)
    resource = {
        "original_type": "mch_payment",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(cipher).decode(),
        "associated_data": kind.decode(),
        "nonce": nonce,
    }
    return json.dumps(
        {
            "id": event.id,
            "create_time": event.bill["update_time"],
            "resource_type": "encrypt-resource",
            "event_type": "MCHTRANSFER.BILL.FINISHED",
            "summary": "商家转账单据终态通知",
            "resource": resource,
        },
        ensure_ascii=False,
    )


def callback(event: Event, *, forged: bool = False, old: bool = False) -> tuple[str, dict[str, str]]:
    """Body and headers of one delivery."""
    body = sealed(event)
    headers = _headers(body, int(house.now()) - (DRIFT_SECONDS + 60 if old else 0))
    if forged:
        headers["Wechatpay-Signature"] = base64.b64encode(secrets.token_bytes(256)).decode()
    return body, {"Content-Type": "application/json", **headers}


def _used(name: str) -> bool:
    if faults[name] > 0:
        faults[name] -= 1
        return True
    return False


async def deliver() -> None:
    """Send what is due."""
    for event in machine.due():
        if _used("no_callback"):
            machine.delivered(event, taken=True)
            continue
        if _used("late_callback"):
            machine.delivered(event, taken=False)
            continue
        for how in ({"forged": True}, {"old": True}):
            if _used(f"{next(iter(how))}_callback"):
                await _post(event, *callback(event, **how))
        taken = await _post(event, *callback(event))
        if _used("duplicate_callback"):
            await _post(event, *callback(event))
        machine.delivered(event, taken=taken)


async def _post(event: Event, body: str, headers: dict[str, str]) -> bool:
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.post(_address(event.url), content=body.encode(), headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        house.note("pay.callback", number=event.bill["out_bill_no"], problem=type(error).__name__)
        return False
    house.note("pay.callback", number=event.bill["out_bill_no"], state=event.bill["state"], status=answer.status_code)
    return answer.status_code < 300


def _address(url: str) -> str:
    """Where the platform listens, when the sandbox was told; the path is the platform's own."""
    return f"{house.callback}{urlsplit(url).path}" if house.callback else url


def start() -> None:
    """The loop that lets bills go on and sends callbacks, once for the loop that serves."""
    loop = asyncio.get_running_loop()
    if loop not in _running:
        _running[:] = [loop]
        later(_live())


async def _live() -> None:
    while True:
        await asyncio.sleep(STEP_SECONDS)
        machine.tick()
        await deliver()
        house.save()


def _own(call: Call) -> Answer:
    match call.method, call.path:
        case "GET", "/_pay/bills":
            return said({"items": [one.told() for one in machine.bills.values()], "balance_fen": machine.balance_fen})
        case "GET", "/_pay/account":
            return said({"mchid": MCHID, "serial": SERIAL, "public_key_id": PUBLIC_KEY_ID})
        case "POST", "/_pay/tick":
            machine.tick()
            later(deliver())
            return said({})
        case "POST", "/_pay/settings":
            for name in ("balance_fen", "slow", "confirms"):
                if name in call.json:
                    setattr(machine, name, call.json[name])
            return said({name: getattr(machine, name) for name in ("balance_fen", "slow", "confirms")})
        case "POST", "/_pay/faults":
            faults.update({str(name): int(times) for name, times in call.json.items()})
            return said(dict(faults))
    if call.method == "POST" and (found := _OWN.fullmatch(call.path)):
        try:
            if found[2] == "confirm":
                machine.confirm(found[1])
            else:
                machine.fail(found[1], str(call.json.get("reason", "ACCOUNT_FROZEN")))
        except Fault as fault:
            return said({"code": fault.code}, fault.status)
        return said({})
    return said({"problem": "no such door"}, 404)


app = asgi(handle)
