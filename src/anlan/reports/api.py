"""Reports for officials' programs: the list, the record, one operation for each step of the flow, the seal."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import MOST, CursorText, Output, Question, as_moment, cursor, known_region, read_cursor
from anlan.kernel.errors import Forbidden
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import Code, Day, NewId, RegionCode, without_id
from anlan.reports import needs
from anlan.reports.actions import open_seal, submit, take_step
from anlan.reports.claims import code_of
from anlan.reports.flow import REPORT
from anlan.reports.models import Seal
from anlan.reports.queries import COUNTED, ReportFilters, count_reports, report, reports
from anlan.reports.rules import READERS
from anlan.reports.schemas import ReportFacts, ReportPage, facts_of, rows_of

router = Router(tags=["reports"])
StateName = Literal[
    "open", "submitted", "screened", "dispatched", "returned", "verified", "handled", "reviewed", "answered"
]


class ReportsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    state: list[StateName] = Field(default=[], description="`open` means every state before the answer.")
    category: Code = ""
    region: RegionCode | None = Field(default=None, description="With all below it.")
    unit: UUID | None = None
    outcome: Literal["", "verified", "unfounded", "duplicate", "declined"] = ""
    late: bool = False
    urgent: bool = False
    held: bool = False
    mine: bool = Field(default=False, description="What waits for this post.")
    enterprise: UUID | None = None
    q: Annotated[str, Field(max_length=100)] = Field(default="", description="Words in number, report or address.")
    reported_from: Day | None = None
    reported_to: Day | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class TakenDown(needs.Submit):
    """A report as somebody told it."""

    id: NewId


class ReportTaken(Output):
    report: ReportFacts
    claim_code: str | None = Field(
        description="Tell it to the caller: the only way to follow a report without a phone."
    )


class Sealed(Output):
    """Somebody who reported, as the opened seal says."""

    name: str
    phone: str
    verified: bool
    first: bool
    account: bool = Field(description="Has an account; otherwise by claim code, by telephone, or named by another.")
    at: datetime


class OpenedSeal(Output):
    """Shown once. The opening stays in the ledger."""

    people: list[Sealed]


@router.get("reports", response=ReportPage, operation_id="reports", summary="List citizens' reports")
def list_reports(request: HttpRequest, asked: Query[ReportsQuestion]) -> ReportPage:
    """Newest first, by cursor; only what this post may see."""
    actor = reader_of(request, READERS)
    filters = ReportFilters(
        words=asked.q.strip(),
        states=tuple(asked.state),
        category=asked.category,
        region=known_region(asked.region),
        unit=asked.unit,
        outcome=asked.outcome,
        late=asked.late,
        urgent=asked.urgent,
        held=asked.held,
        mine=asked.mine,
        enterprise=asked.enterprise,
        reported_from=asked.reported_from,
        reported_to=asked.reported_to,
    )
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = reports(actor, filters, after=after, limit=asked.limit)
    count = count_reports(actor, filters)
    return ReportPage(
        items=rows_of(page.rows),
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.get("reports/{uuid:report_id}", response=ReportFacts, operation_id="report", summary="One citizen's report")
def report_facts(request: HttpRequest, report_id: UUID, response: HttpResponse) -> ReportFacts:
    """What was seen and what became of it, with every step of the present state. Who reported is sealed."""
    facts = facts_of(reader_of(request, READERS), report_id)
    response["ETag"] = f'"{facts.version}"'
    return facts


@router.post(
    "reports/{uuid:report_id}/seal", response=OpenedSeal, operation_id="report_open_seal", summary="Open the seal"
)
def unseal(request: HttpRequest, report_id: UUID, data: Body[needs.OpenSeal]) -> OpenedSeal:
    """For the posts that the city names, with a reason. Each opening is an entry of the ledger."""
    actor = reader_of(request, READERS)
    report(actor, report_id)
    request.secret_answer = True  # type: ignore[attr-defined]
    return OpenedSeal(people=[_sealed(one) for one in open_seal(actor=actor, report=report_id, reason=data.reason)])


def _sealed(one: Seal) -> Sealed:
    return Sealed(
        name=one.name,
        phone=one.phone,
        verified=one.verified,
        first=one.first,
        account=one.person_id is not None,
        at=one.at,
    )


@router.post(
    "reports",
    response={201: ReportTaken},
    operation_id="report_take_down",
    summary="Take a report down for whoever calls or writes",
)
def take_down(request: HttpRequest, data: Body[TakenDown]) -> Status[ReportTaken]:
    """For the desk. The caller's name and phone are sealed at once; without a phone they get a claim code."""
    actor = reader_of(request, READERS)
    call = without_id(needs.Submit, data).model_copy(update={"channel": "desk"})
    made = submit(actor=actor, data=call, id=data.id)
    nobody = data.anonymous or not data.phone
    return Status(201, ReportTaken(report=facts_of(actor, made.pk), claim_code=code_of(made.pk) if nobody else None))


def _take(actor: Actor, report: UUID, step: str, data: BaseModel, version: int | None) -> ReportFacts:
    """Citizens act by their own doors: what officials read of a report names officials."""
    if actor.role not in READERS:
        raise Forbidden
    return facts_of(actor, take_step(actor=actor, report=report, step=step, data=data, version=version).pk)


add_operations(router, REPORT, under="reports", response=ReportFacts, take=_take)
