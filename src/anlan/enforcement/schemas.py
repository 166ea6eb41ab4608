"""Instruments and cases as programs read them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.enforcement import queries
from anlan.enforcement.case_flow import CASE
from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.kinds import Kind
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.rules import covers, known_source
from anlan.enforcement.rulings import kind_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words


class KindField(Output):
    code: str
    label: str
    type: str = Field(description="text, prose, date, moment, money (fen), person, items or choice.")
    required: bool
    choices: list[str]
    columns: list[str] = Field(description="Of items: the codes of a row.")
    mark: str


class KindFacts(Output):
    code: str
    label: str
    family: str
    subject: list[str]
    basis: str
    mark: str = Field(description="How sure the ground is: V, B+, B, W or K.")
    after: list[str] = Field(description="Kinds of which one must be served before.")
    answer_days: int | None
    serve_days: int | None
    officers: int
    penalty: bool
    drafted_here: bool
    fields: list[KindField]


class KindList(Output):
    items: list[KindFacts]


class StepFacts(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class InstrumentRow(Output):
    """An instrument in a list."""

    id: UUID
    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    version: int
    addressee: str
    enterprise: UUID | None
    unit: UUID | None
    region: int = Field(description="The addressee's.")
    source_type: str
    source_id: UUID | None
    source_number: str
    case: UUID | None
    issued_on: date | None
    served_on: date | None
    answer_due: date | None
    due_at: datetime | None
    late: bool
    created_at: datetime


class InstrumentPage(Output):
    items: list[InstrumentRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class ServiceFacts(Output):
    way: str
    outcome: str
    on: date
    receiver: str
    place: str
    post_number: str
    witnesses: str
    files: list[UUID]


class AnswerFacts(Output):
    words: str
    waives: bool
    hearing: bool
    on_paper: bool
    person_name: str
    files: list[UUID]
    at: datetime


class InstrumentFacts(InstrumentRow):
    fields: dict[str, Any]
    text_version: int
    text_digest: str
    organ: UUID | None
    organ_name: str
    after: UUID | None
    withdraws: UUID | None
    refused: bool
    confirmed_at: datetime | None
    docx_digest: str
    pdf_digest: str
    services: list[ServiceFacts]
    answers: list[AnswerFacts]
    steps: list[StepFacts]


class CaseRow(Output):
    id: UUID
    number: str
    state: str
    state_label: str
    version: int
    enterprise: UUID
    region: int
    matter: str
    filed_on: date
    decide_by: date
    fine_fen: int | None
    pay_by: date | None
    paid_on: date | None
    late: bool
    created_at: datetime


class CasePage(Output):
    items: list[CaseRow]
    next: str | None


class CaseFacts(CaseRow):
    handlers: list[dict[str, str]]
    hearing_asked_on: date | None
    hearing_on: date | None
    surcharge_fen: int
    paid_fen: int | None
    receipt: str
    instruments: list[UUID]
    steps: list[StepFacts]


def kind_facts(kind: Kind) -> KindFacts:
    return KindFacts(
        code=kind.code,
        label=str(kind.label),
        family=kind.family,
        subject=list(kind.subject),
        basis=kind.basis,
        mark=kind.mark,
        after=[code for gate in kind.gates for code in gate.kinds],
        answer_days=kind.answer_days,
        serve_days=kind.serve_days,
        officers=kind.officers,
        penalty=kind.penalty,
        drafted_here=not kind.elsewhere,
        fields=[
            KindField(
                code=one.code,
                label=str(one.label),
                type=one.type,
                required=one.required,
                choices=[choice.code for choice in one.choices],
                columns=[column.code for column in one.columns],
                mark=one.mark,
            )
            for one in kind.fields
        ],
    )


def row_of(actor: Actor, row: Instrument) -> dict[str, Any]:
    """An addressee is told only of sources that it knows itself."""
    told = covers(actor, row) or bool(known_source(row))
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "kind_label": str(kind_of(row).label),
        "state": row.state,
        "state_label": state_words(INSTRUMENT, row.state),
        "version": row.version,
        "addressee": row.addressee,
        "enterprise": row.enterprise_id,
        "unit": row.unit_id,
        "region": row.place,
        "source_type": row.source_type if told else "",
        "source_id": row.source_id if told else None,
        "source_number": row.source_number if told else "",
        "case": row.case_id,
        "issued_on": row.issued_on,
        "served_on": row.served_on,
        "answer_due": row.answer_due,
        "due_at": row.due_at,
        "late": row.late,
        "created_at": row.created_at,
    }


def facts_of(actor: Actor, row: Instrument) -> InstrumentFacts:
    """With every step of the present state; the addressee is told only of its own."""
    offered = step_offers(INSTRUMENT, row, actor)
    if not covers(actor, row):
        offered = [one for one in offered if one["allowed"]]
    return InstrumentFacts(
        **row_of(actor, row),
        fields=row.fields,
        text_version=row.text_version,
        text_digest=row.text_digest,
        organ=row.organ_id,
        organ_name=row.issued.get("organ") or (row.organ.name if row.organ else ""),
        after=row.after_id,
        withdraws=row.withdraws_id,
        refused=row.refused,
        confirmed_at=row.confirmed_at,
        docx_digest=row.docx_digest,
        pdf_digest=row.pdf_digest,
        services=[
            ServiceFacts(
                way=one.way, outcome=one.outcome, on=one.on, receiver=one.receiver, place=one.place,
                post_number=one.post_number, witnesses=one.witnesses, files=[UUID(file) for file in one.files],
            )
            for one in queries.services_of(row)
        ],
        answers=[
            AnswerFacts(
                words=one.words, waives=one.waives, hearing=one.hearing, on_paper=one.on_paper,
                person_name=one.person_name, files=[UUID(file) for file in one.files], at=one.at,
            )
            for one in queries.answers_of(row)
        ],
        steps=[StepFacts(**one) for one in offered],
    )  # fmt: skip


def case_row(row: Case) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "state": row.state,
        "state_label": state_words(CASE, row.state),
        "version": row.version,
        "enterprise": row.enterprise_id,
        "region": row.region,
        "matter": row.matter,
        "filed_on": row.filed_on,
        "decide_by": row.decide_by,
        "fine_fen": row.fine_fen,
        "pay_by": row.pay_by,
        "paid_on": row.paid_on,
        "late": row.late,
        "created_at": row.created_at,
    }


def case_facts(actor: Actor, row: Case) -> CaseFacts:
    return CaseFacts(
        **case_row(row),
        handlers=row.handlers,
        hearing_asked_on=row.hearing_asked_on,
        hearing_on=row.hearing_on,
        surcharge_fen=row.surcharge_fen,
        paid_fen=row.paid_fen,
        receipt=row.receipt,
        instruments=[one.pk for one in queries.instruments_of_case(row)],
        steps=[StepFacts(**one) for one in step_offers(CASE, row, actor)],
    )
