"""
What a report earns: values in, an amount and its lines out. No clock, no database, no identity.

Each line is one thing that was looked at, with its basis and evidence mark; the words are made when it is read
(`wording.py`), so a line holds codes and numbers only.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data") / "rules.toml"
EVERYWHERE = 0
STATED = ("kin", "penalised", "malicious")
"""Exclusions that an official states; the others are found by looking."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A version of one rule."""

    id: Any = None
    code: str
    region: int = EVERYWHERE
    categories: tuple[str, ...] = ()
    grade: str = ""
    formula: str = "fixed"
    amount_fen: int = 0
    share_permille: int = 0
    least_fen: int = 0
    most_fen: int | None = None
    employee_uplift_permille: int = 0
    from_day: date
    to_day: date | None = None
    basis: str = ""
    evidence: str = "K"

    def fits(self, case: "Case") -> bool:
        return (
            self.from_day <= case.day
            and (self.to_day is None or case.day <= self.to_day)
            and self.region in (EVERYWHERE, *case.territories)
            and (not self.categories or case.category in self.categories)
            and (not self.grade or self.grade == case.grade)
        )

    def closeness(self) -> tuple[int, bool, bool, date, str]:
        """A code ends in more zeros the higher it stands: the greater one is the closer territory. The newest wins a tie."""
        return (self.region, bool(self.categories), bool(self.grade), self.from_day, self.code)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known of a report, without anybody's name."""

    day: date
    territories: tuple[int, ...]
    """The region of the report and all above it."""
    category: str
    grade: str
    fine_fen: int | None = None
    employee: bool = False
    real_name: bool = False
    anonymous: bool = False
    joint: int = 1
    """How many signed the report."""
    on_duty: bool = False
    known_before: str = ""
    """The number of the hazard that was open before the report came in."""
    reported_before: str = ""
    """The number of an earlier report of the same hazard."""
    rewarded_before: str = ""
    """The number of another report of the same hazard whose reward was approved already."""
    stated: tuple[str, ...] = ()
    earned_month_fen: int | None = 0
    earned_year_fen: int | None = 0
    """What the same person earned already, by the month in fixed amounts alone; None when nobody knows who it is."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the city set. 0: no cap."""

    month_fen: int = 0
    year_fen: int = 0
    anonymous: bool = True


@dataclass(frozen=True, kw_only=True)
class Line:
    """`effect`: base, adds, cuts, stops, ok. `fen` is the amount after it."""

    code: str
    effect: str
    fen: int
    facts: dict[str, Any] = field(default_factory=dict)
    basis: str = ""
    evidence: str = ""

    def stored(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value not in ("", {})} | {"fen": self.fen}


@dataclass(frozen=True, kw_only=True)
class Computation:
    rule: Rule | None
    fen: int
    lines: tuple[Line, ...]

    @property
    def excluded(self) -> str:
        """The code of what excludes it; empty when it earns something."""
        return next((line.code for line in self.lines if line.effect == "stops"), "")


@lru_cache
def data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def ground(name: str) -> dict[str, str]:
    """Basis and evidence mark of an exclusion, a cap or the uplift."""
    found = data()["grounds"][name]
    return {"basis": found.get("basis", ""), "evidence": found["evidence"]}


def rule_for(case: Case, rules: Iterable[Rule]) -> Rule | None:
    """The rule in force on the day the report came in: of the closest territory, then the most particular one."""
    return max((one for one in rules if one.fits(case)), key=Rule.closeness, default=None)


def compute(case: Case, rules: Sequence[Rule], limits: Limits) -> Computation:
    rule = rule_for(case, rules)
    if rule is None:
        return Computation(rule=None, fen=0, lines=(Line(code="no_rule", effect="stops", fen=0),))
    lines: list[Line] = []
    fen = _base(case, rule, lines)
    fen = _uplift(case, rule, fen, lines)
    if case.joint > 1:
        lines.append(Line(code="joint", effect="ok", fen=fen, facts={"names": case.joint}, **_on("joint")))
    stopped = _exclusions(case, limits, fen, lines)
    if not stopped:
        # A month's cap is for the small fixed amounts; a share of a fine has its own bounds by law.
        month_fen = limits.month_fen if rule.formula == "fixed" else 0
        for name, earned, limit in (
            ("cap_month", case.earned_month_fen, month_fen),
            ("cap_year", case.earned_year_fen, limits.year_fen),
        ):
            fen = _capped(name, fen, earned, limit, lines)
    return Computation(rule=rule, fen=0 if stopped else fen, lines=tuple(lines))


