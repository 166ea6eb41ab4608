"""What is said outside: each message's words in both languages, its fields in WeChat, and how long it is of use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

SHIPPED = Path(__file__).with_name("data") / "templates.toml"
DAY = 24 * 60
LIMITS = {"thing": 20, "phrase": 5, "character_string": 32, "amount": 10, "name": 10}
"""Characters a field of a subscribe message holds, by the word its name begins with [K]."""
EMPTY = "请点击查看"
"""WeChat takes no field without a value."""


@dataclass(frozen=True, kw_only=True)
class Template:
    name: str
    title: Mapping[str, str]
    zh: str
    en: str
    lapse_minutes: int = DAY
    wechat: Mapping[str, str] = field(default_factory=dict)

    def words(self, facts: Mapping[str, Any]) -> str:
        text = self.en if facts.get("language") == "en" else self.zh
        return text.format_map(_Facts(facts))

    def fields(self, facts: Mapping[str, Any]) -> dict[str, str]:
        """The fields of the subscribe message, each cut to what WeChat takes."""
        return {name: _cut(name, text.format_map(_Facts(facts)) or EMPTY) for name, text in self.chosen.items()}

    @property
    def chosen(self) -> Mapping[str, str]:
        found = _operators(self.name).get("fields")
        return found if isinstance(found, dict) else self.wechat

    @property
    def wechat_id(self) -> str:
        """The id of the operator's template; empty where they chose none."""
        if found := _operators(self.name).get("id"):
            return str(found)
        return f"demo-{self.name}" if self.wechat and settings.RELAXED else ""


def template(name: str) -> Template | None:
    """By its name, in which a stop may be written as an underscore."""
    return _shipped().get(name) or _shipped().get(name.replace("_", ".", 1))


def named(name: str) -> str:
    """The name as it is kept."""
    found = template(name)
    return found.name if found else name


def of_wechat_id(wechat_id: str) -> Template | None:
    return next((one for one in _shipped().values() if wechat_id and one.wechat_id == wechat_id), None)


def offered() -> dict[str, str]:
    """Names of the messages a citizen can accept in the mini-program, with the ids it asks for."""
    return {name: one.wechat_id for name, one in _shipped().items() if one.wechat and one.wechat_id}


def title(name: str) -> str:
    """What a message is called, in the reader's language."""
    found = template(name)
    return found.title["en" if (get_language() or "").startswith("en") else "zh"] if found else name


def said(name: str, facts: Mapping[str, Any]) -> str:
    """The words of a message; one that is not shipped brings its own."""
    found = template(name)
    return found.words(facts) if found else str(facts.get("words", ""))


class _Facts(dict[str, Any]):
    """A fact nobody gave leaves a gap, not an error at night."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _shipped() -> dict[str, Template]:
    raw: dict[str, dict[str, Any]] = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return {name: _made(name, one) for name, one in raw.items()}


def _made(name: str, facts: dict[str, Any]) -> Template:
    return Template(
        name=name,
        title=facts["title"],
        zh=facts["zh"],
        en=facts["en"],
        lapse_minutes=facts.get("lapse_minutes", DAY),
        wechat=facts.get("wechat", {}),
    )


def _operators(name: str) -> dict[str, Any]:
    found = settings.ANLAN_WECHAT_TEMPLATES.get(name, {})
    return found if isinstance(found, dict) else {"id": found}


def _cut(name: str, text: str) -> str:
    limit = LIMITS.get(name.rstrip("0123456789"))
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"
