"""From frozen inputs to a sum, line by line. Pure: the same inputs give the same lines for ever, and the sum is that of the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from anlan.assessments.scoring.card import CUT, Card, Grade, Item
from anlan.assessments.scoring.formula import value_of

CENT = Decimal("0.01")
NOUGHT = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a measure counted: `part` of `whole` was as it should be."""

    part: int
    whole: int

    @property
    def permille(self) -> int:
        """Rounded down: what is not quite reached is not reached."""
        return 1000 * self.part // self.whole if self.whole else 0


@dataclass(frozen=True, kw_only=True)
class Given:
    """Points by hand."""

    points: Decimal
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """
    All that a result is made of. `given` are the points of items by hand, `cases` how many there were of each deduction, bonus and
    veto, `decided` the points that a decision on an appeal put in the place of others.
    """

    figures: Mapping[str, Figure] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)
    cases: Mapping[str, int] = field(default_factory=dict)
    decided: Mapping[str, Given] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return {
            "figures": {name: {"part": one.part, "whole": one.whole} for name, one in self.figures.items()},
            "given": {name: {"points": str(one.points), "words": one.words} for name, one in self.given.items()},
            "cases": dict(self.cases),
            "decided": {name: {"points": str(one.points), "words": one.words} for name, one in self.decided.items()},
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Inputs":
        return cls(
            figures={name: Figure(part=one["part"], whole=one["whole"]) for name, one in kept["figures"].items()},
            given={name: _given(one) for name, one in kept["given"].items()},
            cases=dict(kept["cases"]),
            decided={name: _given(one) for name, one in kept["decided"].items()},
        )


def _given(one: Mapping[str, Any]) -> Given:
    return Given(points=Decimal(one["points"]), words=one["words"])


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: `kind` is item, bonus, bonus_cut or veto; `most` what could be had; `facts` how the points came about (see `wording`)."""

    code: str
    kind: str
    group: str = ""
    most: Decimal = NOUGHT
    points: Decimal
    facts: dict[str, Any]

    def stored(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "kind": self.kind,
            "group": self.group,
            "most": str(self.most),
            "points": str(self.points),
            "facts": self.facts,
        }


@dataclass(frozen=True, kw_only=True)
class Result:
    """`total` is the sum of the lines; `grade` the code of what it is called, `barred` by a veto where that lowers it."""

    lines: tuple[Line, ...]
    total: Decimal
    grade: str
    barred: str = ""

    def stored(self) -> list[dict[str, Any]]:
        return [one.stored() for one in self.lines]


def compute(card: Card, inputs: Inputs) -> Result:
    """An item for which nothing was given or counted earns nothing and says so."""
    lines = [
        _decided(_item(group.code, item, inputs), inputs.decided.get(item.code))
        for group in card.group
        for item in group.item
    ]
    lines += _bonuses(card, inputs)
    total = sum((one.points for one in lines), NOUGHT)
    best, barred = 0, ""
    for veto in card.veto:
        if not (count := inputs.cases.get(veto.code, 0)):
            continue
        cut = min(NOUGHT, veto.at_most - total) if veto.at_most is not None else NOUGHT
        total += cut
        facts = {"cases": count, "at_most": None if veto.at_most is None else str(veto.at_most), "grade": veto.grade}
        lines.append(Line(code=veto.code, kind="veto", points=cut, facts=facts))
        place = next((n for n, one in enumerate(card.grade) if one.code == veto.grade), 0)
        if place > best:
            best, barred = place, veto.code
    earned = _earned(card, total)
    if earned >= best:
        barred = ""
    return Result(lines=tuple(lines), total=total, grade=card.grade[max(earned, best)].code, barred=barred)


def _earned(card: Card, total: Decimal) -> int:
    """The place among the grades, from the best down, that the points alone give."""
    return next((n for n, one in enumerate(card.grade) if total >= one.points), len(card.grade) - 1)


def grade_of(card: Card, total: Decimal) -> Grade:
    return card.grade[_earned(card, total)]


def _item(group: str, item: Item, inputs: Inputs) -> Line:
    if item.way == "computed":
        points, facts = _computed(item, inputs.figures.get(item.measure))
    elif item.way == "deduct":
        count = inputs.cases.get(item.code, 0)
        taken = min(item.per_case * count, item.weight)
        points = item.weight - taken
        facts = {"by": "deduct", "cases": count, "per_case": str(item.per_case), "taken": str(taken)}
    else:
        given = inputs.given.get(item.code)
        points = min(given.points, item.weight) if given else NOUGHT
        facts = {"by": "hand", "words": given.words} if given else {"by": "nothing"}
    return Line(code=item.code, kind="item", group=group, most=item.weight, points=points, facts=facts)


def _computed(item: Item, figure: Figure | None) -> tuple[Decimal, dict[str, Any]]:
    if figure is None:
        return NOUGHT, {"by": "nothing", "measure": item.measure}
    facts: dict[str, Any] = {
        "measure": item.measure,
        "part": figure.part,
        "whole": figure.whole,
        "permille": figure.permille,
    }
    if not figure.whole:
        return (item.weight if item.none == "full" else NOUGHT), facts | {"by": "none", "none": item.none}
    if item.formula:
        most = int(item.weight * 100)
        found = value_of(
            item.formula, part=figure.part, whole=figure.whole, permille=figure.permille, most=most
        )  # hundredths
        return Decimal(found) / 100, facts | {"by": "formula", "formula": item.formula}
    if item.bands:
        band = next((one for one in item.bands if figure.part * 100 >= one.rate * figure.whole), None)
        points = band.points if band else NOUGHT
        return points, facts | {"by": "bands", "from": str(band.rate) if band else ""}
    points = (item.weight * figure.part / figure.whole).quantize(CENT, ROUND_HALF_UP)
    return min(points, item.weight), facts | {"by": "rate"}


def _decided(line: Line, decided: Given | None) -> Line:
    """What a decision put in its place; what stood there stays beside it."""
    if decided is None:
        return line
    facts = line.facts | {"before": str(line.points), "decided": decided.words}
    points = min(decided.points, line.most)
    return Line(code=line.code, kind=line.kind, group=line.group, most=line.most, points=points, facts=facts)


def _bonuses(card: Card, inputs: Inputs) -> list[Line]:
    lines = []
    for one in card.bonus:
        if count := inputs.cases.get(one.code, 0):
            points = min(one.per_case * count, one.cap)
            facts = {"cases": count, "per_case": str(one.per_case), "cap": str(one.cap)}
            lines.append(Line(code=one.code, kind="bonus", most=one.cap, points=points, facts=facts))
    total = sum((one.points for one in lines), NOUGHT)
    if total > card.bonus_most:
        facts = {"sum": str(total), "cap": str(card.bonus_most)}
        lines.append(Line(code=CUT, kind="bonus_cut", points=card.bonus_most - total, facts=facts))
    return lines


def by_group(card: Card, lines: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """The points of each group, from lines as they are kept."""
    found = {group.code: NOUGHT for group in card.group}
    for line in lines:
        if line["group"]:
            found[line["group"]] += Decimal(line["points"])
    return found
