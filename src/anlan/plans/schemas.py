"""A plan as programs read it: shapes of answers, and how they are made from rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.files.models import File
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import Plan, PlanItem, Progress, SubPlan
from anlan.plans.queries.accounts import Account, Sum
from anlan.plans.queries.progress import Standing, Tally
from anlan.plans.queries.tree import Branch, years
from anlan.plans.selfcheck import Trouble

PERMILLE = "Permille: 1000 is all."


class PlanFacts(Output):
    id: UUID
    campaign: UUID
    name: str
    region: int
    years: list[int]
    published_at: datetime | None


class Plans(Output):
    items: list[PlanFacts]


class PlanSums(Output):
    """PlanSums over the items of a branch, a unit or a region."""

    total: int
    done: int = Field(description="Found in order or closed.")
    share: int = Field(description=f"Mean of what is done. {PERMILLE}")
    expected: int = Field(description=f"Mean of the time gone. {PERMILLE}")
    overdue: int
    behind: int = Field(description="Past their day, or lagging by more than the city allows.")
    key_total: int
    key_done: int
    worst_days: int


class PlanBranch(Output):
    """A line of the plan with what hangs on it."""

    code: str
    level: str
    name: str
    unit: UUID | None
    unit_name: str
    target: Decimal | None
    target_unit: str
    due: date | None
    sums: PlanSums
    below: list["PlanBranch"]


class PlanTree(Output):
    year: int
    sums: PlanSums
    branches: list[PlanBranch]


class PlanUnitSums(Output):
    unit: UUID | None
    name: str
    sums: PlanSums


class PlanRegionSums(Output):
    region: int
    sums: PlanSums


class PlanProgress(Output):
    """Done of total at a moment, by branch, unit and region."""

    year: int
    moment: datetime
    sums: PlanSums
    actions: dict[str, PlanSums] = Field(description="By the action's ordinal.")
    units: list[PlanUnitSums]
    regions: list[PlanRegionSums]


class PlanSubPlanSums(Output):
    id: UUID
    code: str
    name: str
    kind: str
    sums: PlanSums


class PlanBoard(Output):
    """How far a unit, a region or everything is."""

    year: int
    sums: PlanSums
    states: dict[str, int] = Field(description="Items by state.")
    sub_plans: list[PlanSubPlanSums]


class PlanBehindRow(Output):
    """An item that is behind."""

    id: UUID
    code: str
    unit: UUID | None
    unit_name: str
    region: int
    sub_plan: UUID
    key: bool
    state: str
    share: int = Field(description=f"Done so far. {PERMILLE}")
    expected: int = Field(description=f"Of its time gone. {PERMILLE}")
    overdue_days: int = Field(description="Past its day; nought while the day has not come.")
    behind_days: int = Field(description="Days past its day, else about so many days slow.")


class PlanBehind(Output):
    year: int
    count: int = Field(description="How many are behind; `items` holds the worst of them.")
    items: list[PlanBehindRow]


class PlanAccount(Output):
    """A sub-plan's items, each counted once: `total` is the sum of the six others."""

    code: str
    name: str
    total: int
    planned: int = Field(description="Not given out yet.")
    not_signed: int
    in_hand: int
    reported: int
    done: int = Field(description="Found in order or closed.")
    withdrawn: int
    reconciles: bool


class PlanSum(Output):
    """A work's target against its items of the same unit."""

    code: str
    name: str
    unit: str
    target: Decimal
    promised: Decimal = Field(description="Sum of the items' targets.")
    reached: Decimal
    difference: Decimal = Field(description="Promised less target: below nought it is not covered.")


class PlanReconciliation(Output):
    year: int
    reconciles: bool
    accounts: list[PlanAccount]
    sums: list[PlanSum]


class SubPlanDocument(Output):
    id: UUID
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    uploaded_at: datetime


class SubPlanFacts(Output):
    """What a district or a department makes of the plan in a year, with its documents."""

    id: UUID
    plan: UUID
    code: str
    kind: str
    name: str
    year: int
    region: int
    unit: UUID | None
    unit_name: str
    document: str = Field(description="Number of the approved document.")
    approved_on: date | None
    documents: list[SubPlanDocument] = Field(description="Their bytes are at `/files/{id}/original`.")


