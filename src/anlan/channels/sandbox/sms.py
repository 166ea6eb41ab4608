"""A gateway for text messages: checks the signature, sends a message once, however often it comes."""

import hmac
from hashlib import sha256
from typing import Any

from anlan.channels.sandbox.house import door, house
from anlan.channels.sandbox.plain import Answer, Call, asgi, said

SECRETS = {"sandbox": "sandbox-sms-secret"}
BLOCKED = ("13900000000",)
"""Numbers that take no messages."""
DRIFT_SECONDS = 300
AN_HOUR, MOST_AN_HOUR = 3600, 10

sent: dict[str, str] = {}
recent: dict[str, list[float]] = {}


def forget() -> None:
    sent.clear()
    recent.clear()


def _take_up(kept: dict[str, dict[str, Any]]) -> None:
    forget()
    sent.update(kept["sent"])
    recent.update(kept["recent"])


house.resets.append(forget)
house.keeps["sms"] = (lambda: {"sent": sent, "recent": recent}, _take_up)


async def handle(call: Call) -> Answer:
    if (call.method, call.path) == ("POST", "/sms/send"):
        return await send(call)
    return said({"code": "no_such_door"}, 404)


@door("sms.send")
async def send(call: Call) -> Answer:
    if problem := _forged(call):
        house.note("sms.send", refused=problem)
        return said({"code": problem}, 401)
    message = call.json
    to = str(message.get("to", ""))
    if not (to.isdigit() and len(to) == 11 and message.get("text") and message.get("id")):
        return said({"code": "bad_request"}, 400)
    if to in BLOCKED:
        house.note("sms.send", to=to, refused="blocked")
        return said({"code": "blocked"}, 403)
    if receipt := sent.get(message["id"]):
        return said({"receipt": receipt, "repeated": True})
    if _too_many(to):
        house.note("sms.send", to=to, refused="rate")
        return said({"code": "rate"}, 429)
    receipt = sent[message["id"]] = f"S{len(sent) + 1:08d}"
    house.note("sms.sent", to=to, text=message["text"], template=message.get("template"), receipt=receipt)
    return said({"receipt": receipt})


def _forged(call: Call) -> str:
    secret = SECRETS.get(call.headers.get("x-sms-key", ""))
    moment = call.headers.get("x-sms-timestamp", "")
    if secret is None or not moment.isdigit():
        return "unknown_key"
    if abs(house.now() - int(moment)) > DRIFT_SECONDS:
        return "stale"
    wanted = hmac.new(secret.encode(), moment.encode() + b"\n" + call.body, sha256).hexdigest()
    return "" if hmac.compare_digest(wanted, call.headers.get("x-sms-signature", "")) else "bad_signature"


def _too_many(to: str) -> bool:
    times = [one for one in recent.get(to, []) if house.now() - one < AN_HOUR]
    recent[to] = [*times, house.now()]
    return len(times) >= MOST_AN_HOUR


app = asgi(handle)
