"""
WeChat's server interface for a mini-program, as far as the platform uses it, with its error codes.

What a phone would do stands below `/_wechat/`: open the mini-program (`login`), press the phone button (`phone`), accept
messages (`accept`). Codes `ok-NAME-ANYTHING` and `phone-NUMBER-ANYTHING` need no making; each is good once, too.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import httpx

from anlan.channels.sandbox import push
from anlan.channels.sandbox.house import door, house
from anlan.channels.sandbox.plain import Answer, Call, asgi, later, said

APPS = {"wxsandbox0000000000": "sandbox-wechat-secret"}
CODE_SECONDS, TOKEN_SECONDS = 300, 7200
MOST_WORDS = 2500
PUSH_AFTER = 0.2
PICTURES = (b"\xff\xd8\xff", b"\x89PNG")

codes: dict[str, tuple[str, str, float]] = {}
"""Minted codes: what for, whom or which number, until when."""
used: set[str] = set()
tokens: dict[str, float] = {}
accepted: dict[tuple[str, str], int] = {}
verdicts: list[str] = []
"""What is thought of the next pictures; of others nothing is wrong."""


def forget() -> None:
    for one in (codes, used, tokens, accepted, verdicts):
        one.clear()


def _kept() -> dict[str, Any]:
    return {
        "codes": {code: list(what) for code, what in codes.items()},
        "used": sorted(used),
        "tokens": tokens,
        "accepted": [[openid, template, left] for (openid, template), left in accepted.items()],
    }


def _take_up(kept: dict[str, Any]) -> None:
    forget()
    codes.update({code: (what, whom, until) for code, (what, whom, until) in kept["codes"].items()})
    used.update(kept["used"])
    tokens.update(kept["tokens"])
    accepted.update({(openid, template): left for openid, template, left in kept["accepted"]})


house.resets.append(forget)
house.keeps["wechat"] = (_kept, _take_up)


def refused(code: int, words: str) -> Answer:
    return said({"errcode": code, "errmsg": words})


async def handle(call: Call) -> Answer:
    served = DOORS.get((call.method, call.path))
    return await served(call) if served else refused(40066, "invalid url")


@door("wechat.jscode2session")
async def open_session(call: Call) -> Answer:
    asked = call.query
    if (trouble := _not_ours(asked)) is not None:
        return trouble
    openid = _redeem(asked.get("js_code", ""), "login", r"ok-(.+)-[^-]+")
    house.note("wechat.jscode2session", openid=openid)
    if openid is None:
        return refused(40029, "invalid code")
    return said({"openid": openid, "session_key": secrets.token_urlsafe(12), "unionid": f"u-{openid}"})


@door("wechat.stable_token")
async def stable_token(call: Call) -> Answer:
    asked = call.json
    if (trouble := _not_ours(asked)) is not None:
        return trouble
    for token, until in list(tokens.items()):
        if until > house.now() and not asked.get("force_refresh"):
            return said({"access_token": token, "expires_in": int(until - house.now())})
        del tokens[token]
    token = secrets.token_urlsafe(48)
    tokens[token] = house.now() + TOKEN_SECONDS
    house.note("wechat.stable_token", made=len(tokens), force=bool(asked.get("force_refresh")))
    return said({"access_token": token, "expires_in": TOKEN_SECONDS})


@door("wechat.getuserphonenumber")
async def phone_number(call: Call) -> Answer:
    phone = _redeem(str(call.json.get("code", "")), "phone", r"phone-((?:\d{1,3} )?1\d{10})-[^-]+")
    house.note("wechat.getuserphonenumber", found=phone is not None)
    if phone is None:
        return refused(40029, "invalid code")
    country, _space, pure = phone.rpartition(" ")
    country = country or "86"
    return said(
        {
            "errcode": 0,
            "errmsg": "ok",
            "phone_info": {"phoneNumber": f"+{country}{pure}", "purePhoneNumber": pure, "countryCode": country},
        }
    )


@door("wechat.subscribe")
async def subscribe_send(call: Call) -> Answer:
    asked = call.json
    openid, template, data = (asked.get(name) for name in ("touser", "template_id", "data"))
    if not template or not isinstance(data, dict):
        return refused(40037, "invalid template_id")
    for name, one in data.items():
        if not one.get("value") or (name.startswith("thing") and len(str(one["value"])) > 20):
            return refused(47003, f"argument invalid! data.{name}.value invalid")
    left = accepted.get((str(openid), str(template)), 0)
    if left <= 0:
        house.note("wechat.subscribe", openid=openid, refused=43101)
        return refused(43101, "user refuse to accept the msg")
    accepted[str(openid), str(template)] = left - 1
    house.note("wechat.subscribe.sent", openid=openid, template=template, data=data, page=asked.get("page"))
    return said({"errcode": 0, "errmsg": "ok", "msgid": house.count})


@door("wechat.msg_sec_check")
async def check_text(call: Call) -> Answer:
    asked = call.json
    words = str(asked.get("content", ""))
    if asked.get("version") != 2 or asked.get("scene") not in (1, 2, 3, 4) or not asked.get("openid"):
        return refused(40003, "invalid openid")
    if not words or len(words) > MOST_WORDS:
        return refused(47001, "data format error")
    suggest = _verdict(words)
    house.note("wechat.msg_sec_check", suggest=suggest)
    return said(
        {
            "errcode": 0,
            "errmsg": "ok",
            "result": {"suggest": suggest, "label": 100 if suggest == "pass" else 20006},
            "trace_id": secrets.token_hex(16),
        }
    )


@door("wechat.media_check_async")
async def check_media(call: Call) -> Answer:
    asked = call.json
    url = str(asked.get("media_url", ""))
    if asked.get("version") != 2 or not url.startswith("http") or asked.get("media_type") not in (1, 2):
        return refused(40004, "invalid media type")
    trace = secrets.token_hex(16)
    house.note("wechat.media_check_async", url=url, trace=trace)
    later(_tell(trace, url))
    return said({"errcode": 0, "errmsg": "ok", "trace_id": trace})


async def _tell(trace: str, url: str) -> None:
    """Fetch the picture as WeChat does, look, and call back."""
    await asyncio.sleep(PUSH_AFTER)
    picture = await _fetched(url)
    house.note("wechat.media", trace=trace, fetched=len(picture), sha256=sha256(picture).hexdigest())
    if not picture.startswith(PICTURES):
        await push.event(
            appid=next(iter(APPS)),
            event="wxa_media_check",
            trace_id=trace,
            version=2,
            errcode=-1008,
            errmsg="no picture",
        )
        return
    suggest = verdicts.pop(0) if verdicts else "pass"
    await push.event(
        appid=next(iter(APPS)),
        event="wxa_media_check",
        trace_id=trace,
        version=2,
        errcode=0,
        errmsg="ok",
        result={"suggest": suggest, "label": 100 if suggest == "pass" else 20006},
    )


async def _fetched(url: str) -> bytes:
    """Whatever stands there; nothing where nothing can be fetched."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False, follow_redirects=False) as client:
            answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL):
        return b""
    return answer.content if answer.status_code == 200 else b""


