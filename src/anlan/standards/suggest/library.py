"""What is shipped as data: the clauses, the sentences it learnt from, the words that mean the same. No database."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from anlan.standards.shipped import shipped

Key = tuple[str, str, int]
"""List, article, item."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One clause as it is shipped, with what is known of its list."""

    key: Key
    zh: str
    keywords: tuple[str, ...]
    heading: str
    industries: frozenset[str]
    topic: bool
    evidence: str
    document: str
    number: str
    first: date | None
    last: date | None

    def in_force(self, day: date) -> bool:
        return self.first is not None and self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Said:
    """A sentence and the clauses it may be graded by; none for an ordinary fault."""

    words: str
    of: frozenset[Key]


@cache
def table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "data" / name).read_text(encoding="utf-8"))


@cache
def entries() -> tuple[Entry, ...]:
    """Every clause shipped, whatever the day."""
    return tuple(_entry(data, item) for data in shipped() for item in data["items"])


def _entry(data: dict[str, Any], item: dict[str, Any]) -> Entry:
    return Entry(
        key=(data["id"], str(item["article"]), int(item["item"])),
        zh=item["zh"],
        keywords=tuple(item["keywords"]),
        heading=data["articles"].get(str(item["article"]), {}).get("zh", ""),
        industries=frozenset(item["industry"]),
        topic=item.get("topic", False),
        evidence=item["evidence"],
        document=data["zh"],
        number=data["number"],
        first=data.get("in_force_from"),
        last=data.get("in_force_to"),
    )


def key(text: str) -> Key:
    """`gongmao-2023 4.2`, `aq3067-2026 5.1.3`: the last number is the item."""
    code, place = text.split()
    article, item = place.rsplit(".", 1)
    return code, article, int(item)


@cache
def sentences() -> tuple[Said, ...]:
    """What the ranker learnt from, ordinary faults among it."""
    return (*read_said(table("said.toml")["said"]), *_ordinary(table("ordinary.toml")["ordinary"]))


def read_said(rows: Iterable[dict[str, Any]]) -> list[Said]:
    return [Said(words, frozenset(map(key, row["of"]))) for row in rows for words in row["words"]]


def _ordinary(rows: Iterable[dict[str, Any]]) -> list[Said]:
    return [Said(words, frozenset()) for row in rows for words in row["words"]]
