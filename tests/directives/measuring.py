"""
The reader against what people marked in documents: found and rightly proposed tasks, and who, by when and how often of those found.

A proposal finds a task when the two share at least half of what either covers. What was marked doubtful counts neither for nor against.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from anlan.directives.reading import Proposal, Reading, read

FOLDER = Path(__file__).parent / "labelled"
SEEDS = os.environ.get("ANLAN_SEEDS", "")
"""The folder of the five seed texts, which are others' and not kept here; their labels are."""
HALF = 0.5


@dataclass
class Score:
    tasks: int = 0
    proposed: int = 0
    found: int = 0
    right: int = 0
    asked: dict[str, list[bool]] = field(
        default_factory=lambda: {"who": [], "when": [], "how often": [], "evidence": []}
    )
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.tasks if self.tasks else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    def share(self, what: str) -> float:
        given = self.asked[what]
        return sum(given) / len(given) if given else 1.0

    def add(self, other: "Score") -> None:
        self.tasks += other.tasks
        self.proposed += other.proposed
        self.found += other.found
        self.right += other.right
        self.wrong += other.wrong
        for what, given in other.asked.items():
            self.asked[what] += given

    def line(self) -> str:
        shares = ", ".join(f"{what} {self.share(what):.2f} of {len(given)}" for what, given in self.asked.items())
        return f"precision {self.precision:.2f} of {self.proposed}, recall {self.recall:.2f} of {self.tasks}; {shares}"


def labels(*, seeds: bool) -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.json")):
        one = json.loads(path.read_text())
        if bool(one.get("seed")) == seeds:
            yield one


@cache
def text_of(source: str, *, seed: bool) -> str:
    return (Path(SEEDS) if seed else FOLDER).joinpath(source).read_text()


def reading_of(label: dict[str, Any]) -> Reading:
    received = label.get("received")
    return read(
        text_of(label["source"], seed=bool(label.get("seed"))),
        received=date.fromisoformat(received) if received else None,
    )


def span(text: str, task: dict[str, Any]) -> tuple[int, int]:
    """Where a label lies in the normalised text: its first words, and from there its last."""
    start = text.index(task["from"])
    if task["from"].endswith(task["to"]):
        return start, start + len(task["from"])
    return start, text.index(task["to"], start) + len(task["to"])


def shared(one: tuple[int, int], other: tuple[int, int]) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(common, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def score(label: dict[str, Any], reading: Reading) -> Score:
    text = reading.normal.text
    sure = [(task, span(text, task)) for task in label["tasks"] if not task.get("doubtful")]
    doubtful = [span(text, task) for task in label["tasks"] if task.get("doubtful")]
    out = Score(tasks=len(sure))
    used: set[int] = set()
    for task, place in sure:
        best = max(
            (one for one in reading.proposals if id(one) not in used),
            key=lambda one: shared((one.start, one.end), place),
            default=None,
        )
        if best is None or shared((best.start, best.end), place) < HALF:
            out.wrong.append(f"missed: {text[slice(*place)]}")
            continue
        used.add(id(best))
        out.found += 1
        out.right += 1
        _compare(task, best, out)
    for one in reading.proposals:
        if id(one) in used:
            out.proposed += 1
        elif all(min(one.end, high) <= max(one.start, low) for low, high in doubtful):
            out.proposed += 1
            out.wrong.append(f"not asked: {one.text}")
    return out


def _compare(task: dict[str, Any], one: Proposal, out: Score) -> None:
    if task.get("who") != "*":
        _mark(out, "who", same_names(one.who, task.get("who", "")), one, one.who, task.get("who"))
        if "with" in task:
            _mark(out, "who", same_names(one.partners, task["with"]), one, one.partners, task["with"])
    _mark(out, "when", _when(task) == _limit(one), one, _limit(one), _when(task))
    expected = (
        {name: task[name] for name in ("every", "times", "day", "weekday") if name in task} if "every" in task else {}
    )
    _mark(out, "how often", expected == _rhythm(one, expected), one, _rhythm(one, expected), expected)
    if "evidence" in task:
        hit = all(any(wanted in had or had in wanted for had in one.evidence) for wanted in task["evidence"])
        _mark(out, "evidence", hit, one, one.evidence, task["evidence"])


def _mark(out: Score, what: str, right: bool, one: Proposal, had: Any, wanted: Any) -> None:
    out.asked[what].append(right)
    if not right:
        out.wrong.append(f"{what}: {had!r}, not {wanted!r}, in {one.text}")


def same_names(one: str, other: str) -> bool:
    return one.replace("，", "、") == other.replace("，", "、")


def _when(task: dict[str, Any]) -> Any:
    return next(
        (
            (name, task[name])
            for name in ("due", "working_days", "days", "weeks", "hours", "minutes", "period")
            if name in task
        ),
        None,
    )


def _limit(one: Proposal) -> Any:
    if one.when is None:
        return None
    if one.when.due:
        return "due", one.when.due.isoformat()
    if one.when.kind == "period":
        return "period", one.when.text.removeprefix("在")
    return next(((name, count) for name, count in one.when.rule.items() if name != "after"), None)


def _rhythm(one: Proposal, expected: dict[str, Any]) -> dict[str, Any]:
    if one.rhythm is None:
        return {}
    every = {"every": one.rhythm.every}
    return every | {name: getattr(one.rhythm, name) for name in expected if name != "every"}
