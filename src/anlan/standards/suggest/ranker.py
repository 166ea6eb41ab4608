"""The trained ranker: numbers of a sentence weighed, clauses in order, each with its score and the words that led to it."""

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any

from anlan.standards.suggest.index import OF_CLAUSE, OF_NONE, Index
from anlan.standards.suggest.library import Entry, entries, sentences, table

CONFIDENT = 0.5
SHOWN = 0.12
"""Below this a guess is not worth a person's look."""
LONGEST = 400
OTHER_FIELD = 4.0
"""What a clause of another field loses, in logits [K]: fields overlap in a works, but the own list comes first."""
FACILITY = 0.8
"""What a clause about equipment the enterprise has gains, in logits [K]."""


@dataclass(frozen=True)
class Weights:
    clause: dict[str, float]
    none: dict[str, float]
    slope: float
    shift: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Ranked:
    entry: Entry
    score: float
    confident: bool
    why: tuple[str, ...]


class Ranker:
    def __init__(self, index: Index, weights: Weights) -> None:
        self.index, self.weights = index, weights
        self._clause = [weights.clause[name] for name in OF_CLAUSE]
        self._none = [weights.none[name] for name in OF_NONE]

    def suggest(
        self,
        text: str,
        *,
        allowed: Callable[[Entry], bool],
        limit: int = 3,
        industry: str | None = None,
        facilities: Collection[str] = (),
    ) -> list[Ranked]:
        """The clauses that may apply, best first; none or only unsure ones for an ordinary fault."""
        found = self.rank(text, allowed=allowed, industry=industry, facilities=facilities)
        return [one for one in found[:limit] if one.score >= SHOWN]

    def rank(
        self,
        text: str,
        *,
        allowed: Callable[[Entry], bool],
        industry: str | None = None,
        facilities: Collection[str] = (),
    ) -> list[Ranked]:
        """Every allowed clause in order."""
        text = text[:LONGEST]
        numbers = self.index.numbers(text)
        none = _weigh(self._none, numbers.none)
        fitting = _articles(facilities)
        order = []
        for at, entry in enumerate(self.index.entries):
            if not allowed(entry):
                continue
            over = _weigh(self._clause, numbers.clauses[at]) - none
            if industry and industry not in entry.industries:
                over -= OTHER_FIELD
            if entry.key[:2] in fitting:
                over += FACILITY
            order.append((over, at))
        order.sort(key=lambda one: (-one[0], one[1]))
        return [self._ranked(over, at, text, why=place < CLOSE) for place, (over, at) in enumerate(order)]

    def _ranked(self, over: float, at: int, text: str, *, why: bool) -> Ranked:
        score = 1 / (1 + exp(-max(-40.0, min(40.0, self.weights.slope * over + self.weights.shift))))
        words = tuple(self.index.said_by(at, text)) if why else ()
        return Ranked(entry=self.index.entries[at], score=score, confident=score >= CONFIDENT, why=words)


CLOSE = 20
"""The words are looked for only as far down as anybody looks."""


def _weigh(weights: list[float], numbers: list[float]) -> float:
    return sum(weight * number for weight, number in zip(weights, numbers, strict=True))


def _articles(facilities: Collection[str]) -> frozenset[tuple[str, str]]:
    data: dict[str, list[str]] = table("facilities.toml")["facility"]
    return frozenset(
        (code, article) for one in facilities for place in data.get(one, ()) for code, article in [place.split()]
    )


@cache
def ranker() -> Ranker:
    """Made once a process from what is shipped."""
    stored = json.loads((files(__package__) / "data" / "weights.json").read_text(encoding="utf-8"))
    return Ranker(Index(entries(), sentences()), Weights(**stored))
