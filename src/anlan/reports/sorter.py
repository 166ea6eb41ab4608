"""
The sorting room's door: what route, suggest and the word lists say of a report.

Sorting helps and never stands in the way: whatever it raises, the report is taken in.
"""

import tomllib
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)
SORTING = "anlan.reports.sorting"
URGENT = (
    "煤气味",
    "燃气味",
    "漏气",
    "泄漏",
    "坍塌",
    "垮塌",
    "倒塌",
    "被困",
    "被埋",
    "着火",
    "起火",
    "爆炸",
    "冒烟",
    "触电",
)
"""Words that cannot wait [K], where no list of the city says more."""


URGENT_WORDS = Path(__file__).parent / "data" / "urgent_words.toml"


@cache
def urgent_groups() -> list[dict[str, list[str]]]:
    """The city's urgent words with whom to call, for a phone that warns before anything is sent."""
    if not URGENT_WORDS.exists():
        return [{"words": list(URGENT), "harmless": [], "numbers": ["119"]}]
    rows = tomllib.loads(URGENT_WORDS.read_text(encoding="utf-8"))["group"]
    given = {"words": "words", "harmless": "except", "numbers": "numbers"}
    return [{name: list(row.get(key, ())) for name, key in given.items()} for row in rows]


def _ask(name: str, *given: Any, otherwise: Any) -> Any:
    if find_spec(SORTING) is None:
        return otherwise
    try:
        with transaction.atomic():
            return getattr(import_module(SORTING), name)(*given)
    except Exception:
        log.exception("reports.sorting", asked=name)
        return otherwise


def urgent_word(words: str) -> str:
    """The urgent word that a text holds, or nothing."""
    fallback = next((one for one in URGENT if one in words), "")
    return str(_ask("urgent_word", words, otherwise=fallback))[:40]


def doubtful_word(words: str) -> str:
    return str(_ask("doubtful_word", words, otherwise=""))[:60]


def route(report: Any) -> Any:
    """The first rule that fits, or None."""
    return _ask("route", report, otherwise=None)


def suggest(report: Any) -> dict[str, Any]:
    found = _ask("suggest", report, otherwise=None)
    return found if isinstance(found, dict) else {}
