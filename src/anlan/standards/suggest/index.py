"""What can be counted about a sentence and a clause: the ranker weighs these numbers and no others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from anlan.kernel.text import words
from anlan.standards.suggest.library import Entry, Said
from anlan.standards.suggest.terms import Terms, plain, settled, terms

OF_CLAUSE = (
    "bm25",
    "said of the sentence",
    "said in single signs",
    "likeness",
    "keywords",
    "best keyword",
    "example",
    "second example",
    "heading",
    "failed safeguard",
    "catch-all",
    "more than ordinary",
)
OF_NONE = ("always", "ordinary", "three ordinary", "unknown words", "nothing alike", "short", "leaning")
SATURATION, LENGTH = 1.2, 0.6
FAILED = frozenset({"失效", "停用", "关闭"})
WHOLE = 0
NEAR = 3
TELLING = 3.4
"""What everybody writes of every fault, such as 没有, is not shown as a reason."""


@dataclass(frozen=True)
class Numbers:
    """`clauses` in the order of the index's entries."""

    clauses: list[list[float]]
    none: list[float]
    bm25: list[float]


class Index:
    def __init__(self, entries: Sequence[Entry], said: Sequence[Said]) -> None:
        self.entries, self.said = tuple(entries), tuple(said)
        self.place = {entry.key: at for at, entry in enumerate(self.entries)}
        self._texts = [terms(_text(entry)) for entry in self.entries]
        self._said = [terms(one.words) for one in self.said]
        known = [*self._texts, *self._said]
        self._total = len(known)
        self._seen = Counter(term for one in known for term in one.pairs | one.singles)
        self._by_pair = _postings(one.pairs for one in self._texts)
        self._by_single = _postings(one.singles for one in self._texts)
        self._said_by_pair = _postings(one.pairs for one in self._said)
        self._lengths = [self._norm(one.pairs) for one in self._texts]
        self._said_lengths = [self._norm(one.pairs) for one in self._said]
        self._mean = sum(len(one.pairs) for one in self._texts) / max(1, len(self._texts))
        self._keywords = [
            [(frozenset({plain(word), settled(word)}), self._pairs_of(word)) for word in entry.keywords]
            for entry in self.entries
        ]
        self._headings = [terms(entry.heading).pairs for entry in self.entries]
        self._leaning = self._learn_leaning()

    def weight(self, term: str) -> float:
        """Rare words tell more; what ordinary faults say too tells less."""
        seen = self._seen[term]
        return log(1 + (self._total - seen + 0.5) / (seen + 0.5))

    def numbers(self, text: str, *, without: int | None = None, blind: bool = False) -> Numbers:
        """`without` leaves one sentence out and `blind` all examples: how training looks at what it knows."""
        asked = terms(text)
        forms = plain(text), settled(text)
        mass = sum(map(self.weight, asked.pairs)) or 1.0
        mass_single = sum(map(self.weight, asked.singles)) or 1.0
        shared, ranked = self._shared(asked)
        singles = [0.0] * len(self.entries)
        for term in asked.singles:
            for at in self._by_single.get(term, ()):
                singles[at] += self.weight(term)
        first, second, ordinary = self._examples(asked, without, blind)
        norm = self._norm(asked.pairs)
        failed = 1.0 if any(word in form for word in FAILED for form in forms) else 0.0
        found = []
        for at, entry in enumerate(self.entries):
            said, best = self._keyword_hits(at, forms, asked)
            headed = bool(self._headings[at] & asked.pairs)
            found.append(
                [
                    ranked[at] / 20,
                    shared[at] / mass,
                    singles[at] / mass_single,
                    self._alike(at, asked, norm),
                    said,
                    best,
                    first[at],
                    second[at],
                    1.0 if headed else 0.0,
                    failed if entry.key[2] == WHOLE else 0.0,
                    1.0 if entry.key[2] == WHOLE else 0.0,
                    max(0.0, first[at] - ordinary[0]),
                ]
            )
        unknown = sum(self.weight(term) for term in asked.pairs if term not in self._by_pair) / mass
        none = [
            1.0,
            ordinary[0],
            sum(ordinary) / NEAR,
            unknown,
            1 - max((row[3] for row in found), default=0.0),
            1 / (1 + len(asked.pairs) / 10),
            self._lean(asked, without),
        ]
        return Numbers(found, none, ranked)

    def said_by(self, at: int, text: str) -> list[str]:
        """The words of the text that the clause shares, longest first, to be shown where they stand."""
        entry = self.entries[at]
        own = plain(" ".join([_text(entry), *entry.keywords]))
        found: list[str] = []
        for word in words(plain(text)):
            start = 0
            while start < len(word) - 1:
                end = start + 1
                while end < len(word) and word[start : end + 1] in own:
                    end += 1
                if end - start > 1:
                    if any(self.weight(word[i : i + 2]) > TELLING for i in range(start, end - 1)):
                        found.append(word[start:end])
                    start = end
                else:
                    start += 1
        return sorted(dict.fromkeys(found), key=len, reverse=True)

    def _norm(self, pairs: Iterable[str]) -> float:
        return sqrt(sum(self.weight(term) ** 2 for term in pairs)) or 1.0

    def _pairs_of(self, word: str) -> frozenset[str]:
        return terms(settled(word)).pairs

    def _shared(self, asked: Terms) -> tuple[list[float], list[float]]:
        shared, ranked = [0.0] * len(self.entries), [0.0] * len(self.entries)
        for term in asked.pairs:
            weight = self.weight(term)
            for at in self._by_pair.get(term, ()):
                length = 1 - LENGTH + LENGTH * len(self._texts[at].pairs) / self._mean
                shared[at] += weight
                ranked[at] += weight * (SATURATION + 1) / (1 + SATURATION * length)
        return shared, ranked

    def _alike(self, at: int, asked: Terms, norm: float) -> float:
        common = self._texts[at].pairs & asked.pairs
        return sum(self.weight(term) ** 2 for term in common) / (norm * self._lengths[at])

    def _keyword_hits(self, at: int, forms: tuple[str, str], asked: Terms) -> tuple[float, float]:
        said = best = 0.0
        for spelt, pairs in self._keywords[at]:
            if any(word in form for word in spelt for form in forms):
                said += max(map(self.weight, pairs), default=3.0) / 7
                best = 1.0
            elif pairs:
                best = max(best, len(pairs & asked.pairs) / len(pairs) * 0.8)
        return min(said, 3.0), best

    def _examples(self, asked: Terms, without: int | None, blind: bool) -> tuple[list[float], list[float], list[float]]:
        norm = self._norm(asked.pairs)
        alike: dict[int, float] = defaultdict(float)
        for term in asked.pairs:
            weight = self.weight(term) ** 2
            for at in self._said_by_pair.get(term, ()):
                alike[at] += weight
        first, second = [0.0] * len(self.entries), [0.0] * len(self.entries)
        ordinary = [0.0]
        for at, common in alike.items():
            if at == without:
                continue
            likeness = common / (norm * self._said_lengths[at])
            one = self.said[at]
            if not one.of:
                ordinary.append(likeness)
            for key in () if blind else one.of:
                place = self.place[key]
                if likeness > first[place]:
                    first[place], second[place] = likeness, first[place]
                elif likeness > second[place]:
                    second[place] = likeness
        ordinary.sort(reverse=True)
        return first, second, (ordinary + [0.0] * NEAR)[:NEAR]

    def _learn_leaning(self) -> tuple[Counter[str], Counter[str]]:
        plainly, gravely = Counter[str](), Counter[str]()
        for one, cut in zip(self.said, self._said, strict=True):
            (gravely if one.of else plainly).update(cut.pairs)
        for entry in self._texts:
            gravely.update(entry.pairs)
        return plainly, gravely

    def _lean(self, asked: Terms, without: int | None) -> float:
        """Whether such words are said of ordinary faults rather than of grave ones."""
        plainly, gravely = self._leaning
        own = 0 if without is None else 1
        ordinary = without is not None and not self.said[without].of
        total = 0.0
        for term in asked.pairs:
            small = plainly[term] - (own if ordinary else 0)
            grave = gravely[term] - (0 if ordinary else own)
            total += log((small * 1.6 + 0.5) / (grave + 0.5))
        return max(-3.0, min(3.0, total / (2 + sqrt(len(asked.pairs)))))


def _text(entry: Entry) -> str:
    own = entry.zh.split("（仅列主题")[0] if entry.topic else entry.zh
    return " ".join([own, *entry.keywords, entry.heading])


def _postings(rows: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        for term in row:
            found[term].append(at)
    return dict(found)
