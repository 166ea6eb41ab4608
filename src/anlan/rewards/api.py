"""Rewards for programs: the list, the record, one operation for each step, budgets, reconciliation, and the callback."""

from typing import Annotated, Literal
from uuid import UUID

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.channels.pay import NotTheirs
from anlan.identity.asking import reader_of
from anlan.kernel.api import MOST, CursorText, Question, as_moment, cursor, known_region, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import NewId, RegionCode, without_id
from anlan.rewards import needs, queries
from anlan.rewards.actions import propose, set_budget, take_callback, take_step
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reconciliation
from anlan.rewards.queries import BudgetView, Filters
from anlan.rewards.queries.list import COUNTED
from anlan.rewards.rules import READERS
from anlan.rewards.schemas import (
    BudgetFacts,
    Budgets,
    DayFacts,
    Days,
    Heard,
    RewardFacts,
    RewardPage,
    RewardRow,
    facts_of,
    row_of,
)

router = Router(tags=["rewards"])
StateName = Literal["open", "proposed", "excluded", "refused", "approved", "claimable", "paying", "paid", "lapsed"]


class RewardsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    state: list[StateName] = Field(default=[], description="`open` means every state that waits for something.")
    way: Literal["wechat", "voucher"] | None = None
    year: Annotated[int, Field(ge=2000, le=2199)] | None = None
    region: RegionCode | None = Field(default=None, description="With all below it.")
    late: bool = False
    disputed: bool = False
    q: Annotated[str, Field(max_length=24)] = Field(
        default="", description="Beginning of a reward's or a report's number."
    )
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class BudgetQuestion(Question):
    year: Annotated[int, Field(ge=2000, le=2199)] | None = None


class RewardProposal(needs.Propose):
    """A reward for a report that was verified and answered."""

    id: NewId


class BudgetInput(needs.SetBudget):
    region: RegionCode


@router.get("rewards", response=RewardPage, operation_id="rewards", summary="List rewards")
def list_rewards(request: HttpRequest, asked: Query[RewardsQuestion]) -> RewardPage:
    """Newest first. Pages by cursor; only what this post may see."""
    actor = reader_of(request, READERS)
    filters = Filters(
        states=tuple(asked.state),
        way=asked.way or "",
        year=asked.year,
        region=known_region(asked.region),
        late=asked.late,
        disputed=asked.disputed,
        words=asked.q.strip().upper(),
    )
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = queries.rewards(actor, filters, after=after, limit=asked.limit)
    count = queries.count_rewards(actor, filters)
    return RewardPage(
        items=[RewardRow(**row_of(row)) for row in page.rows],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.post("rewards", response={201: RewardFacts}, operation_id="reward_propose", summary="Propose a reward")
def propose_reward(request: HttpRequest, data: Body[RewardProposal]) -> Status[RewardFacts]:
    """The answer shows the computation; the reward may be excluded by it."""
    actor = reader_of(request, READERS)
    made = propose(actor=actor, data=without_id(needs.Propose, data), id=data.id)
    return Status(201, facts_of(actor, queries.reward(made.pk)))


@router.get("rewards/budgets", response=Budgets, operation_id="reward_budgets", summary="Budgets with what they pay")
def list_budgets(request: HttpRequest, asked: Query[BudgetQuestion]) -> Budgets:
    actor = reader_of(request, READERS)
    return Budgets(items=[_budget(one) for one in queries.budgets(actor, asked.year)])


@router.put("rewards/budgets", response=BudgetFacts, operation_id="set_reward_budget", summary="Set a year's budget")
def put_budget(request: HttpRequest, data: Body[BudgetInput]) -> BudgetFacts:
    actor = reader_of(request, READERS)
    sent = needs.SetBudget.model_construct(year=data.year, fen=data.fen, basis=data.basis)
    made = set_budget(actor=actor, region=data.region, data=sent)
    return next(_budget(one) for one in queries.budgets(actor, data.year) if one.budget.pk == made.pk)


def _budget(one: BudgetView) -> BudgetFacts:
    return BudgetFacts(
        id=one.budget.pk,
        region=one.budget.region,
        year=one.budget.year,
        fen=one.budget.fen,
        paid_fen=one.paid_fen,
        promised_fen=one.open_fen,
        beyond_fen=one.beyond_fen,
        left_fen=one.left_fen,
    )


@router.get(
    "rewards/reconciliation", response=Days, operation_id="reward_reconciliation", summary="The last days compared"
)
def reconciliation(request: HttpRequest) -> Days:
    reader_of(request, READERS)
    rows = Reconciliation.objects.order_by("-day")[:60]
    return Days(
        items=[
            DayFacts(day=row.day, ours=row.ours, theirs=row.theirs, differences=row.differences, at=row.at)
            for row in rows
        ]
    )


@router.get("rewards/{uuid:reward_id}", response=RewardFacts, operation_id="reward", summary="One reward")
def reward_facts(request: HttpRequest, reward_id: UUID, response: HttpResponse) -> RewardFacts:
    """With its computation, its payments, and every step of the present state."""
    actor = reader_of(request, READERS)
    found = queries.reward(reward_id)
    response["ETag"] = f'"{found.version}"'
    return facts_of(actor, found)


@router.post(
    "wechat-pay/notices",
    response={200: Heard, 401: Heard, 503: Heard},
    auth=None,
    operation_id="wechat_pay_notice",
    summary="Callback of WeChat Pay",
)
def notice(request: HttpRequest) -> Status[Heard]:
    """Signature, time and cipher are checked; a repeated one is taken once. Anything but 200 makes the service send it again."""
    try:
        take_callback(request.headers, request.body)
    except NotTheirs:
        return Status(401, Heard(code="FAIL", message="not verified"))
    except OperationalError:  # the bill is held by somebody for too long
        return Status(503, Heard(code="FAIL", message="busy"))
    return Status(200, Heard(code="SUCCESS", message=""))


add_operations(
    router,
    REWARD,
    under="rewards",
    response=RewardFacts,
    take=lambda actor, reward, step, data, version: facts_of(
        actor,
        queries.reward(take_step(actor=actor, reward=reward, step=step, data=data, version=version).pk),
    ),
)
