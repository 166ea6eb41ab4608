"""What a deployment needs, asked one by one; each answer says what is so and, when it is not right, what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

Level = Literal["ok", "warn", "fail"]
STATUS: dict[Level, int] = {"ok": 0, "warn": 1, "fail": 2}
PARTS = ("configuration", "outside", "database", "calendar", "storage", "ledger", "running")


@dataclass(frozen=True, kw_only=True)
class Answer:
    level: Level
    words: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    id: str
    level: Level
    words: str
    remedy: str


def ok(words: str) -> Answer:
    return Answer(level="ok", words=words)


def warn(words: str, remedy: str) -> Answer:
    return Answer(level="warn", words=words, remedy=remedy)


def fail(words: str, remedy: str) -> Answer:
    return Answer(level="fail", words=words, remedy=remedy)


Look = Callable[[], Answer]
checks: dict[str, tuple[Look, bool]] = {}


def check(name: str, *, database: bool = False) -> Callable[[Look], Look]:
    """Register the decorated function; `database`: it is only asked when the database answers."""

    def register(look: Look) -> Look:
        checks[name] = (look, database)
        return look

    return register


def examine(*, database: bool = True, only: str = "") -> Iterator[Finding]:
    """Ask everything (or what begins with `only`), in order. A check that cannot be made is a failure of its own."""
    for part in PARTS:
        import_module(f"{__name__}.{part}")
    for name, (look, needs_database) in checks.items():
        if not name.startswith(only) or (needs_database and not database):
            continue
        try:
            answer = look()
        except Exception as error:  # noqa: BLE001 -- whatever is wrong, the other checks go on
            words = f"This could not be looked at: {type(error).__name__}: {error}".strip()
            answer = fail(words, "Mend what the message names and run anlan doctor again.")
        yield Finding(id=name, level=answer.level, words=answer.words, remedy=answer.remedy)


def worst(findings: list[Finding]) -> Level:
    levels: list[Level] = [finding.level for finding in findings]
    return max(levels, key=lambda level: STATUS[level], default="ok")
