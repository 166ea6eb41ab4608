"""Monthly returns for programs: the list, one with its figures and troubles, what is asked, saving, and every step."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from pydantic import Field

from anlan.campaigns import actions, needs
from anlan.campaigns.flow import RETURN
from anlan.campaigns.queries import filling
from anlan.campaigns.queries import listing as queries
from anlan.campaigns.queries.listing import COUNTED, Filters
from anlan.campaigns.rules import READERS
from anlan.campaigns.schemas import (
    ReturnFacts,
    ReturnPage,
    ReturnRow,
    TemplateFacts,
    facts_of,
    row_of,
    template_facts,
)
from anlan.campaigns.versions import checker_for
from anlan.identity.asking import reader_of
from anlan.kernel.api import IF_MATCH, MOST, CursorText, Question, cursor, example, if_match, known_region, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import Day, RegionCode

router = Router(tags=["campaigns"])
StateName = Literal["open", "writing", "draft", "bounced", "returned", "passed", "accepted", "locked"]


class ReturnsQuestion(Question):
    """The list's filters."""

    campaign: UUID | None = None
    month: Day | None = Field(default=None, description="Its first day.")
    state: list[StateName] = Field(
        default=[], description="`open` is every state that waits, `writing` those in which the unit has it."
    )
    region: RegionCode | None = Field(default=None, description="With all below it.")
    unit: UUID | None = None
    late: bool = False
    missing: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class ReturnSaving(needs.Save):
    """Some boxes as they were typed; the others stay."""

    model_config = example(cells={"checks.units": "12", "engineering.reservoirs": None}, nothing={"visits": True})


@router.get("returns", response=ReturnPage, operation_id="returns", summary="List monthly returns")
def list_returns(request: HttpRequest, asked: Query[ReturnsQuestion]) -> ReturnPage:
    """Newest month first, then by region. Pages by cursor; only what this post may see."""
    actor = reader_of(request, READERS)
    filters = Filters(
        campaign=asked.campaign,
        month=asked.month,
        states=tuple(asked.state),
        region=known_region(asked.region),
        unit=asked.unit,
        late=asked.late,
        missing=asked.missing,
    )
    after = read_cursor(asked.cursor, date.fromisoformat, int, UUID) if asked.cursor else None
    page = queries.returns(actor, filters, after=after, limit=asked.limit)
    count = queries.count_returns(actor, filters)
    return ReturnPage(
        items=[ReturnRow(**row_of(row)) for row in page.rows],
        next=cursor(*page.after) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.get("returns/{uuid:return_id}", response=ReturnFacts, operation_id="monthly_return", summary="One return")
def return_facts(request: HttpRequest, return_id: UUID, response: HttpResponse) -> ReturnFacts:
    """With every box, what the platform counted beside it, what is wrong, and every step of the present state."""
    actor = reader_of(request, READERS)
    found = filling.one(return_id)
    response["ETag"] = f'"{found.version}"'
    return facts_of(actor, found)


@router.get(
    "returns/{uuid:return_id}/template",
    response=TemplateFacts,
    operation_id="monthly_return_template",
    summary="What a return asks",
)
def return_template(request: HttpRequest, return_id: UUID) -> TemplateFacts:
    """Panels and elements as they are asked of this unit, in the version with which the return was opened."""
    reader_of(request, READERS)
    found = filling.one(return_id)
    return template_facts(checker_for(found.template_id).template, found.filler)


@router.patch(
    "returns/{uuid:return_id}",
    response=ReturnFacts,
    operation_id="monthly_return_write",
    summary="Write some boxes",
    openapi_extra={"parameters": [IF_MATCH]},
)
def write(request: HttpRequest, return_id: UUID, data: Body[ReturnSaving]) -> ReturnFacts:
    """The step `save` by another name: nothing typed is refused, and `troubles` of the answer say what is wrong."""
    actor = reader_of(request, READERS)
    saved = actions.save(actor=actor, record=return_id, data=data, version=if_match(request))
    return facts_of(actor, filling.one(saved.pk))


add_operations(
    router,
    RETURN,
    under="returns",
    response=ReturnFacts,
    take=lambda actor, record, step, data, version: facts_of(
        actor,
        filling.one(actions.take_step(actor=actor, record=record, step=step, data=data, version=version).pk),
    ),
)
