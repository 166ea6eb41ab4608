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
from anlan.kernel.reading import reach_of
from anlan.plans import actions, needs
from anlan.plans.actions.publishing import AT_ONCE
from anlan.plans.actions.writing import ONLY_OFFICE
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.ordinals import level_of
from anlan.plans.queries import items, tree
from anlan.plans.queries.accounts import accounts, sums
from anlan.plans.queries.documents import documents, sub_plan
from anlan.plans.queries.progress import Standing, figures, standings, tally
from anlan.plans.queries.selfchecks import troubles_of
from anlan.plans.rules import READERS, keeps
from anlan.plans.schemas import (
    PlanBehind,
    PlanBoard,
    PlanFacts,
    PlanItemFacts,
    PlanItemPage,
    PlanItemRow,
    PlanProgress,
    PlanReconciliation,
    PlanRegionSums,
    Plans,
    PlanSubPlanSums,
    PlanTree,
    PlanTroubles,
    PlanUnitSums,
    SubPlanFacts,
    behind_row,
    branch_facts,
    facts_of,
    plan_facts,
    reconciliation,
    row_of,
    sub_facts,
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


class PlanBoardQuestion(PlanMomentQuestion):
    unit: UUID | None = Field(default=None, description="The responsible unit.")
    region: RegionCode | None = Field(default=None, description="Where the unit lies, with all below it.")


class PlanBehindQuestion(PlanBoardQuestion):
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50


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


@router.get(
    "plans/{uuid:plan_id}/board",
    response=PlanBoard,
    operation_id="plan_board",
    summary="The board of a unit or a region",
)
def plan_board(request: HttpRequest, plan_id: UUID, asked: Query[PlanBoardQuestion]) -> PlanBoard:
    """Sums, where the items stand, and by sub-plan; of the items that this post sees. Without unit and region: of all of them."""
    reader_of(request, READERS)
    found = tree.plan(plan_id)
    year = tree.year_of(found, asked.year)
    rows = _narrowed(standings(found, year, asked.moment), asked)
    subs = [
        PlanSubPlanSums(id=sub.pk, code=sub.code, name=sub.name, kind=sub.kind, sums=sums_of(one))
        for sub, one in tree.sub_plans(found, year, rows)
        if one.total
    ]
    whole = tally(rows)
    return PlanBoard(year=year, sums=sums_of(whole), states=whole.states, sub_plans=subs)


@router.get(
    "plans/{uuid:plan_id}/behind", response=PlanBehind, operation_id="plan_behind", summary="Who is behind, by how much"
)
def plan_behind(request: HttpRequest, plan_id: UUID, asked: Query[PlanBehindQuestion]) -> PlanBehind:
    """Items past their day or lagging by more than the city allows, the worst first."""
    reader_of(request, READERS)
    found = tree.plan(plan_id)
    year = tree.year_of(found, asked.year)
    rows = [one for one in _narrowed(standings(found, year, asked.moment), asked) if one.behind]
    rows.sort(key=lambda one: (-one.behind_days, one.code, one.id))
    return PlanBehind(year=year, count=len(rows), items=[behind_row(one) for one in rows[: asked.limit]])


@router.get(
    "plans/{uuid:plan_id}/reconciliation",
    response=PlanReconciliation,
    operation_id="plan_reconciliation",
    summary="Accounts that reconcile",
)
def plan_reconciliation(request: HttpRequest, plan_id: UUID, asked: Query[PlanYearQuestion]) -> PlanReconciliation:
    """Every item of the year in one place, by sub-plan; and each work's target against what its items promise and reach."""
    reader_of(request, READERS)
    found = tree.plan(plan_id)
    year = tree.year_of(found, asked.year)
    return reconciliation(year, accounts(found, year), sums(found, year))


@router.get(
    "plans/sub-plans/{uuid:sub_plan_id}",
    response=SubPlanFacts,
    operation_id="plan_sub_plan",
    summary="A sub-plan with its documents",
)
def sub_plan_facts(request: HttpRequest, sub_plan_id: UUID) -> SubPlanFacts:
    reader_of(request, READERS)
    found = sub_plan(sub_plan_id)
    return sub_facts(found, documents(found))


@router.post(
    "plans/sub-plans/{uuid:sub_plan_id}/documents",
    response=SubPlanFacts,
    operation_id="plan_attach_documents",
    summary="Add documents to a sub-plan",
)
def attach(request: HttpRequest, sub_plan_id: UUID, data: Body[needs.AttachDocuments]) -> SubPlanFacts:
    """Files that were uploaded before. For the offices of the plan and of the sub-plan, and the unit that made it."""
    actor = reader_of(request, READERS)
    found = actions.attach_documents(actor=actor, sub_plan=sub_plan_id, data=data)
    return sub_facts(found, documents(found))


def _narrowed(rows: list[Standing], asked: PlanBoardQuestion) -> list[Standing]:
    reach = reach_of(known_region(asked.region))
    return [
        one
        for one in rows
        if (asked.unit is None or one.unit == asked.unit) and (reach is None or reach[0] <= one.region < reach[1])
    ]


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
    return plan_facts(tree.plan(actions.publish(actor=actor, plan=plan_id, at_once=AT_ONCE).pk))
