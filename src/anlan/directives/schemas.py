"""Documents, proposals, tasks and digests as programs read them: shapes of answers, and how they are made from rows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.directives import queries
from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.models import Digest, Directive, DirectiveTask, Intake, Proposal
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words


class IntakeFacts(Output):
    """What was brought in and is being read."""

    id: UUID
    state: str = Field(description="waiting, running, done or failed.")
    trouble: str = Field(description="Code of the refusal when it could not be read.")
    facts: dict[str, Any] = Field(description="Title, reference, issuer, dated, limit as the reader found them.")


class DirectiveRow(Output):
    id: UUID
    number: str
    reference: str = Field(description="The issuer's number.")
    title: str
    issuer: str
    dated: date | None
    received_on: date
    limit: date | None
    region: int
    kind: str = Field(description="text, docx, pdf or picture.")
    created_at: datetime


class DirectivePage(Output):
    items: list[DirectiveRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class ProposalFacts(Output):
    """One task as the reader found it. Offsets count characters: `start` and `end` of the normalised text."""

    id: UUID
    position: int
    start: int
    end: int
    ruling: str = Field(description="Empty while nobody has decided, else accepted, mended, refused or added.")
    reason: str
    confidence: float = Field(description="0 to 1.")
    fields: dict[str, Any] = Field(
        description="What, who, when, how often, evidence and why, as the reader gives them."
    )
    units: list[UUID] = Field(description="Units of the territory it may mean, while nobody has decided.")
    tasks: list[UUID]


class DirectiveFacts(DirectiveRow):
    addressees: list[str]
    text: str = Field(description="As it came.")
    normalised: str
    changes: list[dict[str, Any]]
    proposals: list[ProposalFacts] = Field(description="For the office that registered it; empty for others.")
    tasks: list[UUID]


class TaskRow(Output):
    id: UUID
    number: str
    state: str
    state_label: str
    version: int
    directive: UUID
    unit: UUID
    unit_name: str
    region: int
    what: str
    due: date | None
    due_at: datetime | None = Field(description="When what it waits for now is due.")
    late: bool
    wanted: int = Field(description="How often it is to be done within its period; 0: not counted.")
    counted: int
    heard_at: datetime | None = Field(description="When the unit last said anything.")
    created_at: datetime


class TaskPage(Output):
    items: list[TaskRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class TaskStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class TaskFacts(TaskRow):
    quote: str
    partners: str
    evidence: list[str]
    report: str
    finished_on: date | None
    remark: str
    returns: int
    period: date | None
    comb_note: str
    files: list[UUID]
    steps: list[TaskStep]


class Given(Output):
    """The tasks that came of a decision."""

    tasks: list[TaskRow]


class DigestRow(Output):
    id: UUID
    reference: str
    title: str
    organ: str
    week: date = Field(description="Its Monday.")
    region: int
    issued_at: datetime
    docx_sha256: str
    pdf_sha256: str = Field(description="Empty where pages could not be set.")


class DigestFacts(DigestRow):
    sections: list[dict[str, str]]
    facts: dict[str, Any] = Field(description="Of each figure its count and the tasks behind it.")


class Digests(Output):
    items: list[DigestRow]


class DigestDraftFacts(Output):
    id: UUID
    week: date
    title: str
    reference: str
    sections: list[dict[str, str]]
    facts: dict[str, Any]
    version: int


def intake_facts(row: Intake) -> IntakeFacts:
    return IntakeFacts(id=row.pk, state=row.state, trouble=row.trouble, facts=row.facts)


def directive_row(row: Directive) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DirectiveRow.model_fields}


def directive_facts(actor: Actor, row: Directive) -> DirectiveFacts:
    proposals = queries.proposals(actor, row)
    likely = queries.likely_units_of(actor, [one for one in proposals if not one.ruling])
    return DirectiveFacts(
        **directive_row(row),
        addressees=row.addressees,
        text=row.text,
        normalised=row.normalised,
        changes=row.changes,
        proposals=[proposal_facts(one, [unit.pk for unit in likely.get(one.pk, [])]) for one in proposals],
        tasks=[one.pk for one in queries.tasks_of(row)],
    )


def proposal_facts(row: Proposal, units: list[UUID]) -> ProposalFacts:
    return ProposalFacts(
        id=row.pk,
        position=row.position,
        start=row.start,
        end=row.end,
        ruling=row.ruling,
        reason=row.reason,
        confidence=row.confidence_permille / 1000,
        fields=row.fields,
        units=units,
        tasks=[one.pk for one in row.tasks.all()],
    )


def task_row(row: DirectiveTask) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "state": row.state,
        "state_label": state_words(DIRECTIVE_TASK, row.state),
        "version": row.version,
        "directive": row.directive_id,
        "unit": row.unit_id,
        "unit_name": row.unit.name,
        "region": row.region,
        "what": row.what,
        "due": row.due,
        "due_at": row.due_at,
        "late": row.late,
        "wanted": row.wanted,
        "counted": row.counted,
        "heard_at": row.heard_at,
        "created_at": row.created_at,
    }


def task_facts(actor: Actor, row: DirectiveTask) -> TaskFacts:
    return TaskFacts(
        **task_row(row),
        quote=row.quote,
        partners=row.partners,
        evidence=row.evidence,
        report=row.report,
        finished_on=row.finished_on,
        remark=row.remark,
        returns=row.returns,
        period=row.period,
        comb_note=row.comb_note,
        files=[one.pk for one in queries.files_of(row.pk)],
        steps=[TaskStep(**one) for one in step_offers(DIRECTIVE_TASK, row, actor)],
    )


def digest_row(row: Digest) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DigestRow.model_fields}
