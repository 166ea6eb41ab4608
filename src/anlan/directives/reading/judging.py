"""How sure the reader is that a stretch of text is a task, and on which grounds. The weights were chosen by hand, not learnt."""

from anlan.directives.reading.demands import Clause
from anlan.directives.reading.words import table

START = 0.35
WEIGHTS = {
    "asking_part": 0.15,
    "obligation": 0.10,
    "doer": 0.15,
    "time": 0.20,
    "evidence": 0.08,
    "act": 0.10,
    "wide_only": -0.10,
    "short": -0.05,
    "damaged": -0.10,
    "attitude": -0.10,
}
SHORT = 8


def judged(
    role: str, group: list[Clause], *, named: bool, timed: bool, evidence: tuple[str, ...], damaged: bool
) -> tuple[float, tuple[str, ...]]:
    """Between 0.05 and 0.99, and the names of the grounds in `WEIGHTS`."""
    strong = [one for one in group if one.acts and one.verb not in table("verbs")["wide"]]
    grounds = {
        "asking_part": role == "asks",
        "obligation": any(one.must for one in group),
        "doer": named,
        "time": timed,
        "evidence": bool(evidence),
        "act": bool(strong),
        "wide_only": not strong,
        "short": group[-1].end - group[0].start < SHORT,
        "damaged": damaged,
        "attitude": any(one.kind == "stance" for one in group),
    }
    why = tuple(name for name, holds in grounds.items() if holds)
    return round(min(max(START + sum(WEIGHTS[name] for name in why), 0.05), 0.99), 2), why
