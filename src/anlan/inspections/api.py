"""Visits for programs: the list, the record, planning, one operation for each step of the flow, the ledger."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.identity.asking import actor_of
from anlan.inspections import draw_api, needs
from anlan.inspections.actions.visit import plan_visit, take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.queries import visits as queries
from anlan.inspections.queries.filters import VisitFilters
from anlan.inspections.schemas import VisitFacts, VisitPage, VisitRow, facts_of, rows_of
from anlan.kernel.api import MOST, CursorText, Question, cursor, known_region, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import Code, Day, NewId, RegionCode, without_id

router = Router(tags=["inspections"])
router.add_router("", draw_api.router)
StateName = Literal[
    "open", "planned", "assigned", "notified", "unannounced", "under_way", "recorded", "signed", "filed", "cancelled",
]  # fmt: skip


class VisitsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    state: StateName | None = Field(default=None, description="`open`: neither filed nor cancelled.")
    kind: Literal["administrative", "supervision", "expert_help"] | None = None
    check: Literal["county", "group", "expert"] | None = None
    style: Literal["notified", "unannounced", "covert", "cross_region"] | None = None
    reason: Literal["plan", "draw", "campaign", "complaint", "accident", "follow_up", "request"] | None = None
    industry: Code = ""
    region: RegionCode | None = None
    enterprise: UUID | None = None
    person: UUID | None = Field(default=None, description="Visits this person goes on.")
    planned_from: Day | None = None
    planned_to: Day | None = None
    late: bool = False
    mine: bool = Field(default=False, description="Those one goes on or planned.")
    q: Annotated[str, Field(max_length=100)] = Field(
        default="", description="A number, or words of the enterprise's name."
    )
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class VisitPlanning(needs.Plan):
    """One visit; with `members` it is assigned at once, and held back when its style says so."""

    id: NewId
    members: needs.Assign | None = None


@router.get("visits", response=VisitPage, operation_id="visits", summary="List visits")
def list_visits(request: HttpRequest, asked: Query[VisitsQuestion]) -> VisitPage:
    """The latest planned day first. Pages by cursor; only what this post may see, and those it goes on."""
    actor = actor_of(request)
    filters = VisitFilters(
        words=asked.q.strip(), state=asked.state or "", kind=asked.kind or "", check=asked.check or "",
        style=asked.style or "", reason=asked.reason or "", industry=asked.industry, region=known_region(asked.region),
        enterprise=asked.enterprise, person=asked.person, first=asked.planned_from, last=asked.planned_to,
        late=asked.late, mine=asked.mine,
    )  # fmt: skip
    after = read_cursor(asked.cursor, date.fromisoformat, UUID) if asked.cursor else None
    page = queries.visits(actor, filters, after=after, limit=asked.limit)
    count = queries.count_visits(actor, filters)
    return VisitPage(
        items=[VisitRow(**row) for row in rows_of(actor, page.rows)],
        next=cursor(*page.after) if page.after else None,
        count=min(count, queries.COUNTED),
        count_is_exact=count <= queries.COUNTED,
    )


@router.post("visits", response={201: VisitFacts}, operation_id="visit_plan", summary="Plan a visit")
def plan(request: HttpRequest, data: Body[VisitPlanning]) -> Status[VisitFacts]:
    """The law of its kind is checked: the body that visits, the yearly cap, published checklists, other departments' visits."""
    actor = actor_of(request)
    planned = without_id(needs.Plan, data)
    return Status(201, facts_of(actor, plan_visit(actor=actor, data=planned, members=data.members, id=data.id)))


@router.get("visits/{uuid:visit_id}", response=VisitFacts, operation_id="visit", summary="One visit, and what I may do")
def visit_facts(request: HttpRequest, visit_id: UUID, response: HttpResponse) -> VisitFacts:
    """All facts, the checklist with its answers, the findings, and every step of the present state."""
    visit = queries.visit(visit_id)
    response["ETag"] = f'"{visit.version}"'
    return facts_of(actor_of(request), visit)


add_operations(
    router,
    VISIT,
    under="visits",
    response=VisitFacts,
    take=lambda actor, visit, step, data, version: facts_of(
        actor, take_step(actor=actor, visit=visit, step=step, data=data, version=version)
    ),
)
