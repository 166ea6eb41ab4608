"""Instruments for programs: kinds, the list, the record, one operation for each step, documents, cases, organs."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.enforcement import needs, queries
from anlan.enforcement.actions import open_case, set_organ, take_case_step, take_step
from anlan.enforcement.actions.drafting import draft_from
from anlan.enforcement.case_flow import CASE
from anlan.enforcement.case_steps import OpenCase
from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Organ
from anlan.enforcement.pages.documents import document
from anlan.enforcement.queries import COUNTED, Filters
from anlan.enforcement.rules import ISSUERS, READERS, SETTERS
from anlan.enforcement.schemas import (
    CaseFacts,
    CasePage,
    CaseRow,
    InstrumentFacts,
    InstrumentPage,
    InstrumentRow,
    KindList,
    case_facts,
    case_row,
    facts_of,
    kind_facts,
    row_of,
)
from anlan.identity.asking import reader_of
from anlan.kernel.api import MOST, CursorText, Output, Question, as_moment, cursor, known_region, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import NewId, RegionCode, without_id

router = Router(tags=["enforcement"])


class InstrumentsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    kind: list[str] = Field(default=[], description="Codes of kinds.")
    state: list[str] = Field(default=[], description="`open` means every state that waits for something.")
    region: RegionCode | None = Field(default=None, description="The addressee's, with all below it.")
    enterprise: UUID | None = None
    unit: UUID | None = None
    case: UUID | None = None
    late: bool = False
    q: Annotated[str, Field(max_length=60)] = Field(
        default="", description="Beginning of a number or of the addressee."
    )
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class CasesQuestion(Question):
    state: list[str] = []
    enterprise: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class InstrumentDraft(needs.Draft):
    """A draft of a kind to one addressee."""

    id: NewId


class NewCase(OpenCase):
    """A case of penalty against an enterprise."""

    id: NewId


class OrganRow(Output):
    """An issuing organ. Its seal is never given out."""

    organisation: UUID
    region: int
    name: str
    word: str
    review_body: str
    court: str
    sealed: bool
    keepers: list[UUID]


class OrganList(Output):
    items: list[OrganRow]


@router.get("instruments/kinds", response=KindList, operation_id="instrument_kinds", summary="Kinds with their fields")
def list_kinds(request: HttpRequest) -> KindList:
    reader_of(request, READERS)
    return KindList(items=[kind_facts(one) for one in kinds().values()])


@router.get("instruments", response=InstrumentPage, operation_id="instruments", summary="List instruments")
def list_instruments(request: HttpRequest, asked: Query[InstrumentsQuestion]) -> InstrumentPage:
    """Newest first. Pages by cursor; an enterprise sees what it was served."""
    actor = reader_of(request, READERS)
    filters = Filters(
        kinds=tuple(asked.kind),
        states=tuple(asked.state),
        region=known_region(asked.region),
        enterprise=asked.enterprise,
        unit=asked.unit,
        case=asked.case,
        late=asked.late,
        words=asked.q.strip(),
    )
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = queries.instruments(actor, filters, after=after, limit=asked.limit)
    count = queries.count_instruments(actor, filters)
    return InstrumentPage(
        items=[InstrumentRow(**row_of(actor, row)) for row in page.rows],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.post("instruments", response={201: InstrumentFacts}, operation_id="instrument_draft", summary="Draft one")
def draft_instrument(request: HttpRequest, data: Body[InstrumentDraft]) -> Status[InstrumentFacts]:
    """What the kind requires is asked for at the review; wrong values and unknown fields are refused at once."""
    actor = reader_of(request, READERS)
    made = draft_from(actor=actor, data=without_id(needs.Draft, data), id=data.id)
    return Status(201, facts_of(actor, queries.instrument(made.pk)))


@router.get("instruments/organs", response=OrganList, operation_id="instrument_organs", summary="Issuing organs")
def list_organs(request: HttpRequest) -> OrganList:
    actor = reader_of(request, ISSUERS | SETTERS)
    return OrganList(items=[_organ(one) for one in queries.organs(actor)])


@router.put(
    "instruments/organs/{uuid:organisation_id}",
    response=OrganRow,
    operation_id="set_instrument_organ",
    summary="Enter an issuing organ",
)
def put_organ(request: HttpRequest, organisation_id: UUID, data: Body[needs.OrganFacts]) -> OrganRow:
    actor = reader_of(request, ISSUERS | SETTERS)
    return _organ(set_organ(actor=actor, organisation=organisation_id, data=data))


def _organ(one: Organ) -> OrganRow:
    return OrganRow(
        organisation=one.organisation_id,
        region=one.region,
        name=one.name,
        word=one.word,
        review_body=one.review_body,
        court=one.court,
        sealed=one.seal_id is not None,
        keepers=[UUID(key) for key in one.keepers],
    )


@router.get(
    "instruments/{uuid:instrument_id}", response=InstrumentFacts, operation_id="instrument", summary="One instrument"
)
def instrument_facts(request: HttpRequest, instrument_id: UUID, response: HttpResponse) -> InstrumentFacts:
    """With its words, services, answers and every step of the present state."""
    actor = reader_of(request, READERS)
    found = queries.instrument(instrument_id)
    response["ETag"] = f'"{found.version}"'
    return facts_of(actor, found)


def _binary(media_type: str) -> dict[str, Any]:
    return {"responses": {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get(
    "instruments/{uuid:instrument_id}/document.pdf",
    operation_id="instrument_pdf",
    summary="The PDF as it was issued",
    openapi_extra=_binary("application/pdf"),
)
def instrument_pdf(request: HttpRequest, instrument_id: UUID) -> HttpResponseBase:
    """404 before it is numbered."""
    return document(request, instrument_id, "pdf")


@router.get(
    "instruments/{uuid:instrument_id}/document.docx",
    operation_id="instrument_docx",
    summary="The Word document as it was issued",
    openapi_extra=_binary("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)
def instrument_docx(request: HttpRequest, instrument_id: UUID) -> HttpResponseBase:
    """404 before it is numbered."""
    return document(request, instrument_id, "docx")


@router.get("penalty-cases", response=CasePage, operation_id="penalty_cases", summary="List cases of penalty")
def list_cases(request: HttpRequest, asked: Query[CasesQuestion]) -> CasePage:
    actor = reader_of(request, ISSUERS)
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    rows, place = queries.cases(
        actor, states=tuple(asked.state), enterprise=asked.enterprise, after=after, limit=asked.limit
    )
    return CasePage(
        items=[CaseRow(**case_row(row)) for row in rows],
        next=cursor(place[0].isoformat(), place[1]) if place else None,
    )


@router.post("penalty-cases", response={201: CaseFacts}, operation_id="penalty_case_open", summary="File a case")
def file_case(request: HttpRequest, data: Body[NewCase]) -> Status[CaseFacts]:
    actor = reader_of(request, ISSUERS)
    made = open_case(actor=actor, data=without_id(OpenCase, data), id=data.id)
    return Status(201, case_facts(actor, queries.case(made.pk)))


@router.get("penalty-cases/{uuid:penalty_case_id}", response=CaseFacts, operation_id="penalty_case", summary="One case")
def one_case(request: HttpRequest, penalty_case_id: UUID, response: HttpResponse) -> CaseFacts:
    actor = reader_of(request, ISSUERS)
    found = queries.case(penalty_case_id)
    response["ETag"] = f'"{found.version}"'
    return case_facts(actor, found)


add_operations(
    router,
    INSTRUMENT,
    under="instruments",
    response=InstrumentFacts,
    take=lambda actor, record, step, data, version: facts_of(
        actor,
        queries.instrument(take_step(actor=actor, instrument=record, step=step, data=data, version=version).pk),
    ),
)
add_operations(
    router,
    CASE,
    under="penalty-cases",
    response=CaseFacts,
    take=lambda actor, record, step, data, version: case_facts(
        actor, queries.case(take_case_step(actor=actor, case=record, step=step, data=data, version=version).pk)
    ),
)