class PlanTrouble(Output):
    rule: str
    error: bool = Field(description="A plan with an error is not published.")
    code: str
    name: str
    words: str


class PlanTroubles(Output):
    items: list[PlanTrouble]


class PlanItemRow(Output):
    """An item in a list."""

    id: UUID
    number: str
    code: str
    name: str
    plan: UUID
    year: int
    state: str
    state_label: str
    version: int
    sub_plan: UUID
    unit: UUID | None
    unit_name: str
    region: int
    key: bool
    measure: str
    target: Decimal | None
    target_unit: str
    achieved: Decimal | None
    share: int = Field(description=PERMILLE)
    starts_on: date | None
    due: date | None
    due_at: datetime | None = Field(description="When what it waits for now is due.")
    late: bool


class PlanItemPage(Output):
    items: list[PlanItemRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class PlanProgressRow(Output):
    at: datetime
    state: str
    share: int = Field(description=PERMILLE)
    achieved: Decimal | None
    due: date | None
    name: str
    words: str


class PlanItemStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class PlanItemFacts(PlanItemRow):
    partners: str
    method: str
    requirement: str
    target_text: str
    evidence: str
    report: str
    finished_on: date | None
    remark: str
    progress: list[PlanProgressRow]
    steps: list[PlanItemStep]


def plan_facts(row: Plan) -> PlanFacts:
    return PlanFacts(
        id=row.pk,
        campaign=row.campaign_id,
        name=row.campaign.zh,
        region=row.region,
        years=years(row),
        published_at=row.published_at,
    )


def sums_of(one: Tally) -> PlanSums:
    return PlanSums(**{name: getattr(one, name) for name in PlanSums.model_fields})


def branch_facts(one: Branch) -> PlanBranch:
    node = one.node
    plain = {
        name: getattr(node, name) for name in ("code", "level", "name", "unit_name", "target", "target_unit", "due")
    }
    return PlanBranch(
        **plain, unit=node.unit_id, sums=sums_of(one.tally), below=[branch_facts(part) for part in one.below]
    )


def behind_row(one: Standing) -> PlanBehindRow:
    return PlanBehindRow(**{name: getattr(one, name) for name in PlanBehindRow.model_fields})


def reconciliation(year: int, accounts: list[Account], sums: list[Sum]) -> PlanReconciliation:
    return PlanReconciliation(
        year=year,
        reconciles=all(one.reconciles for one in accounts),
        accounts=[PlanAccount(**{name: getattr(one, name) for name in PlanAccount.model_fields}) for one in accounts],
        sums=[PlanSum(**{name: getattr(one, name) for name in PlanSum.model_fields}) for one in sums],
    )


def sub_facts(row: SubPlan, documents: list[File]) -> SubPlanFacts:
    own = ("code", "kind", "name", "year", "region", "unit_name", "document", "approved_on")
    return SubPlanFacts(
        id=row.pk,
        plan=row.plan_id,
        unit=row.unit_id,
        **{name: getattr(row, name) for name in own},
        documents=[
            SubPlanDocument(**{name: getattr(one, name) for name in SubPlanDocument.model_fields}) for one in documents
        ],
    )


def trouble_facts(one: Trouble) -> PlanTrouble:
    return PlanTrouble(rule=one.rule, error=one.is_error, code=one.code, name=one.name, words=one.words)


OWN_NAMES = frozenset({"plan", "sub_plan", "unit", "state_label"})


def row_of(row: PlanItem) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in PlanItemRow.model_fields if name not in OWN_NAMES}
    return plain | {
        "plan": row.plan_id,
        "sub_plan": row.sub_plan_id,
        "unit": row.unit_id,
        "state_label": state_words(PLAN_ITEM, row.state),
    }


def progress_row(one: Progress) -> PlanProgressRow:
    return PlanProgressRow(**{name: getattr(one, name) for name in PlanProgressRow.model_fields})


def facts_of(actor: Actor, row: PlanItem, progress: list[Progress]) -> PlanItemFacts:
    more = ("partners", "method", "requirement", "target_text", "evidence", "report", "finished_on", "remark")
    return PlanItemFacts(
        **row_of(row),
        **{name: getattr(row, name) for name in more},
        progress=[progress_row(one) for one in progress],
        steps=[PlanItemStep(**one) for one in step_offers(PLAN_ITEM, row, actor)],
    )
