"""How good a ranking of clauses is, and the plain BM25 that it must beat. Also what bench/criteria.py prints."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

from anlan.kernel.text import bigrams
from anlan.standards.suggest import Ranked, Ranker
from anlan.standards.suggest.library import Entry, Key, Said, entries, key, read_said

HERE = Path(__file__).parent / "data"
DEMO = Path(__file__).parents[2] / "src" / "anlan" / "demo" / "words" / "data" / "hazards"
Order = Callable[[str], Sequence[Key]]


@dataclass(frozen=True)
class Figures:
    count: int
    first: float
    three: float
    reciprocal: float

    def __str__(self) -> str:
        return f"{self.count} findings: hit@1 {self.first:.3f}, hit@3 {self.three:.3f}, MRR {self.reciprocal:.3f}"


def figures(said: Iterable[Said], order: Order) -> Figures:
    ranks = [
        next(place for place, found in enumerate(order(one.words), 1) if found in one.of) for one in said if one.of
    ]
    count = len(ranks)
    return Figures(
        count, sum(rank == 1 for rank in ranks) / count, sum(rank <= 3 for rank in ranks) / count,
        sum(1 / rank for rank in ranks) / count,
    )  # fmt: skip


def every(ranker: Ranker) -> Order:
    return lambda words: [one.entry.key for one in ranker.rank(words, allowed=lambda _entry: True)]


def sure(ranker: Ranker, words: str) -> list[Ranked]:
    return [one for one in ranker.suggest(words, allowed=lambda _entry: True) if one.confident]


def sure_share(ranker: Ranker, said: Iterable[Said]) -> float:
    """Of the sentences, how many get a confident suggestion."""
    found = [bool(sure(ranker, one.words)) for one in said]
    return sum(found) / len(found)


def plain_bm25(saturation: float = 1.2, length: float = 0.75) -> Order:
    """Pairs of signs over words, keywords and heading of each clause, as any search library would do it."""
    texts = {entry.key: Counter(_pairs(entry)) for entry in entries()}
    seen = Counter(pair for text in texts.values() for pair in text)
    mean = sum(map(len, texts.values())) / len(texts)

    def order(words: str) -> list[Key]:
        score: dict[Key, float] = {}
        for place, text in texts.items():
            norm = saturation * (1 - length + length * len(text) / mean)
            score[place] = sum(
                log(1 + (len(texts) - seen[pair] + 0.5) / (seen[pair] + 0.5)) * (saturation + 1) / (1 + norm)
                for pair in bigrams(words)
                if pair in text
            )
        return sorted(score, key=lambda place: -score[place])

    return order


def _pairs(entry: Entry) -> list[str]:
    return bigrams(" ".join([entry.zh, *entry.keywords, entry.heading]))


def own_test() -> tuple[list[Said], list[Said]]:
    """Findings and ordinary faults kept out of training."""
    data = tomllib.loads((HERE / "findings.toml").read_text(encoding="utf-8"))
    return read_said(data["said"]), [Said(words, frozenset()) for words in data["ordinary"]]


def foreign_test() -> tuple[list[Said], list[Said]]:
    """The demo city's hazards of fields with loaded clauses: written by others for another purpose, never trained on."""
    grave, plain = [], []
    for name in ("gongmao", "construction", "common"):
        for row in tomllib.loads((DEMO / f"{name}.toml").read_text(encoding="utf-8"))["hazard"]:
            words = re.sub(r"\{\w+\}", "3", re.sub(r"\{([^{}|]*)\|[^{}]*\}", r"\1", row["d"]))
            if "r" in row:
                code, article, item = row["r"].split("/")
                grave.append(Said(words, frozenset({(code, article, int(item))})))
            else:
                plain.append(Said(words, frozenset()))
    return grave, plain


def searches() -> list[dict[str, Any]]:
    rows = tomllib.loads((HERE / "searches.toml").read_text(encoding="utf-8"))["query"]
    return [{"words": row["words"], "wanted": frozenset(map(key, row["wanted"]))} for row in rows]
