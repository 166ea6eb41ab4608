"""The doctor looks at the services outside: set up, half set up, silent, or refusing."""

from typing import Any

import pytest

from anlan.site.doctor import Finding, examine
from tests.channels.twin import Twin, twin, twin_process

__all__ = ["twin", "twin_process"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def look() -> dict[str, Finding]:
    return {found.id.removeprefix("outside."): found for found in examine(only="outside.")}


def levels() -> dict[str, str]:
    return {name: found.level for name, found in look().items()}


def test_with_the_twin_everything_answers_and_it_says_that_it_is_the_twin(twin: Twin, settings: Any) -> None:
    assert look()["wechat_push"].level == "warn"  # it has no address to fetch pictures from
    settings.ANLAN_PUBLIC_URL = "http://127.0.0.1:8000"
    assert levels() == {"sandbox": "warn", "sms": "ok", "wechat": "ok", "wechat_push": "ok", "wechat_templates": "ok"}


def test_nothing_set_up_is_no_failure(settings: Any) -> None:
    for name in ("SANDBOX_URL", "SMS_URL", "SMS_KEY", "SMS_SECRET", "WECHAT_APPID", "WECHAT_SECRET"):
        setattr(settings, f"ANLAN_{name}", "")
    assert levels() == {"sandbox": "ok", "sms": "warn", "wechat": "warn", "wechat_push": "ok", "wechat_templates": "ok"}


def test_half_set_up_says_which_half_is_missing(twin: Twin, settings: Any) -> None:
    settings.ANLAN_SMS_SECRET = settings.ANLAN_WECHAT_SECRET = settings.ANLAN_WECHAT_PUSH_KEY = ""
    found = look()
    assert (found["sms"].level, found["wechat"].level) == ("fail", "fail")
    assert "ANLAN_SMS_SECRET" in found["sms"].words
    assert "ANLAN_WECHAT_SECRET" in found["wechat"].words


def test_a_push_without_its_key_is_a_warning(twin: Twin, settings: Any) -> None:
    settings.ANLAN_WECHAT_PUSH_KEY = "too-short"
    assert look()["wechat_push"].level == "warn"


def test_a_wrong_secret_and_a_silent_gateway_are_failures(twin: Twin, settings: Any) -> None:
    settings.ANLAN_WECHAT_SECRET, settings.ANLAN_SMS_URL = "wrong", "http://127.0.0.1:9"
    found = look()
    assert (found["wechat"].level, found["sms"].level) == ("fail", "fail")
    assert "40125" in found["wechat"].words


def test_no_template_is_a_warning(twin: Twin, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELAXED = False
    assert look()["wechat_templates"].level == "warn"
    settings.ANLAN_WECHAT_TEMPLATES = {"report.answered": "tmpl-1"}
    assert look()["wechat_templates"].words == "Subscribe messages: report.answered."
