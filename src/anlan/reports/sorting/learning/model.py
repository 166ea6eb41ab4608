"""
Multinomial logistic regression over hashed character runs, in numpy alone: small weights, a calibrated confidence, and doubt where
the words are unlike anything it was taught.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from anlan.kernel.text import words as runs_of
from anlan.reports.sorting.learning.grams import KNOWN, SIZE, Features, spoken
from anlan.standards.suggest.terms import plain

Array = np.ndarray[Any, Any]
EPOCHS, BATCH, RATE, SHRINK = 14, 128, 0.5, 2e-6
WIDEST = 127
SEED = 20260722
TEMPERATURES = np.geomspace(0.5, 6.0, 40)
SHARE_OF_LEAST = 0.8
LEAST_PERCENTILE = 5
LOUDEST = 14
"""Runs of signs that are looked for in a text to say why."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Labels with their probability, best first; `doubt` took the share of the confidence that unfamiliar words cost."""

    ranked: tuple[tuple[str, float], ...]
    familiar: float

    @property
    def best(self) -> tuple[str, float]:
        return self.ranked[0]


@dataclass(frozen=True, kw_only=True)
class Model:
    """`weights` in whole numbers of a hundred and twenty-eighth, `scale` by label; `known` is one bit a run of signs it was taught."""

    labels: tuple[str, ...]
    weights: Array
    scale: Array
    bias: Array
    known: Array
    temperature: float
    least_familiar: float

    def guess(self, one: Features) -> Guess:
        scores = self.scores(one) / self.temperature
        chances = _softmax(scores[None, :])[0]
        familiar = self.familiar(one)
        trust = min(1.0, familiar / self.least_familiar) ** 2 if self.least_familiar else 1.0
        by_chance = np.argsort(-chances, kind="stable")
        return Guess(ranked=tuple((self.labels[at], float(chances[at]) * trust) for at in by_chance), familiar=familiar)

    def scores(self, one: Features) -> Array:
        found: Array = self.bias.copy()
        if one.ids:
            rows = self.weights[list(one.ids)].astype(np.float32).sum(axis=0)
            found += rows * self.scale / np.sqrt(len(one.ids), dtype=np.float32)
        return found

    def familiar(self, one: Features) -> float:
        """The share of the text's runs of two and three signs that it was taught."""
        if not one.pairs:
            return 0.0
        at = np.fromiter(one.pairs, dtype=np.int64, count=len(one.pairs))
        return float(((self.known[at >> 3] >> (at & 7)) & 1).mean())

    def spoke(self, one: Features, label: str, words: str, most: int = 4) -> list[str]:
        """The pieces of the text that spoke most for a label against the others, as they stand in it."""
        if not one.ids:
            return []
        column = self.labels.index(label)
        rows = self.weights[list(one.ids)].astype(np.float32) * self.scale
        lead = rows[:, column] - np.delete(rows, column, axis=1).mean(axis=1) if len(self.labels) > 1 else rows[:, 0]
        best = [int(at) for at in np.argsort(-lead, kind="stable") if lead[at] > 0]
        telling = {one.grams[at]: float(lead[at]) for at in best if spoken(one.grams[at])}
        return pieces(words, dict(list(telling.items())[:LOUDEST]), most)

    def pack(self) -> bytes:
        buffer = BytesIO()
        np.savez_compressed(
            buffer,
            weights=self.weights,
            scale=self.scale,
            bias=self.bias,
            known=self.known,
            feel=np.array([self.temperature, self.least_familiar], dtype=np.float32),
        )
        return buffer.getvalue()


def pieces(words: str, telling: Mapping[str, float], most: int) -> list[str]:
    """Runs of signs that overlap in the text make one piece; the loudest pieces, in the order of the text."""
    found: list[tuple[float, int, str]] = []
    for run in runs_of(plain(words)):
        loud = [0.0] * len(run)
        for gram, lead in telling.items():
            start = run.find(gram)
            while start >= 0:
                for at in range(start, start + len(gram)):
                    loud[at] += lead / len(gram)
                start = run.find(gram, start + 1)
        for piece in _stretches(loud):
            if len(piece) > 1:
                found.append((sum(loud[at] for at in piece), len(found), run[piece.start : piece.stop]))
    best = sorted(sorted(found, reverse=True)[:most], key=lambda one: one[1])
    return list(dict.fromkeys(words for _lead, _place, words in best))


def _stretches(loud: Sequence[float]) -> Iterator[range]:
    start = None
    for at, one in enumerate([*loud, 0.0]):
        if one > 0 and start is None:
            start = at
        elif one <= 0 and start is not None:
            yield range(start, at)
            start = None


