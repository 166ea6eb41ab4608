"""Plans for programs: the tree with its progress, the items, one operation for each step, and writing the plan."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import MOST, CursorText, Output, Question, cursor, known_region, read_cursor
from anlan.kernel.errors import Forbidden
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import Moment, NewId, RegionCode, without_id
from anlan.plans import actions, needs
from anlan.plans.actions.writing import ONLY_OFFICE
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.ordinals import level_of
from anlan.plans.queries import items, tree
from anlan.plans.queries.progress import figures, standings, tally
from anlan.plans.queries.selfchecks import troubles_of
from anlan.plans.rules import READERS, keeps
from anlan.plans.schemas import (
    PlanFacts,
    PlanItemFacts,
    PlanItemPage,
    PlanItemRow,
    PlanProgress,
    PlanRegionSums,
    Plans,
    PlanTree,
    PlanTroubles,
    PlanUnitSums,
    branch_facts,
    facts_of,
    plan_facts,
    row_of,
    sums_of,
    trouble_facts,
)

router = Router(tags=["plans"])
Year = Annotated[int, Field(ge=2000, le=2199)]
StateName = Literal[
    "open", "planned", "assigned", "handed_back", "signed_for", "under_way", "reported", "returned", "verified", "done",
    "withdrawn",
]  # fmt: skip


class PlanYearQuestion(Question):
    year: Year | None = Field(default=None, description="Of the campaign's; without one the present year.")


class PlanMomentQuestion(PlanYearQuestion):
    moment: Moment | None = Field(default=None, description="As it stood then; without one now.")


class PlanItemsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    plan: UUID | None = None
    year: Year | None = None
    state: list[StateName] = Field(default=[], description="`open` means every state that waits for something.")
    branch: Annotated[str, Field(max_length=12, pattern=r"^([1-9]\d{0,2}(\.[1-9]\d{0,2}){0,2})?$")] = Field(
        default="", description="Ordinal of an action, task or work: everything below it."
    )
    unit: UUID | None = None
    sub_plan: UUID | None = None
    region: RegionCode | None = Field(default=None, description="With all below it.")
    key: bool = False
    late: bool = False
    q: Annotated[str, Field(max_length=40)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class PlanOpening(needs.OpenPlan):
    """A plan for a campaign; it begins empty."""

    id: NewId


class PlanWritten(Output):
    """What a line became."""

    id: UUID
    code: str
    level: str


@router.get("plans", response=Plans, operation_id="plans", summary="List plans")
def list_plans(request: HttpRequest) -> Plans:
    reader_of(request, READERS)
    return Plans(items=[plan_facts(one) for one in tree.plans()])


@router.post("plans", response={201: PlanFacts}, operation_id="plan_open", summary="Open a campaign's plan")
def open_plan(request: HttpRequest, data: Body[PlanOpening]) -> Status[PlanFacts]:
    actor = reader_of(request, READERS)
    made = actions.open_plan(actor=actor, data=without_id(needs.OpenPlan, data), id=data.id)
    return Status(201, plan_facts(tree.plan(made.pk)))


@router.get("plans/items", response=PlanItemPage, operation_id="plan_items", summary="List items")
def list_items(request: HttpRequest, asked: Query[PlanItemsQuestion]) -> PlanItemPage:
    """In the order of the plan. Pages by cursor; only what this post may see."""
    actor = reader_of(request, READERS)
    filters = items.Filters(
        plan=asked.plan,
        year=asked.year,
        states=tuple(asked.state),
        branch=asked.branch,
        unit=asked.unit,
        sub_plan=asked.sub_plan,
        region=known_region(asked.region),
        key=asked.key,
        late=asked.late,
        words=asked.q.strip(),
    )
    after = read_cursor(asked.cursor, str, UUID) if asked.cursor else None
    page = items.items(actor, filters, after=after, limit=asked.limit)
    count = items.count_items(actor, filters)
    return PlanItemPage(
        items=[PlanItemRow(**row_of(row)) for row in page.rows],
        next=cursor(*page.after) if page.after else None,
        count=min(count, items.COUNTED),
        count_is_exact=count <= items.COUNTED,
    )


@router.get("plans/items/{uuid:plan_item_id}", response=PlanItemFacts, operation_id="plan_item", summary="One item")
def item_facts(request: HttpRequest, plan_item_id: UUID, response: HttpResponse) -> PlanItemFacts:
    """With its progress row by row, and every step of the present state."""
    actor = reader_of(request, READERS)
    found = _facts(actor, plan_item_id)
    response["ETag"] = f'"{found.version}"'
    return found


def _facts(actor: Actor, item_id: UUID) -> PlanItemFacts:
    row = items.item(item_id)
    return facts_of(actor, row, items.progress_of(row))


add_operations(
    router,
    PLAN_ITEM,
    under="plans/items",
    response=PlanItemFacts,
    take=lambda actor, item, step, data, version: _facts(
        actor, actions.take_step(actor=actor, item=item, step=step, data=data, version=version).pk
    ),
)


@router.get(
    "plans/{uuid:plan_id}", response=PlanTree, operation_id="plan_tree", summary="A plan's tree with its progress"
)
def plan_tree(request: HttpRequest, plan_id: UUID, asked: Query[PlanYearQuestion]) -> PlanTree:
    reader_of(request, READERS)
    found = tree.plan(plan_id)
    year = tree.year_of(found, asked.year)
    rows = standings(found, year)
    return PlanTree(
        year=year, sums=sums_of(tally(rows)), branches=[branch_facts(one) for one in tree.branches(found, rows)]
    )


@router.get(
    "plans/{uuid:plan_id}/progress",
    response=PlanProgress,
    operation_id="plan_progress",
    summary="Progress at a moment",
)
def plan_progress(request: HttpRequest, plan_id: UUID, asked: Query[PlanMomentQuestion]) -> PlanProgress:
    """By action, unit and county; of the items that this post sees."""
    reader_of(request, READERS)
    found = tree.plan(plan_id)
    moment: datetime | None = asked.moment
    all_ = figures(found, tree.year_of(found, asked.year), moment)
    return PlanProgress(
        year=all_.year,
        moment=all_.moment,
        sums=sums_of(all_.whole),
        actions={code: sums_of(one) for code, one in all_.by_branch.items()},
        units=[PlanUnitSums(unit=unit, name=name, sums=sums_of(one)) for (unit, name), one in all_.by_unit.items()],
        regions=[PlanRegionSums(region=code, sums=sums_of(one)) for code, one in all_.by_region.items()],
    )


@router.get(
    "plans/{uuid:plan_id}/checks", response=PlanTroubles, operation_id="plan_checks", summary="The tree's self-checks"
)
def plan_checks(request: HttpRequest, plan_id: UUID, asked: Query[PlanYearQuestion]) -> PlanTroubles:
    """Errors first. For the office that keeps the plan."""
    actor = reader_of(request, READERS)
    found = tree.plan(plan_id)
    if not keeps(actor, found.region):
        raise Forbidden(ONLY_OFFICE)
    return PlanTroubles(items=[trouble_facts(one) for one in troubles_of(found, tree.year_of(found, asked.year))])


@router.put("plans/{uuid:plan_id}/lines", response=PlanWritten, operation_id="plan_put_line", summary="Write a line")
def put_line(request: HttpRequest, plan_id: UUID, data: Body[needs.PutLine]) -> PlanWritten:
    """By its ordinal: a line that is there is changed. What was given out keeps its unit, target and day."""
    actor = reader_of(request, READERS)
    row = actions.put_line(actor=actor, plan=plan_id, data=data)
    return PlanWritten(id=row.pk, code=row.code, level=level_of(row.code))


@router.put(
    "plans/{uuid:plan_id}/sub-plans", response=PlanWritten, operation_id="plan_put_sub_plan", summary="Write a sub-plan"
)
def put_sub_plan(request: HttpRequest, plan_id: UUID, data: Body[needs.PutSubPlan]) -> PlanWritten:
    """By its number and year."""
    actor = reader_of(request, READERS)
    row = actions.put_sub_plan(actor=actor, plan=plan_id, data=data)
    return PlanWritten(id=row.pk, code=row.code, level=row.kind)


@router.post(
    "plans/{uuid:plan_id}/publish", response=PlanFacts, operation_id="plan_publish", summary="Publish and give out"
)
def publish(request: HttpRequest, plan_id: UUID) -> PlanFacts:
    """409 while the tree has an error, or when nothing is left to give out."""
    actor = reader_of(request, READERS)
    return plan_facts(tree.plan(actions.publish(actor=actor, plan=plan_id).pk))
