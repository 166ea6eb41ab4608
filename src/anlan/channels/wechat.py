"""
The mini-program's server interface: sign-in, phone number, subscribe messages, content checks.

A small adapter of our own: the libraries at hand know neither the stable token nor the present checks. The access token is
lent to all processes alike and renewed by one of them, under a lock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anlan.channels import setup
from anlan.channels.http import Outside, ask, read_json
from anlan.channels.models import Lent
from anlan.channels.templates import Template
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Invalid

EARLY = timedelta(minutes=5)
"""A token is renewed this long before it ends, so that none ends on its way."""
MOST_CHECKED = 2500
CHINA = "86"
STALE_TOKEN = (40001, 40014, 42001)


class Refused(Outside):
    """WeChat answered with an error code that trying again does not mend."""

    code = "wechat.refused"
    again = False
    default_message = _("WeChat refused this (%(errcode)s).")


class Busy(Outside):
    code = "wechat.busy"
    status = 429
    default_message = _("WeChat takes no more requests just now. Try again in a moment.")


class NotAccepted(Refused):
    """One acceptance is one message, and it is spent, or never was given."""

    code = "wechat.not_accepted"


class BadTemplate(Refused):
    code = "wechat.bad_template"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Who opened the mini-program. The session key stays here and goes to nobody."""

    openid: str
    unionid: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`suggest`: pass, review or risky; only a person decides what becomes of the last two."""

    suggest: str
    label: str = ""
    trace: str = ""


def open_session(code: str) -> Opened:
    """Whom a login code names; it is good once. Raises Invalid at `code`."""
    at = setup.wechat()
    query = {"appid": at.appid, "secret": at.secret, "js_code": code, "grant_type": "authorization_code"}
    found = _judged(read_json(ask("GET", f"{at.url}/sns/jscode2session", query=query)))
    if not isinstance(found.get("openid"), str):
        raise Outside
    return Opened(openid=found["openid"], unionid=str(found.get("unionid", "")))


def phone_number(code: str) -> str:
    """
    The number behind the code of the phone button: good for five minutes, once. Empty for one of another country: without its
    country code it may look like somebody else's number here.
    """
    found = _call("/wxa/business/getuserphonenumber", {"code": code})
    info = found.get("phone_info") or {}
    return str(info.get("purePhoneNumber") or "") if str(info.get("countryCode", "")).lstrip("+") == CHINA else ""


def send_message(*, openid: str, template: Template, facts: Mapping[str, Any]) -> str:
    """One subscribe message; its receipt."""
    if not template.wechat_id:
        raise BadTemplate
    at = setup.wechat()
    body = {
        "touser": openid,
        "template_id": template.wechat_id,
        "page": str(facts.get("page", "pages/mine/mine")),
        "data": {name: {"value": value} for name, value in template.fields(facts).items()},
        "miniprogram_state": at.state,
        "lang": "en_US" if facts.get("language") == "en" else "zh_CN",
    }
    return str(_call("/cgi-bin/message/subscribe/send", body).get("msgid", ""))


def check_text(words: str, *, openid: str, scene: int = 2) -> Verdict:
    """What WeChat thinks of words by somebody who was there within two hours. `scene`: 1 profile, 2 comment, 3 forum, 4 log."""
    body = {"version": 2, "openid": openid, "scene": scene, "content": words[:MOST_CHECKED]}
    found = _call("/wxa/msg_sec_check", body)
    result = found.get("result") or {}
    return Verdict(
        suggest=str(result.get("suggest", "review")),
        label=str(result.get("label", "")),
        trace=str(found.get("trace_id", "")),
    )


def check_media(url: str, *, openid: str, kind: str = "photo", scene: int = 2) -> str:
    """Ask for a look at a picture or sound at an address WeChat can fetch; the answer comes as an event with this trace."""
    body = {"version": 2, "openid": openid, "scene": scene, "media_url": url, "media_type": 1 if kind == "audio" else 2}
    return str(_call("/wxa/media_check_async", body).get("trace_id", ""))


def _call(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One call with the access token; a token that turns out to be stale is renewed once."""
    at = setup.wechat()
    token = access_token()
    found = read_json(ask("POST", f"{at.url}{path}", query={"access_token": token}, json=body))
    if found.get("errcode") in STALE_TOKEN:
        token = access_token(stale=token)
        found = read_json(ask("POST", f"{at.url}{path}", query={"access_token": token}, json=body))
    return _judged(found)


def access_token(*, stale: str = "") -> str:
    """The stable token lent to this platform. `stale`: one that was just refused."""
    at = setup.wechat()
    name = f"wechat:{at.appid}"
    row = Lent.objects.filter(pk=name).first()
    if _good(row, stale):
        return row.token  # type: ignore[union-attr]
    with transaction.atomic():
        Lent.objects.bulk_create([Lent(name=name, token="", until=clock.now())], ignore_conflicts=True)
        row = Lent.objects.select_for_update().get(pk=name)
        if _good(row, stale):
            return row.token  # somebody else renewed it while we waited
        row.token, seconds = _lend(at, force=bool(stale) and row.token == stale)
        row.until = clock.now() + timedelta(seconds=seconds)
        row.save()
    return row.token


def _good(row: Lent | None, stale: str) -> bool:
    return row is not None and row.token not in ("", stale) and row.until > clock.now() + EARLY


def _lend(at: setup.Wechat, *, force: bool) -> tuple[str, int]:
    body = {"grant_type": "client_credential", "appid": at.appid, "secret": at.secret, "force_refresh": force}
    found = _judged(read_json(ask("POST", f"{at.url}/cgi-bin/stable_token", json=body)))
    token = found.get("access_token")
    if not isinstance(token, str) or not token:
        raise Outside
    return token, int(found.get("expires_in", 7200))


def _judged(found: dict[str, Any]) -> dict[str, Any]:
    """The answer, or the problem its error code means (domain facts §7; further codes [K])."""
    match found.get("errcode", 0):
        case 0:
            return found
        case 40029 | 40163:  # used before [K]
            raise Invalid(
                fields={"code": [_("WeChat does not know this code, or it was used before. Try again.")]},
                code="wechat.bad_code",
            )
        case 40226:
            raise Forbidden(_("WeChat holds this account for risky."), code="wechat.risky")
        case 45011 | 45009 | -1:
            raise Busy(errcode=found["errcode"])
        case 43101:
            raise NotAccepted(errcode=43101)
        case 40037 | 47003:
            raise BadTemplate(errcode=found["errcode"])
        case code:
            raise Refused(errcode=code)
