"""Random draws for programs: announced, held by a seed nobody chose, made into visits; and the record anybody replays."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.inspections.actions.draws import DRAWERS, announce_draw, hold_draw, plan_drawn
from anlan.inspections.models import Draw, DrawNotice
from anlan.inspections.needs_draw import DrawFacts, DrawnFacts
from anlan.inspections.queries import draws as queries
from anlan.kernel.api import CursorText, Output, Question, example

router = Router(tags=["inspections"])
READERS = DRAWERS | {roles.AUDITOR}


class DrawRow(Output):
    id: UUID
    number: str
    title: str
    region: int = Field(description="Enterprises of this territory.")
    industry_bit: int | None
    at: datetime = Field(description="When it was held, or announced when it is not held yet.")
    by: str


class DrawPage(Output):
    items: list[DrawRow]
    next: str | None


class DrawList(Output):
    items: list[DrawRow]


class DrawRecord(DrawRow):
    """From `published` alone anybody computes the same result: the rule, the candidates, those left out, and the seed."""

    held: bool
    purpose: str
    digest: str = Field(description="SHA-256 of the canonical bytes of what is published.")
    published: dict[str, Any]
    result: list[dict[str, Any]] = Field(description="Each enterprise with its officers and who was passed over.")
    visits: list[UUID] = Field(description="Visits planned from it.")


class DrawsQuestion(Question):
    after: CursorText = ""


class NewDraw(DrawFacts):
    """Who may be drawn, and how many. It is published and never changed; periods are in days."""

    model_config = example(
        title="四季度工贸双随机", region=141002000000, industry="gongmao", enterprises=5, officers_each=2,
        not_visited_days=90, planned_on="2026-12-01", purpose="年度计划",
    )  # fmt: skip


class DrawVisits(DrawnFacts):
    """How the drawn enterprises are visited."""

    model_config = example(check="county", style="unannounced", planned_on="2026-12-01")


class PlannedVisit(Output):
    id: UUID
    number: str
    enterprise: UUID
    planned_on: date


class PlannedVisits(Output):
    items: list[PlannedVisit]


def _row(row: Draw | DrawNotice) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ("number", "title", "region", "industry_bit")}
    at, by = (row.drawn_at, row.drawer_name) if isinstance(row, Draw) else (row.announced_at, row.announcer_name)
    return {"id": row.pk, "at": at, "by": by, **same}


def _record(row: Draw | DrawNotice) -> DrawRecord:
    held = row if isinstance(row, Draw) else None
    return DrawRecord(
        **_row(row), held=held is not None, purpose=row.remark, digest=row.digest, published=row.published,
        result=held.result if held else [], visits=queries.visits_of(held) if held else [],
    )  # fmt: skip


@router.get("draws", response=DrawPage, operation_id="draws", summary="Draws that were held")
def list_draws(request: HttpRequest, asked: Query[DrawsQuestion]) -> DrawPage:
    """Newest first, of the post's own territory and fields."""
    found = queries.draws(reader_of(request, among=READERS), after=asked.after)
    return DrawPage(items=[DrawRow(**_row(row)) for row in found.rows], next=found.next)


@router.get("draws/announced", response=DrawList, operation_id="draws_announced", summary="Draws not held yet")
def list_announced(request: HttpRequest) -> DrawList:
    """The newest 50. One that is never held stays in the list: who goes on asking is seen."""
    return DrawList(items=[DrawRow(**_row(row)) for row in queries.announced(reader_of(request, among=READERS))])


@router.post("draws", response={201: DrawRecord}, operation_id="draw_announce", summary="Announce a draw")
def announce(request: HttpRequest, data: NewDraw) -> Status[DrawRecord]:
    """Fixes and publishes who may be drawn, before anybody can know the seed. By the office or a regulator."""
    return Status(201, _record(announce_draw(actor=reader_of(request, among=READERS), data=data)))


@router.get("draws/{uuid:draw_id}", response=DrawRecord, operation_id="draw", summary="One draw")
def get_draw(request: HttpRequest, draw_id: UUID) -> DrawRecord:
    """What was announced, and once it is held the seed and the result."""
    reader_of(request, among=READERS)
    return _record(queries.draw(draw_id) if queries.held(draw_id) else queries.notice(draw_id))


@router.post("draws/{uuid:draw_id}/hold", response=DrawRecord, operation_id="draw_hold", summary="Hold a draw")
def hold(request: HttpRequest, draw_id: UUID) -> DrawRecord:
    """Once, by the first signed head of the ledger that holds the announcement. Until there is one: `draw.no_head`."""
    return _record(hold_draw(actor=reader_of(request, among=READERS), notice=draw_id))


@router.post(
    "draws/{uuid:draw_id}/visits",
    response={201: PlannedVisits},
    operation_id="draw_plan",
    summary="Plan the visits of a draw",
)
def plan(request: HttpRequest, draw_id: UUID, data: DrawVisits) -> Status[PlannedVisits]:
    """Each with the officers drawn for it, all or none unless `leave_out` says otherwise. Once a draw."""
    made = plan_drawn(actor=reader_of(request, among=READERS), draw=draw_id, data=data)
    items = [
        PlannedVisit(id=one.pk, number=one.number, enterprise=one.enterprise_id, planned_on=one.planned_on)
        for one in made
    ]
    return Status(201, PlannedVisits(items=items))
