"""The workbench for programs: what waits for this post, until when, and its figures."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from anlan.hazards.api import HazardBoardRow
from anlan.hazards.queries import board
from anlan.hazards.queries.workbench import waiting_for
from anlan.hazards.schemas import HazardRow, rows_of
from anlan.identity.asking import actor_of
from anlan.kernel.api import Output, Question
from anlan.notify.queries import COUNTED, unread_count

router = Router(tags=["workbench"])


class WorkbenchQuestion(Question):
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class WorkbenchPost(Output):
    id: UUID | None
    role: str
    label: str
    region: int | None
    organisation: str


class Task(Output):
    """A hazard that waits for this post, and the step it waits for."""

    hazard: HazardRow
    step: str
    label: str
    due: datetime | None


class WorkbenchFacts(Output):
    name: str
    post: WorkbenchPost
    unread: int = Field(description=f"Messages not yet read, counted up to {COUNTED}.")
    waiting: list[Task] = Field(description="Soonest due first; `GET /hazards?mine=1` lists all of them.")
    figures: HazardBoardRow | None = Field(description="Of the post's whole territory; null for a post without one.")


@router.get("workbench", response=WorkbenchFacts, operation_id="workbench", summary="What waits for me")
def workbench(request: HttpRequest, asked: Query[WorkbenchQuestion]) -> WorkbenchFacts:
    actor = actor_of(request)
    tasks = waiting_for(actor, limit=asked.limit)
    rows = rows_of([one.hazard for one in tasks])
    return WorkbenchFacts(
        name=actor.name,
        post=WorkbenchPost(
            id=actor.post,
            role=actor.role,
            label=actor.post_label,
            region=actor.region,
            organisation=actor.organisation_name,
        ),
        unread=unread_count(actor),
        waiting=[
            Task(
                hazard=HazardRow(**row),
                step=one.step,
                label=str(one.declared.label) if one.declared else "",
                due=one.due,
            )
            for one, row in zip(tasks, rows, strict=True)
        ],
        figures=HazardBoardRow(**vars(board(actor).total)) if actor.regions and actor.industries else None,
    )
