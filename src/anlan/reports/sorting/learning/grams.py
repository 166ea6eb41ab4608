"""A report as the numbers of its features: runs of one to three signs, and what else is known of it. No dictionary, no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from anlan.kernel.codes import CodeError, parent
from anlan.kernel.text import words as runs_of
from anlan.standards.suggest.terms import plain

BITS = 15
SIZE = 1 << BITS
KNOWN_BITS = 18
KNOWN = 1 << KNOWN_BITS
LONGEST = 3
MOST = 1200
"""Signs of a text that are looked at."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a report tells: its words, its address, and for a unit also its kind and where it is."""

    words: str
    address: str = ""
    category: str = ""
    region: int = 0


@dataclass(frozen=True)
class Features:
    """`ids` in the model's table, each once, with the gram that each stands for; `pairs` tell how familiar a text is."""

    ids: tuple[int, ...]
    grams: tuple[str, ...]
    pairs: tuple[int, ...]


@lru_cache(maxsize=1 << 17)
def _hash(gram: str) -> int:
    return crc32(gram.encode())


def features(told: Told) -> Features:
    found: dict[int, str] = {}
    pairs: set[int] = set()
    for run in runs_of(plain(told.words[:MOST])):
        for length in range(1, LONGEST + 1):
            for gram in _cut(run, length):
                code = _hash(gram)
                found.setdefault(code % SIZE, gram)
                if length > 1:
                    pairs.add(code % KNOWN)
    for run in runs_of(plain(told.address[:MOST])):
        for gram in _cut(run, 2):
            found.setdefault(_hash(f"@{gram}") % SIZE, f"@{gram}")
    for gram in _facts(told):
        found.setdefault(_hash(gram) % SIZE, gram)
    return Features(ids=tuple(found), grams=tuple(found.values()), pairs=tuple(pairs))


def _cut(run: str, length: int) -> list[str]:
    return [run[at : at + length] for at in range(len(run) - length + 1)]


def _facts(told: Told) -> list[str]:
    found = [f"#{told.category}"] if told.category else []
    place: int | None = told.region or None
    while place:
        found.append(f"^{place}")
        if told.category:
            found.append(f"#{told.category}^{place}")
        try:
            place = parent(place)
        except CodeError:
            place = None
    return found


def spoken(gram: str) -> str:
    """A feature as people read it; "" for single signs and for those that stand for no words of the report."""
    return "" if len(gram) < 2 or gram[:1] in "#^@" else gram


def told_lines(rows: Sequence[Told]) -> list[Features]:
    return [features(one) for one in rows]
