"""Events as WeChat pushes them: encrypted and signed, tried three times."""

import asyncio
import base64
import json
import os
import secrets
from hashlib import sha1, sha256
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from anlan.channels.sandbox.house import house

TOKEN = "sandbox-push-token"  # noqa: S105 -- the sandbox's, known to everybody
KEY = base64.b64encode(sha256(b"sandbox push key").digest()).decode().rstrip("=")
PATH = "/callbacks/wechat/"
TRIES, WAIT_SECONDS = 3, 1.0
BLOCK = 32


async def event(*, appid: str, event: str, **facts: Any) -> None:
    """Tell the platform; what it answers is in the log."""
    moment = int(house.now())
    message = {"ToUserName": "gh_sandbox", "FromUserName": "o-sandbox", "CreateTime": moment, "MsgType": "event"}
    text = json.dumps({**message, "Event": event, "appid": appid, **facts}, ensure_ascii=False)
    fault = house.fault("wechat.push")
    if fault is not None and fault.how == "silent":
        house.note("wechat.push", event=event, lost=True)
        return
    repeats = int(fault.value) if fault is not None and fault.how == "after" else 1
    forged = fault is not None and fault.how == "answer"
    for _repeat in range(max(1, repeats)):
        await _deliver(event, sealed(text, appid), moment, forged=forged)


async def _deliver(event: str, body: str, moment: int, *, forged: bool) -> None:
    nonce = secrets.token_hex(5)
    query = {
        "signature": _sign(TOKEN, str(moment), nonce),
        "timestamp": str(moment),
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": "0" * 40 if forged else _sign(TOKEN, str(moment), nonce, body),
    }
    for attempt in range(TRIES):
        try:
            async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
                answer = await client.post(
                    f"{house.callback}{PATH}", params=query, json={"ToUserName": "gh_sandbox", "Encrypt": body}
                )
            house.note("wechat.push", event=event, status=answer.status_code, attempt=attempt + 1)
            if answer.status_code == 200:
                return
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            house.note("wechat.push", event=event, problem=type(error).__name__, attempt=attempt + 1)
        await asyncio.sleep(WAIT_SECONDS)


def _sign(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def sealed(text: str, appid: str) -> str:
    """16 random bytes, the length, the text and the appid, AES-256-CBC under the push key."""
    key = base64.b64decode(KEY + "=")
    raw = os.urandom(16) + len(text.encode()).to_bytes(4, "big") + text.encode() + appid.encode()
    pad = BLOCK - len(raw) % BLOCK
    lock = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(lock.update(raw + bytes([pad]) * pad) + lock.finalize()).decode()
