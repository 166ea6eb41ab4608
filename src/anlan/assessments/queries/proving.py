"""Computing a result again from what was frozen, and comparing it with what was kept."""

from dataclasses import dataclass
from typing import Any

from anlan.assessments.cards import card_of
from anlan.assessments.freezing import digest_of
from anlan.assessments.models import Assessment
from anlan.assessments.scoring.computing import Inputs, Result, compute


@dataclass(frozen=True, kw_only=True)
class Proof:
    """`differs` are the codes of the lines that do not come out as they are kept."""

    result: Result
    same_digest: bool
    same_card: bool
    same_total: bool
    same_grade: bool
    differs: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.same_digest and self.same_card and self.same_total and self.same_grade and not self.differs


def proof(record: Assessment) -> Proof | None:
    """None while nothing is frozen."""
    if not record.inputs:
        return None
    card = card_of(record)
    result = compute(card, Inputs.read(record.inputs["inputs"]))
    kept: dict[str, Any] = {line["code"]: line for line in record.lines}
    made = {line["code"]: line for line in result.stored()}
    return Proof(
        result=result,
        same_digest=record.digest == digest_of(record.inputs),
        same_card=record.inputs["card"] == card.digest,
        same_total=record.total == result.total,
        same_grade=record.grade == result.grade,
        differs=tuple(code for code in {**kept, **made} if kept.get(code) != made.get(code)),
    )
