"""The shelf of knowledge and its search. Topics are data; criteria and laws come from the room of the standards."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.kernel.phrases import chinese
from anlan.kernel.text import bigrams, fold, search_terms
from anlan.kernel.text import words as words_of
from anlan.reports.models import PublicReport
from anlan.reports.plaza import queries as plaza
from anlan.standards.models import Clause, LawClause
from anlan.standards.queries import criteria, laws

DATA = Path(__file__).parents[1] / "data" / "self_help.toml"
EACH = 12
"""Found of each kind."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """An emergency: what to do, what never to do, whom to call, and how far the advice was verified."""

    code: str
    icon: str
    zh: str
    en: str
    call: tuple[str, ...]
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    do_zh: tuple[str, ...]
    do_en: tuple[str, ...]
    never_zh: tuple[str, ...]
    never_en: tuple[str, ...]
    source: str
    evidence: str

    @property
    def name(self) -> str:
        return self.zh if chinese() else self.en

    @property
    def do(self) -> tuple[str, ...]:
        return self.do_zh if chinese() else self.do_en

    @property
    def never(self) -> tuple[str, ...]:
        return self.never_zh if chinese() else self.never_en

    @property
    def text(self) -> str:
        return " ".join([self.zh, self.en, *self.keywords, *self.do_zh, *self.do_en, *self.never_zh, *self.never_en])


@cache
def topics() -> tuple[Topic, ...]:
    """In the file's order."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["topic"]
    return tuple(Topic(**_frozen(row)) for row in rows)


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


@cache
def _index() -> dict[str, frozenset[str]]:
    """Pairs of signs of each topic, by which most of them are passed over at once."""
    return {one.code: frozenset(bigrams(one.text)) for one in topics()}


def topic(code: str) -> Topic:
    found = next((one for one in topics() if one.code == code), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, kw_only=True)
class Found:
    topics: list[Topic]
    clauses: list[Clause]
    laws: list[LawClause]
    cases: list[PublicReport]

    def __bool__(self) -> bool:
        return bool(self.topics or self.clauses or self.laws or self.cases)


def search(words: str, *, industry: str = "", category: str = "") -> Found:
    """Everything that holds all the words."""
    return Found(
        topics=find_topics(words, category),
        clauses=criteria.clauses_in_force(clock.today(), industry or None, words)[:EACH] if words or industry else [],
        laws=laws.law_clauses(words=words)[:EACH] if words else [],
        cases=plaza.cases(words, category, EACH),
    )


def find_topics(words: str, category: str = "") -> list[Topic]:
    wanted, terms = words_of(words), set(search_terms(words))
    return [
        one
        for one in topics()
        if (not category or category in one.categories)
        and terms <= _index()[one.code]
        and all(word in fold(one.text) for word in wanted)
    ]


def criteria_of(code: str) -> tuple[Any, list[Clause]]:
    """One list of major-hazard criteria with its clauses; NotFound for one that is not in force."""
    listed = next((one for one in criteria.lists(clock.today()) if one.criteria.code == code and one.citable), None)
    if listed is None:
        raise NotFound
    return listed.criteria, criteria.clauses_of(code)
