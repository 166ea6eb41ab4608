"""Visits for programs: the list, the record, planning, one operation for each step of the flow, the ledger."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field, create_model

from anlan.inspections import needs
from anlan.inspections.actions.visit import plan_visit, take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.queries import visits as queries
from anlan.inspections.queries.filters import VisitFilters
from anlan.inspections.schemas import VisitFacts, VisitPage, VisitRow, facts_of, offered, rows_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import MOST, CursorText, Question, cursor, in_english, read_cursor
from anlan.kernel.codes import CodeError, subtree
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Step

router = Router(tags=["inspections"])
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
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
    industry: Annotated[str, Field(max_length=30, pattern=r"^[A-Za-z0-9_.-]*$")] = ""
    region: Annotated[int, Field(ge=110_000_000_000, lt=1_000_000_000_000)] | None = None
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


class VisitStepQuestion(Question):
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(
        default=None, description="The version you saw: 409 when somebody else acted since. `If-Match` says the same."
    )


class VisitPlanning(needs.Plan):
    """One visit; with `members` it is assigned at once, and held back when its style says so."""

    id: UUID | None = Field(
        default=None, description="A UUIDv7 made by the client, so that a retry is the same record."
    )
    members: needs.Assign | None = None


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


@router.get("visits", response=VisitPage, operation_id="visits", summary="List visits")
def list_visits(request: HttpRequest, asked: Query[VisitsQuestion]) -> VisitPage:
    """The latest planned day first. Pages by cursor; only what this post may see, and those it goes on."""
    actor = _actor(request)
    try:
        if asked.region is not None:
            subtree(asked.region)
    except CodeError:
        raise Invalid(fields={"region": [_("There is no such region.")]}) from None
    filters = VisitFilters(
        words=asked.q.strip(), state=asked.state or "", kind=asked.kind or "", check=asked.check or "",
        style=asked.style or "", reason=asked.reason or "", industry=asked.industry, region=asked.region,
        enterprise=asked.enterprise, person=asked.person, first=asked.planned_from, last=asked.planned_to,
        late=asked.late, mine=asked.mine,
    )  # fmt: skip
    after = read_cursor(asked.cursor, date.fromisoformat, UUID) if asked.cursor else None
    page = queries.visits(actor, filters, after=after, limit=asked.limit)
    count = queries.count_visits(actor, filters)
    return VisitPage(
        items=[VisitRow(**row) for row in rows_of(_actor(request), page.rows)],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, queries.COUNTED),
        count_is_exact=count <= queries.COUNTED,
    )


@router.post("visits", response={201: VisitFacts}, operation_id="visit_plan", summary="Plan a visit")
def plan(request: HttpRequest, data: Body[VisitPlanning]) -> Status[VisitFacts]:
    """The law of its kind is checked: the body that visits, the yearly cap, published checklists, other departments' visits."""
    actor = _actor(request)
    if data.id is not None and data.id.version != 7:
        raise Invalid(fields={"id": [_("The id must be a UUIDv7.")]})
    planned = needs.Plan.model_construct(**{name: getattr(data, name) for name in needs.Plan.model_fields})
    return Status(201, facts_of(actor, plan_visit(actor=actor, data=planned, members=data.members, id=data.id)))


@router.get("visits/{uuid:visit_id}", response=VisitFacts, operation_id="visit", summary="One visit, and what I may do")
def visit_facts(request: HttpRequest, visit_id: UUID, response: HttpResponse) -> VisitFacts:
    """All facts, the checklist with its answers, the findings, and every step of the present state."""
    visit = queries.visit(visit_id)
    response["ETag"] = f'"{visit.version}"'
    return facts_of(_actor(request), visit)


def _if_match(request: HttpRequest) -> int | None:
    text = request.headers.get("If-Match", "")
    if text in ("", "*"):
        return None
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', text, re.ASCII)
    if found is None:
        raise Invalid(fields={"If-Match": [_('Send the version you saw, such as "7".')]})
    return int(found[1])


def _operation(step: Step) -> Callable[..., VisitFacts]:
    """The view of one step; its body is the step's own schema."""
    schema: Any = create_model(f"Visit{step.name.title().replace('_', '')}", __base__=step.needs)
    needless = all(not field.is_required() for field in schema.model_fields.values())
    body: Any = Body(default_factory=schema) if needless else Body(...)

    def take(
        request: HttpRequest,
        visit_id: UUID,
        asked: Query[VisitStepQuestion],
        data: schema = body,
    ) -> VisitFacts:
        actor = _actor(request)
        version = asked.version if asked.version is not None else _if_match(request)
        return facts_of(actor, take_step(actor=actor, visit=visit_id, step=step.name, data=data, version=version))

    take.__name__ = f"visit_{step.name}"
    return take


def _described(step: Step) -> dict[str, str]:
    parts = [
        f"Taken by {step.who}." if step.who else "",
        str(step.consequence),
        f"Basis: {step.basis}." if step.basis else "",
    ]
    places = f"From {', '.join(step.source)}" + (
        f" to {' or '.join(step.target)}." if step.target else "; the state stays."
    )
    return {"summary": str(step.label), "description": " ".join(part for part in [*parts, places] if part)}


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version you saw, as `GET` gave it in `ETag`.",
    "schema": {"type": "string"},
}
for _step in VISIT.steps:
    if offered(_step):
        router.post(
            f"visits/{{uuid:visit_id}}/steps/{_step.name}",
            response=VisitFacts,
            operation_id=f"visit_{_step.name}",
            openapi_extra={"parameters": [IF_MATCH]},
            **in_english(lambda: _described(_step)),  # noqa: B023 -- called at once
        )(_operation(_step))