async def decide(call: Call) -> Answer:
    """What it will think of the next pictures, in their order."""
    verdicts.extend(str(one) for one in call.json.get("suggest", []))
    return said({"waiting": verdicts})


def _verdict(text: str) -> str:
    """Words and addresses that say what they want to be."""
    return next((one for one in ("risky", "review") if one in text), "pass")


async def mint(call: Call) -> Answer:
    what = call.path.rsplit("/", 1)[1]
    code = secrets.token_urlsafe(16)
    whom = str(call.json.get("openid" if what == "login" else "phone", "")) or f"o{secrets.token_hex(12)}"
    codes[code] = (what, whom, house.now() + CODE_SECONDS)
    return said({"code": code, what: whom})


async def accept(call: Call) -> Answer:
    asked = call.json
    key = (str(asked.get("openid")), str(asked.get("template_id")))
    accepted[key] = accepted.get(key, 0) + int(asked.get("times", 1))
    return said({"left": accepted[key]})


def _not_ours(asked: dict[str, Any]) -> Answer | None:
    if asked.get("appid") not in APPS:
        return refused(40013, "invalid appid")
    return None if APPS[asked["appid"]] == asked.get("secret") else refused(40125, "invalid appsecret")


def _redeem(code: str, what: str, shape: str) -> str | None:
    """What a code stands for; once, and within five minutes."""
    if code in used:
        return None
    kind, whom, until = codes.pop(code, ("", "", 0.0))
    if kind == what and until > house.now():
        used.add(code)
        return whom
    if found := re.fullmatch(shape, code):
        used.add(code)
        return f"o-{found[1]}" if what == "login" else found[1]
    return None


def _with_token(served: Callable[[Call], Awaitable[Answer]]) -> Callable[[Call], Awaitable[Answer]]:
    async def asked(call: Call) -> Answer:
        until = tokens.get(call.query.get("access_token", ""))
        if until is None:
            return refused(40001, "invalid credential, access_token is invalid or not latest")
        return refused(42001, "access_token expired") if until <= house.now() else await served(call)

    return asked


DOORS = {
    ("GET", "/sns/jscode2session"): open_session,
    ("POST", "/cgi-bin/stable_token"): stable_token,
    ("POST", "/wxa/business/getuserphonenumber"): _with_token(phone_number),
    ("POST", "/cgi-bin/message/subscribe/send"): _with_token(subscribe_send),
    ("POST", "/wxa/msg_sec_check"): _with_token(check_text),
    ("POST", "/wxa/media_check_async"): _with_token(check_media),
    ("POST", "/_wechat/login"): mint,
    ("POST", "/_wechat/phone"): mint,
    ("POST", "/_wechat/accept"): accept,
    ("POST", "/_wechat/verdicts"): decide,
}
app = asgi(handle)
