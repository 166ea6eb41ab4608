"""Clauses found by the ranker: suggested for a finding, or looked for by words that need not stand in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from anlan.kernel.text import fold
from anlan.standards.models import Clause
from anlan.standards.queries.criteria import clauses_in_force
from anlan.standards.suggest import ranker
from anlan.standards.suggest.library import Key

FOUND = 12
FAINT = 0.01
"""Score under which a clause that shares no exact words with a search is not worth showing."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A clause that may apply. It is for the person who grades to decide."""

    clause: Clause
    score: float
    confident: bool
    why: tuple[str, ...]


def suggestions(
    words: str, day: date, *, industry: str | None = None, facilities: Collection[str] = (), limit: int = 3
) -> list[Suggestion]:
    """Clauses in force on `day` that may apply, best first; for an ordinary fault none, or only ones not confident."""
    if not words.strip():
        return []
    known = _by_key(clauses_in_force(day))
    found = ranker().suggest(
        words, allowed=lambda entry: entry.key in known, limit=limit, industry=industry or None, facilities=facilities
    )
    return [
        Suggestion(clause=known[one.entry.key], score=one.score, confident=one.confident, why=one.why) for one in found
    ]


def search_clauses(words: str, day: date, *, industry: str | None = None, limit: int = FOUND) -> list[Suggestion]:
    """Clauses that hold every word, then those that read alike, slips of the hand and traditional signs forgiven."""
    if not words.strip():
        return []
    within = clauses_in_force(day, industry)
    known = _by_key(within)
    exact = {clause.pk for clause in clauses_in_force(day, industry, words)}
    ranked = [
        Suggestion(clause=known[one.entry.key], score=one.score, confident=one.confident, why=one.why)
        for one in ranker().rank(words, allowed=lambda entry: entry.key in known)
    ]
    ranked.sort(key=lambda one: one.clause.pk not in exact)
    close = [one for one in ranked if one.clause.pk in exact or (one.why and one.score >= FAINT)]
    return close[: max(limit, len(exact))]


def parts(text: str, why: Collection[str]) -> list[tuple[str, bool]]:
    """The text cut where the words stand that led to it: (piece, whether it is one of them)."""
    folded = fold(text)
    if len(folded) != len(text):  # a sign that folds into two would move every mark behind it
        return [(text, False)]
    marked = [False] * len(text)
    for word in why:
        start = folded.find(word)
        while start >= 0:
            marked[start : start + len(word)] = [True] * len(word)
            start = folded.find(word, start + len(word))
    found: list[tuple[str, bool]] = []
    for sign, mark in zip(text, marked, strict=True):
        if found and found[-1][1] == mark:
            found[-1] = (found[-1][0] + sign, mark)
        else:
            found.append((sign, mark))
    return found


def _by_key(clauses: list[Clause]) -> dict[Key, Clause]:
    return {(clause.criteria_id, clause.article, clause.item): clause for clause in clauses}
