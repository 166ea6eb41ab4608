"""How the services outside are reached: from the settings, refused in clear words where nobody set them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from anlan.channels.http import NotSetUp


@dataclass(frozen=True, kw_only=True)
class Wechat:
    """The city's mini-program."""

    url: str
    appid: str
    secret: str
    push_token: str
    push_key: str
    state: str


def hears_wechat() -> bool:
    """Whether WeChat can fetch what it is to look at, and its answer reaches us."""
    return has_wechat() and _has("ANLAN_PUBLIC_URL", "ANLAN_WECHAT_PUSH_TOKEN", "ANLAN_WECHAT_PUSH_KEY")


def public_url(path: str) -> str:
    """Where a service outside reaches a path of ours."""
    _needed("ANLAN", "ANLAN_PUBLIC_URL")
    return f"{settings.ANLAN_PUBLIC_URL.rstrip('/')}{path}"


@dataclass(frozen=True, kw_only=True)
class Sms:
    """A gateway that takes text messages."""

    url: str
    key: str
    secret: str
    sign: str


def wechat() -> Wechat:
    _needed("WeChat", "ANLAN_WECHAT_URL", "ANLAN_WECHAT_APPID", "ANLAN_WECHAT_SECRET")
    return Wechat(
        url=settings.ANLAN_WECHAT_URL.rstrip("/"),
        appid=settings.ANLAN_WECHAT_APPID,
        secret=settings.ANLAN_WECHAT_SECRET,
        push_token=settings.ANLAN_WECHAT_PUSH_TOKEN,
        push_key=settings.ANLAN_WECHAT_PUSH_KEY,
        state=settings.ANLAN_WECHAT_STATE,
    )


def has_wechat() -> bool:
    return _has("ANLAN_WECHAT_URL", "ANLAN_WECHAT_APPID", "ANLAN_WECHAT_SECRET")


def sms() -> Sms:
    _needed("SMS", "ANLAN_SMS_URL", "ANLAN_SMS_KEY", "ANLAN_SMS_SECRET")
    return Sms(
        url=settings.ANLAN_SMS_URL.rstrip("/"),
        key=settings.ANLAN_SMS_KEY,
        secret=settings.ANLAN_SMS_SECRET,
        sign=settings.ANLAN_SMS_SIGN,
    )


def has_sms() -> bool:
    return _has("ANLAN_SMS_URL", "ANLAN_SMS_KEY", "ANLAN_SMS_SECRET")


def _value(name: str) -> Any:
    return getattr(settings, name, "")


def _has(*names: str) -> bool:
    return all(_value(name) for name in names)


def _needed(service: str, *names: str) -> None:
    missing = [name for name in names if not _value(name)]
    if missing:
        raise NotSetUp(service=service, names=", ".join(missing))
