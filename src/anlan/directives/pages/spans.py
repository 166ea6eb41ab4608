"""A text cut at the places where something is proposed, so that a template can draw it. Values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that something is proposed of; `key` names its card, `tone` how it stands."""

    start: int
    end: int
    key: str
    tone: str


@dataclass(slots=True)
class Run:
    """Text under at most one mark; `at` is where it begins in the whole text, `first` whether the mark begins here."""

    at: int
    text: str
    mark: Mark | None = None
    first: bool = False


@dataclass(slots=True)
class Line:
    runs: list[Run] = field(default_factory=list)


def lines(text: str, marks: Iterable[Mark]) -> list[Line]:
    """Line by line; where marks overlap, the one that begins first has the common part."""
    placed = sorted((one for one in marks if one.start < one.end), key=lambda one: (one.start, one.end))
    found: list[Line] = []
    begun: set[str] = set()
    at = 0
    for words in text.split("\n"):
        end = at + len(words)
        found.append(Line(_runs(text, at, end, placed, begun)))
        at = end + 1
    return found


def _runs(text: str, at: int, end: int, placed: list[Mark], begun: set[str]) -> list[Run]:
    runs: list[Run] = []
    for mark in placed:
        low, high = max(mark.start, at), min(mark.end, end)
        if low >= high:
            continue
        if at < low:
            runs.append(Run(at, text[at:low]))
        runs.append(Run(low, text[low:high], mark, first=mark.key not in begun))
        begun.add(mark.key)
        at = high
    if at < end:
        runs.append(Run(at, text[at:end]))
    return runs
