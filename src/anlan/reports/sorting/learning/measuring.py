"""What a model is worth: measured on reports that came after those it learnt from, wrong answers among them counted as wrong."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from anlan.reports.sorting.learning.grams import Features
from anlan.reports.sorting.learning.model import Model
from anlan.reports.sorting.rulings import HIGHEST, LOWEST

WORST = 8
FEWEST_ANSWERS = 20
"""Answers over which a share is a figure and not an accident."""


def measure(model: Model, rows: Sequence[Features], truth: Sequence[str]) -> dict[str, Any]:
    """Share right in all; by threshold how many it would have answered and how many of those rightly; where it errs."""
    guessed = [model.guess(one).best for one in rows]
    right = [label == true for (label, _sure), true in zip(guessed, truth, strict=True)]
    missed = Counter(
        (true, label) for (label, _sure), true, good in zip(guessed, truth, right, strict=True) if not good
    )
    return {
        "right": _share(sum(right), len(right)),
        "commonest": _share(max(Counter(truth).values(), default=0), len(truth)),
        "by_threshold": [_at(percent, guessed, right) for percent in range(LOWEST, HIGHEST + 1)],
        "confused": [{"was": true, "guessed": label, "n": n} for (true, label), n in missed.most_common(WORST)],
        "labels": _by_label(guessed, right, truth),
    }


def _at(percent: int, guessed: Sequence[tuple[str, float]], right: Sequence[bool]) -> dict[str, Any]:
    answered = [good for (_label, sure), good in zip(guessed, right, strict=True) if sure * 100 >= percent]
    return {"at": percent, "answered": len(answered), "right": sum(answered)}


def _by_label(
    guessed: Sequence[tuple[str, float]], right: Sequence[bool], truth: Sequence[str]
) -> list[dict[str, Any]]:
    were, good = Counter(truth), Counter(true for true, one in zip(truth, right, strict=True) if one)
    said = Counter(label for label, _sure in guessed)
    return [
        {"label": label, "n": were[label], "right": good[label], "said": said[label]}
        for label, _n in were.most_common()
    ]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def worth(figures: dict[str, Any], threshold: float) -> tuple[int, int]:
    """How many of the held-out reports it would have answered at a threshold, and how many of them rightly."""
    percent = round(threshold * 100)
    for one in figures.get("by_threshold", []):
        if one["at"] == percent:
            return int(one["answered"]), int(one["right"])
    return 0, 0


def trusted(figures: dict[str, Any], threshold: float) -> bool:
    """Whether it kept what the threshold promises. One that did not is never heard, however sure it is of itself."""
    answered, right = worth(figures, threshold)
    return answered >= FEWEST_ANSWERS and right >= threshold * answered
