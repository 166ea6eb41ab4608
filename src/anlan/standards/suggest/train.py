"""
Learning the weights: `python -m anlan.standards.suggest.train` writes data/weights.json.

A choice among all clauses and "none of them" (conditional logit); its margin over "none" is then mapped to a score by
what proved right on sentences that the examples had not held.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anlan.standards.suggest.index import OF_CLAUSE, OF_NONE, Index
from anlan.standards.suggest.library import Said, entries, sentences
from anlan.standards.suggest.ranker import Weights

FOLDS = 5
STEPS, RATE, RIDGE = 400, 0.08, 1e-3
BLIND_WEIGHT = 0.6
"""How much a sentence counts when examples are hidden, so that what nobody said like this before is ranked too."""
FALSE_ALLOWED = 0.01


@dataclass(frozen=True)
class Rows:
    clauses: np.ndarray
    none: np.ndarray
    right: np.ndarray
    count: np.ndarray


def fold_of(one: Said, at: int, *, by_clause: bool) -> int:
    """By clause, so that a held-out sentence speaks of a clause nobody trained on; or sentence by sentence."""
    if not one.of or not by_clause:
        return at % FOLDS
    index = {entry.key: place for place, entry in enumerate(entries())}
    return index[min(one.of)] % FOLDS


def rows(index: Index, said: Sequence[Said], *, own: bool, seen: Sequence[bool] = (True, False)) -> Rows:
    """`own`: the sentences stand in the index themselves, each is left out for its own turn. `seen`: with examples, without."""
    clauses, none, right, count = [], [], [], []
    at_of = {id(one): at for at, one in enumerate(index.said)}
    for one in said:
        without = at_of[id(one)] if own else None
        for sees in seen:
            found = index.numbers(one.words, without=without, blind=not sees)
            clauses.append(found.clauses)
            none.append(found.none)
            mask = [entry.key in one.of for entry in index.entries]
            right.append([*mask, not one.of])
            count.append(1.0 if sees else BLIND_WEIGHT)
    return Rows(np.array(clauses), np.array(none), np.array(right, dtype=bool), np.array(count))


def learn(given: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the clauses' numbers and of none's, by Adam on the likelihood with a ridge."""
    wide, narrow = given.clauses.shape[2], given.none.shape[1]
    both = np.zeros(wide + narrow)
    first, second = np.zeros_like(both), np.zeros_like(both)
    count = given.count / given.count.sum()
    for step in range(1, STEPS + 1):
        useful = np.concatenate([given.clauses @ both[:wide], (given.none @ both[wide:])[:, None]], axis=1)
        useful -= useful.max(axis=1, keepdims=True)
        chance = np.exp(useful)
        chance /= chance.sum(axis=1, keepdims=True)
        among = chance * given.right
        among /= np.maximum(among.sum(axis=1, keepdims=True), 1e-12)
        slope = (chance - among) * count[:, None]
        turn = np.concatenate([np.einsum("qc,qcf->f", slope[:, :-1], given.clauses), slope[:, -1] @ given.none])
        turn += RIDGE * both
        first = 0.9 * first + 0.1 * turn
        second = 0.999 * second + 0.001 * turn**2
        both -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return both[:wide], both[wide:]


def margins(given: Rows, weights: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Of the best clause over none, and whether it was right."""
    useful = given.clauses @ weights[0]
    best = useful.argmax(axis=1)
    over = useful.max(axis=1) - given.none @ weights[1]
    return over, given.right[np.arange(len(best)), best]


def settle(over: np.ndarray, right: np.ndarray, ordinary: np.ndarray) -> tuple[float, float]:
    """
    Slope and shift so that the score is the share that proved right, and one half is where confidence begins:
    never more than FALSE_ALLOWED of the ordinary sentences lie above.
    """
    slope, shift = 1.0, 0.0
    for _step in range(3000):
        score = 1 / (1 + np.exp(-(slope * over + shift)))
        wrong = score - right
        slope -= 0.05 * float((wrong * over).mean())
        shift -= 0.05 * float(wrong.mean())
    border = float(np.quantile(over[ordinary], 1 - FALSE_ALLOWED)) + 0.05
    return slope, min(shift, -slope * border)


def held_out(fold: int, *, by_clause: bool) -> tuple[Index, list[Said], list[Said]]:
    """An index that knows only the other folds' sentences, those sentences, and the fold's."""
    every = list(enumerate(sentences()))
    kept = [one for at, one in every if fold_of(one, at, by_clause=by_clause) != fold]
    out = [one for at, one in every if fold_of(one, at, by_clause=by_clause) == fold]
    return Index(entries(), kept), kept, out


def train() -> Weights:
    final = learn(rows(Index(entries(), sentences()), sentences(), own=True))
    over, right, ordinary = [], [], []
    for fold in range(FOLDS):
        index, _kept, out = held_out(fold, by_clause=False)
        given = rows(index, out, own=False)
        found = margins(given, final)
        over.append(found[0])
        right.append(found[1])
        ordinary.append(given.right[:, -1])
    slope, shift = settle(np.concatenate(over), np.concatenate(right), np.concatenate(ordinary))
    return Weights(
        clause=dict(zip(OF_CLAUSE, map(float, final[0]), strict=True)),
        none=dict(zip(OF_NONE, map(float, final[1]), strict=True)),
        slope=slope,
        shift=shift,
    )


def main() -> None:
    target = Path(__file__).parent / "data" / "weights.json"
    target.write_text(json.dumps(train().as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"Wrote {target}.\n")


if __name__ == "__main__":
    main()