def _on(name: str) -> dict[str, Any]:
    return dict(ground(name))


def _base(case: Case, rule: Rule, lines: list[Line]) -> int:
    on: dict[str, Any] = {"basis": rule.basis, "evidence": rule.evidence}
    facts: dict[str, Any] = {"rule": rule.code}
    if rule.formula == "fixed":
        lines.append(Line(code="fixed", effect="base", fen=rule.amount_fen, facts=facts, **on))
        return rule.amount_fen
    fine = case.fine_fen or 0
    fen = fine * rule.share_permille // 1000
    facts |= {"fine_fen": fine, "share_permille": rule.share_permille}
    lines.append(Line(code="share" if fine else "share_no_fine", effect="base", fen=fen, facts=facts, **on))
    if fen < rule.least_fen:
        fen = rule.least_fen
        lines.append(Line(code="least", effect="adds", fen=fen, facts={"limit_fen": fen}, **on))
    if rule.most_fen is not None and fen > rule.most_fen:
        fen = rule.most_fen
        lines.append(Line(code="most", effect="cuts", fen=fen, facts={"limit_fen": fen}, **on))
    return fen


def _uplift(case: Case, rule: Rule, fen: int, lines: list[Line]) -> int:
    """Only with a checked real name; the bounds of the rule hold for the sum too."""
    if not (case.employee and rule.employee_uplift_permille):
        return fen
    facts = {"permille": rule.employee_uplift_permille}
    if not case.real_name:
        lines.append(Line(code="uplift_no_name", effect="ok", fen=fen, facts=facts, **_on("uplift")))
        return fen
    more = fen + fen * rule.employee_uplift_permille // 1000
    lines.append(Line(code="uplift", effect="adds", fen=more, facts=facts, **_on("uplift")))
    if rule.most_fen is not None and more > rule.most_fen:
        more = rule.most_fen
        lines.append(Line(code="most", effect="cuts", fen=more, facts={"limit_fen": more}, basis=rule.basis, evidence=rule.evidence))  # fmt: skip
    return more


def _exclusions(case: Case, limits: Limits, fen: int, lines: list[Line]) -> bool:
    """Everything is looked at, so that the approver reads what was asked; the first that holds ends it."""
    holds = {
        "anonymous": case.anonymous and not limits.anonymous,
        "duty": case.on_duty,
        "known": bool(case.known_before),
        "first": bool(case.reported_before),
        "once": bool(case.rewarded_before),
        **{name: name in case.stated for name in STATED},
    }
    for name, stops in holds.items():
        if name == "anonymous" and not stops:
            continue
        facts = FOUND[name](case) if stops and name in FOUND else {}
        lines.append(
            Line(
                code=name, effect="stops" if stops else "ok", fen=0 if stops else fen, facts=facts, **_on(f"not_{name}")
            )
        )
        if stops:
            return True
    return False


FOUND: dict[str, Callable[[Case], dict[str, Any]]] = {
    "known": lambda case: {"hazard": case.known_before},
    "first": lambda case: {"report": case.reported_before},
    "once": lambda case: {"report": case.rewarded_before},
}


def _capped(name: str, fen: int, earned: int | None, limit: int, lines: list[Line]) -> int:
    if not limit:
        return fen
    facts = {"limit_fen": limit}
    if earned is None:
        lines.append(Line(code=f"{name}_unknown", effect="ok", fen=fen, facts=facts, **_on(name)))
        return fen
    left = max(limit - earned, 0)
    if fen <= left:
        lines.append(Line(code=name, effect="ok", fen=fen, facts=facts, **_on(name)))
        return fen
    lines.append(Line(code=name, effect="cuts" if left else "stops", fen=left, facts=facts, **_on(name)))
    return left
