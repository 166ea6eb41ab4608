"""Words at which a person must be told at once, and words for which a person looks first. Lists are data with their marks."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anlan.kernel.phrases import chinese
from anlan.kernel.text import words as runs_of
from anlan.standards.suggest.terms import plain

DATA = Path(__file__).parent.parent / "data"
FAR = 8
"""Signs that may stand between the two halves of `A~B`."""
GAP = "\x00"
"""Stands where a harmless longer word was: nothing is found across it."""
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, kw_only=True)
class Group:
    """One kind of words of a list."""

    code: str
    zh: str
    en: str
    numbers: tuple[str, ...]
    words: tuple[tuple[str, "re.Pattern[str]"], ...]
    harmless: "re.Pattern[str] | None"
    patterns: tuple["re.Pattern[str]", ...]

    @property
    def label(self) -> str:
        return self.zh if chinese() else self.en


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found: the word as the list holds it (for what names a person, what kind it is), and its group."""

    word: str
    group: Group


def urgent(text: str) -> Found | None:
    """
    The first urgent word. Negations are not read: "nobody is trapped" is urgent too, because the false alarm costs a glance and
    the alarm that was reasoned away may cost a life.
    """
    return next(_found("urgent_words.toml", text), None)


def doubtful(text: str) -> Found | None:
    """The first word or personal datum for which a person looks before the public does."""
    return next(_found("doubtful_words.toml", text), None)


def urgent_word(text: str) -> str:
    return found.word if (found := urgent(text)) else ""


def doubtful_word(text: str) -> str:
    return found.word if (found := doubtful(text)) else ""


def joined(text: str) -> str:
    """As words are compared: half width, small letters, simplified signs, without spaces and marks between."""
    return "".join(runs_of(plain(text)))


def _found(name: str, text: str) -> Iterator[Found]:
    whole = joined(text)
    if not whole:
        return
    runs = runs_of(plain(text))
    for group in _groups(name):
        left = group.harmless.sub(GAP, whole) if group.harmless else whole
        for word, pattern in group.words:
            if pattern.search(left):
                yield Found(word=word, group=group)
        # A number may be cut by spaces or stand beside another one; figures may be written out.
        if any(one.search(form) for one in group.patterns for form in (whole, whole.translate(_FIGURES), *runs)):
            yield Found(word=group.zh, group=group)


@cache
def _groups(name: str) -> tuple[Group, ...]:
    rows = tomllib.loads((DATA / name).read_text(encoding="utf-8"))["group"]
    return tuple(_group(row) for row in rows)


def _group(row: dict[str, Any]) -> Group:
    harmless = [re.escape(joined(one)) for one in row.get("except", ())]
    return Group(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        numbers=tuple(row.get("numbers", ())),
        words=tuple((word.replace("~", "…"), _pattern(word)) for word in row.get("words", ())),
        harmless=re.compile("|".join(sorted(harmless, key=len, reverse=True))) if harmless else None,
        patterns=tuple(re.compile(one) for one in row.get("pattern", ())),
    )


def _pattern(word: str) -> "re.Pattern[str]":
    halves = [re.escape(joined(half)) for half in word.split("~")]
    return re.compile(f"[^{GAP}]{{0,{FAR}}}?".join(halves))
