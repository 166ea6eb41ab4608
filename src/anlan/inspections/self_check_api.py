"""Self-checks for programs: what is due, what was done, doing one. A phone sends `self_check.do` to `/sync` instead."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.identity.asking import reader_of
from anlan.inspections import self_check_needs as needs
from anlan.inspections.actions import self_check as actions
from anlan.inspections.models import SelfCheck, SelfCheckPlan
from anlan.inspections.queries import self_check as queries
from anlan.kernel import clock
from anlan.kernel.api import CursorText, Limit, Output, Question, cursor, read_cursor
from anlan.kernel.inputs import GivenId, without_id

router = Router(tags=["self-checks"])


class SelfChecksQuestion(Question):
    enterprise: UUID
    cycle: Literal["", "daily", "weekly", "monthly"] = ""
    limit: Limit = 50
    cursor: CursorText = ""


class SelfCheckRow(Output):
    id: UUID
    enterprise: UUID
    cycle: str
    period: date
    state: str = Field(description="done, late or missed")
    version: int
    nothing_found: bool
    findings: int
    excuse: str
    person_name: str
    done_at: datetime | None


class SelfCheckPage(Output):
    items: list[SelfCheckRow]
    next: str | None


class SelfCheckFinding(Output):
    id: UUID
    risk_point: UUID | None
    place: str
    category: str
    description: str
    hazard: UUID | None
    hazard_number: str
    joined: bool


class SelfCheckFacts(SelfCheckRow):
    answers: list[dict[str, Any]]
    words: str
    files: list[str]
    found: list[SelfCheckFinding]


class SelfCheckDoing(needs.DoCheck):
    id: GivenId


class SelfCheckPlanFacts(Output):
    id: UUID
    enterprise: UUID
    cycle: str
    begins_on: date
    ends_on: date | None
    holder_name: str
    on_rest_days: bool


class SelfCheckDue(Output):
    """As `GET /field/day` carries it."""

    items: list[dict[str, Any]]


def _row(check: SelfCheck, findings: int) -> dict[str, Any]:
    same = ("cycle", "period", "state", "version", "nothing_found", "excuse", "person_name", "done_at")
    values = {name: getattr(check, name) for name in same}
    return {"id": check.pk, "enterprise": check.enterprise_id, "findings": findings, **values}


def facts_of(check: SelfCheck) -> SelfCheckFacts:
    found = queries.findings_of(check)
    return SelfCheckFacts(
        **_row(check, len(found)),
        answers=check.answers,
        words=check.words,
        files=check.files,
        found=[
            SelfCheckFinding(
                id=one.pk,
                risk_point=one.risk_point_id,
                place=one.place,
                category=one.category,
                description=one.description,
                hazard=one.hazard_id,
                hazard_number=one.hazard_number,
                joined=one.joined,
            )
            for one in found
        ],
    )


@router.get("self-checks", response=SelfCheckPage, operation_id="self_checks", summary="An enterprise's own checks")
def self_checks(request: HttpRequest, asked: Query[SelfChecksQuestion]) -> SelfCheckPage:
    """Done, late and missed, latest first; only what this post may see."""
    reader_of(request)
    after = read_cursor(asked.cursor, date.fromisoformat, UUID) if asked.cursor else None
    found = queries.history(asked.enterprise, cycle=asked.cycle, after=after, limit=asked.limit)
    return SelfCheckPage(
        items=[SelfCheckRow(**_row(one, one.found)) for one in found.rows],
        next=cursor(found.after[0].isoformat(), found.after[1]) if found.after else None,
    )


@router.get("self-checks/due", response=SelfCheckDue, operation_id="self_checks_due", summary="What is to be done")
def due(request: HttpRequest) -> SelfCheckDue:
    """Of the enterprises this post answers for: the present periods and what can still be done late, with what to look at."""
    return SelfCheckDue(items=queries.checks_for(reader_of(request), clock.today()))


@router.post(
    "self-checks",
    response={201: SelfCheckFacts, 200: SelfCheckFacts},
    operation_id="self_check_do",
    summary="Do a check",
)
def do(request: HttpRequest, data: Body[SelfCheckDoing]) -> Status[SelfCheckFacts]:
    """By the enterprise's own people. A period that has its check already takes what is new (200); a finding becomes a hazard."""
    asked = without_id(needs.DoCheck, data)
    check = actions.do_check(actor=reader_of(request), id=data.id, data=asked)
    return Status(201 if check.pk == data.id and check.version == 1 else 200, facts_of(check))


@router.get("self-checks/{uuid:check_id}", response=SelfCheckFacts, operation_id="self_check", summary="One check")
def self_check(request: HttpRequest, check_id: UUID) -> SelfCheckFacts:
    reader_of(request)
    return facts_of(queries.check(check_id))


@router.post(
    "self-checks/{uuid:check_id}/excuse",
    response=SelfCheckFacts,
    operation_id="self_check_excuse",
    summary="Say why a check was missed or late",
)
def excuse(request: HttpRequest, check_id: UUID, data: Body[needs.AddExcuse]) -> SelfCheckFacts:
    """It stays missed."""
    return facts_of(actions.add_excuse(actor=reader_of(request), check=check_id, data=data))


def _plan(plan: SelfCheckPlan) -> SelfCheckPlanFacts:
    same = ("cycle", "begins_on", "ends_on", "holder_name", "on_rest_days")
    return SelfCheckPlanFacts(id=plan.pk, enterprise=plan.enterprise_id, **{name: getattr(plan, name) for name in same})


class PlansQuestion(Question):
    enterprise: Annotated[UUID, Field()]


@router.get(
    "self-check-plans",
    response=list[SelfCheckPlanFacts],
    operation_id="self_check_plans",
    summary="Which cycles an enterprise keeps",
)
def plans(request: HttpRequest, asked: Query[PlansQuestion]) -> list[SelfCheckPlanFacts]:
    reader_of(request)
    return [_plan(one) for one in queries.plans_of([asked.enterprise])]


@router.post(
    "self-check-plans",
    response={201: SelfCheckPlanFacts},
    operation_id="self_check_plan_begin",
    summary="Begin a cycle",
)
def begin(request: HttpRequest, data: Body[needs.BeginPlan]) -> Status[SelfCheckPlanFacts]:
    return Status(201, _plan(actions.begin_plan(actor=reader_of(request), data=data)))


@router.post(
    "self-check-plans/{uuid:plan_id}/end",
    response=SelfCheckPlanFacts,
    operation_id="self_check_plan_end",
    summary="End a cycle",
)
def end(request: HttpRequest, plan_id: UUID, data: Body[needs.EndPlan]) -> SelfCheckPlanFacts:
    return _plan(actions.end_plan(actor=reader_of(request), plan=plan_id, data=data))
