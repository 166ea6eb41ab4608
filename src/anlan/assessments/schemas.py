"""An assessment as programs read it: shapes of answers, and how they are made from rows. Points are decimals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.assessments import queries
from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment, Round, ScoreCard, Standing
from anlan.assessments.queries import Detail
from anlan.assessments.rules import sees_check
from anlan.assessments.wording import formula_words, inputs_words, line_label
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words


class CardRow(Output):
    id: UUID
    code: str
    year: int
    version: int
    zh: str
    en: str
    region: int
    digest: str = Field(description="SHA-256 of the definition.")
    published_at: datetime


class AssessmentCardFacts(CardRow):
    definition: dict[str, Any]


class Cards(Output):
    items: list[CardRow]
    next: str | None


class StandingFacts(Output):
    """A result as it was announced; equal points share a place."""

    rank: int
    unit: UUID
    unit_name: str
    total: Decimal
    grade: str
    groups: dict[str, str]


class RoundRow(Output):
    id: UUID
    year: int
    region: int
    card: UUID
    basis: str
    self_by: date
    counts_until: date
    document: str
    published_at: datetime | None


class Rounds(Output):
    items: list[RoundRow]
    next: str | None


class AssessmentRow(Output):
    id: UUID
    number: str
    state: str
    state_label: str
    version: int
    round: UUID
    year: int
    unit: UUID
    unit_name: str
    region: int
    due_at: datetime | None
    late: bool
    self_total: Decimal | None
    check_total: Decimal | None = Field(description="Before any appeal; null to the unit until it is notified.")
    total: Decimal | None
    grade: str
    rank: int | None


class RoundFacts(RoundRow):
    units: list[AssessmentRow] = Field(description="Those that this post may see.")
    standings: list[StandingFacts] = Field(description="All units, once they are published.")


class LineFacts(Output):
    """One line; the sum of the lines' points is the total."""

    code: str
    kind: str = Field(description="item, bonus, bonus_cut or veto.")
    label: str
    group: str
    most: Decimal
    points: Decimal
    inputs: str = Field(description="What went in, in words.")
    formula: str = Field(description="How the points came of it, in words.")
    facts: dict[str, Any]


class AssessmentCaseFacts(Output):
    id: UUID
    code: str
    kind: str
    words: str
    document: str
    on: date | None
    at: datetime
    struck: bool
    struck_reason: str


class AssessmentProofFacts(Output):
    """The result computed again, just now, from what was frozen."""

    holds: bool
    total: Decimal
    digest: str
    differs: list[str]


class AssessmentStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class YearlyAssessmentFacts(AssessmentRow):
    live: bool = Field(description="The lines are those of this moment; nothing is frozen yet.")
    sum: Decimal = Field(description="Of the lines as they are shown.")
    lines: list[LineFacts]
    cases: list[AssessmentCaseFacts]
    proof: AssessmentProofFacts | None
    steps: list[AssessmentStep]


class RowsBehind(Output):
    """`rows` are [kind, id, label, counted as good]; `left` are not listed."""

    measure: str
    rows: list[list[Any]]
    left: int


def card_row(row: ScoreCard) -> dict[str, Any]:
    names = ("code", "year", "version", "zh", "en", "region", "digest", "published_at")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def round_row(row: Round) -> dict[str, Any]:
    names = ("year", "region", "basis", "self_by", "counts_until", "document", "published_at")
    return {"id": row.pk, "card": row.card_id} | {name: getattr(row, name) for name in names}


def standing(row: Standing) -> StandingFacts:
    return StandingFacts(
        rank=row.rank,
        unit=row.unit_id,
        unit_name=row.unit_name,
        total=row.total,
        grade=row.grade,
        groups=row.groups,
    )


def assessment_row(actor: Actor, row: Assessment) -> dict[str, Any]:
    told = sees_check(actor, row)
    return {
        "id": row.pk,
        "number": row.number,
        "state": row.state,
        "state_label": state_words(ASSESSMENT, row.state),
        "version": row.version,
        "round": row.round_id,
        "year": row.year,
        "unit": row.unit_id,
        "unit_name": row.unit_name,
        "region": row.region,
        "due_at": row.due_at,
        "late": row.late,
        "self_total": row.self_total,
        "check_total": row.check_total if told else None,
        "total": row.total if told else None,
        "grade": row.grade if told else "",
        "rank": row.rank,
    }


def round_facts(actor: Actor, row: Round) -> RoundFacts:
    units = [AssessmentRow(**assessment_row(actor, one)) for one in queries.units_of(actor, row)]
    return RoundFacts(**round_row(row), units=units, standings=[standing(one) for one in queries.standings(row)])


def facts_of(actor: Actor, row: Assessment) -> YearlyAssessmentFacts:
    found = queries.detail(actor, row)
    return YearlyAssessmentFacts(
        **assessment_row(actor, row),
        live=found.live,
        sum=found.total,
        lines=[_line(found, one) for one in found.lines],
        cases=[_case(one) for one in found.cases],
        proof=_proof(row) if found.told else None,
        steps=[AssessmentStep(**one) for one in step_offers(ASSESSMENT, row, actor)],
    )


def _line(found: Detail, line: Any) -> LineFacts:
    return LineFacts(
        **line,
        label=line_label(found.card, line),
        inputs=inputs_words(found.card, line),
        formula=formula_words(found.card, line),
    )


def _case(case: Any) -> AssessmentCaseFacts:
    names = ("code", "kind", "words", "document", "on", "at", "struck_reason")
    return AssessmentCaseFacts(
        id=case.pk, struck=case.struck_at is not None, **{name: getattr(case, name) for name in names}
    )


def _proof(row: Assessment) -> AssessmentProofFacts | None:
    found = queries.proof(row)
    if found is None:
        return None
    return AssessmentProofFacts(
        holds=found.holds, total=found.result.total, digest=row.digest, differs=list(found.differs)
    )