def unpack(labels: Sequence[str], packed: bytes) -> Model:
    with np.load(BytesIO(packed), allow_pickle=False) as kept:
        temperature, least = (float(one) for one in kept["feel"])
        return Model(
            labels=tuple(labels),
            weights=kept["weights"],
            scale=kept["scale"],
            bias=kept["bias"],
            known=kept["known"],
            temperature=temperature,
            least_familiar=least,
        )


def fit(rows: Sequence[Features], labels: Sequence[str], tune: Sequence[Features], tune_labels: Sequence[str]) -> Model:
    """Learn from `rows`; how sure it may be is settled on `tune`, which came later and was not learnt from."""
    names = tuple(sorted(set(labels)))
    at = {name: place for place, name in enumerate(names)}
    weights, bias = _descend(rows, np.array([at[one] for one in labels]), len(names))
    small, scale = _quantised(weights)
    bare = Model(
        labels=names, weights=small, scale=scale, bias=bias, known=_known(rows), temperature=1.0, least_familiar=0.0
    )
    judged = tune or rows
    least = SHARE_OF_LEAST * float(np.percentile([bare.familiar(one) for one in judged], LEAST_PERCENTILE))
    feel = _temperature(bare, judged, [at.get(one, -1) for one in (tune_labels or labels)])
    return Model(**(bare.__dict__ | {"temperature": feel, "least_familiar": least}))


def _descend(rows: Sequence[Features], wanted: Array, count: int) -> tuple[Array, Array]:
    """Adagrad in small batches: every feature has a step of its own, so that rare words are learnt too."""
    weights = np.zeros((SIZE, count), dtype=np.float32)
    bias = np.zeros(count, dtype=np.float32)
    moved, bias_moved = np.full((SIZE, count), 1e-6, dtype=np.float32), np.full(count, 1e-6, dtype=np.float32)
    drawn = np.random.default_rng(SEED)
    for _epoch in range(EPOCHS):
        for chosen in _batches(drawn.permutation(len(rows))):
            ids, ends, share = _flat([rows[one] for one in chosen])
            scores = np.add.reduceat(weights[ids] * share[:, None], ends, axis=0) + bias
            error = _softmax(scores)
            error[np.arange(len(chosen)), wanted[chosen]] -= 1
            error /= len(chosen)
            touched, back = np.unique(ids, return_inverse=True)
            slope = np.zeros((len(touched), count), dtype=np.float32)
            lengths = np.diff(np.append(ends, len(ids)))
            np.add.at(slope, back, np.repeat(error, lengths, axis=0) * share[:, None])
            slope += SHRINK * weights[touched]
            moved[touched] += slope**2
            weights[touched] -= RATE * slope / np.sqrt(moved[touched])
            step = error.sum(axis=0)
            bias_moved += step**2
            bias -= RATE * step / np.sqrt(bias_moved)
    return weights, bias


def _batches(order: Array) -> Iterator[Array]:
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def _flat(rows: Sequence[Features]) -> tuple[Array, Array, Array]:
    """The features of a batch in one row, where each report begins, and the share that each feature has in its report."""
    lengths = [max(1, len(one.ids)) for one in rows]
    ids = np.concatenate([np.array(one.ids or (0,), dtype=np.int64) for one in rows])
    ends = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    share = np.repeat(1 / np.sqrt(np.array(lengths, dtype=np.float32)), lengths)
    return ids, ends, share


def _softmax(scores: Array) -> Array:
    powers: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _quantised(weights: Array) -> tuple[Array, Array]:
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / WIDEST
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def _known(rows: Sequence[Features]) -> Array:
    """What at least two reports held, as bits."""
    seen = np.zeros(KNOWN, dtype=np.uint16)
    for one in rows:
        seen[list(one.pairs)] += 1
    return np.packbits(seen >= 2, bitorder="little")


def _temperature(model: Model, rows: Sequence[Features], wanted: Sequence[int]) -> float:
    """By how much scores are flattened so that confidence comes true: the likeliest on reports it had not seen."""
    scores = np.stack([model.scores(one) for one in rows])
    kept = [place for place, one in enumerate(wanted) if one >= 0]
    if not kept:
        return 1.0
    right = np.array([wanted[place] for place in kept])
    losses = [
        -np.log(np.maximum(_softmax(scores[kept] / one)[np.arange(len(kept)), right], 1e-9)).mean()
        for one in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])
