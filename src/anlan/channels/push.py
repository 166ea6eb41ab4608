"""
Events that WeChat pushes: taken only signed and encrypted (safe mode), in JSON, and young.

In plain mode the signature does not cover what is said, so anybody who saw one could say something else: it is refused.
The codec is as WeChat describes it [K]: AES-256-CBC, sixteen random bytes, four of length, the text, the appid.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from hashlib import sha1
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.utils.translation import gettext_lazy as _

from anlan.channels import setup
from anlan.channels.events import MediaChecked
from anlan.channels.http import NotSetUp
from anlan.channels.wechat import Verdict
from anlan.kernel import clock
from anlan.kernel.errors import Problem

YOUNG_SECONDS = 600
BLOCK, KEY_BYTES, HEAD = 32, 32, 20
LARGEST = 100_000


class Forged(Problem):
    code = "callback.forged"
    status = 403
    default_message = _("This does not come from the service it says it comes from.")


def greeting(asked: Mapping[str, str]) -> str:
    """What WeChat wants to hear when an operator enters our address: its own `echostr`, when the signature is right."""
    at = _at()
    _same(asked.get("signature", ""), at.push_token, asked.get("timestamp", ""), asked.get("nonce", ""))
    return asked.get("echostr", "")[:200]


def opened(asked: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The event inside, or Forged."""
    at = _at()
    try:
        sealed = json.loads(body)["Encrypt"] if len(body) <= LARGEST else ""
        moment = _moment(asked.get("timestamp", ""))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Forged from None
    if not isinstance(sealed, str) or abs(clock.now().timestamp() - moment) > YOUNG_SECONDS:
        raise Forged
    _same(asked.get("msg_signature", ""), at.push_token, asked.get("timestamp", ""), asked.get("nonce", ""), sealed)
    try:
        found = json.loads(_unlock(sealed, at.push_key, at.appid))
    except ValueError:
        raise Forged from None
    if not isinstance(found, dict):
        raise Forged
    return found


def hear(event: Mapping[str, Any]) -> None:
    """Hand an event to the rooms. One that nobody waits for is as good as heard: WeChat need not send it again."""
    if event.get("Event") == "wxa_media_check" and event.get("trace_id"):
        result = event.get("result") or {}
        suggest = str(result.get("suggest", "")) if event.get("errcode", 0) == 0 else ""
        verdict = Verdict(
            suggest=suggest if suggest in ("pass", "review", "risky") else "review",
            label=str(result.get("label", ""))[:60],
            trace=str(event["trace_id"])[:64],
        )
        MediaChecked(verdict=verdict).emit()


def _moment(stamp: str) -> int:
    """Seconds, as few digits as a moment has: a longer number is more than any clock takes."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise ValueError(stamp[:12])
    return int(stamp)


def _at() -> setup.Wechat:
    at = setup.wechat()
    if not at.push_token or not at.push_key:
        raise NotSetUp(service="WeChat", names="ANLAN_WECHAT_PUSH_TOKEN, ANLAN_WECHAT_PUSH_KEY")
    return at


def _same(signature: str, *parts: str) -> None:
    wanted = sha1("".join(sorted(parts)).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
        raise Forged


def _unlock(sealed: str, push_key: str, appid: str) -> bytes:
    try:
        key, cipher = base64.b64decode(push_key + "="), base64.b64decode(sealed, validate=True)
        if len(key) != KEY_BYTES or not cipher or len(cipher) % BLOCK:
            raise Forged
        lock = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        raw = lock.update(cipher) + lock.finalize()
    except (binascii.Error, ValueError):
        raise Forged from None
    raw = raw[: -raw[-1]] if 0 < raw[-1] <= BLOCK else raw
    length = int.from_bytes(raw[16:HEAD], "big")
    text, whose = raw[HEAD : HEAD + length], raw[HEAD + length :]
    if whose != appid.encode():
        raise Forged
    return text
