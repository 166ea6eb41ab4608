"""A reward as programs read it: shapes of answers, and how they are made from rows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words
from anlan.rewards import queries
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reward
from anlan.rewards.queries import Story
from anlan.rewards.wording import lines_view


class RewardRow(Output):
    """A reward in a list. Amounts are whole fen."""

    id: UUID
    number: str
    state: str
    state_label: str
    version: int
    report: UUID
    report_number: str
    region: int
    amount_fen: int
    year: int
    rule: str | None
    way: str
    claim_by: date | None
    due_at: datetime | None
    late: bool
    disputed: bool = Field(description="A payment of it contradicts itself: nothing is paid until that is settled.")
    created_at: datetime
    paid_at: datetime | None


class RewardPage(Output):
    items: list[RewardRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class RewardLine(Output):
    words: str
    effect: str = Field(description="base, adds, cuts, stops or ok.")
    fen: int = Field(description="The amount after it.")
    basis: str
    mark: str = Field(description="How sure the ground is: V, B+, B, W or K.")


class RewardBill(Output):
    number: str
    transfer_number: str
    way: str
    state: str
    amount_fen: int
    excess_fen: int = Field(description="Paid beyond what was owed, as a person settled it.")
    stopped: bool = Field(description="It is not sent any more, and cancelled where the service has it.")
    receipt: str
    created_at: datetime
    ended_at: datetime | None


class RewardStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class RewardFacts(RewardRow):
    computation: list[RewardLine]
    bills: list[RewardBill]
    steps: list[RewardStep]


class BudgetFacts(Output):
    """budget = paid + promised + beyond + left; `beyond` was paid though nothing was owed, and did not come back."""

    id: UUID
    region: int
    year: int
    fen: int
    paid_fen: int
    promised_fen: int
    beyond_fen: int
    left_fen: int


class Budgets(Output):
    items: list[BudgetFacts]


class DayFacts(Output):
    day: date
    ours: int
    theirs: int
    differences: list[dict[str, Any]]
    at: datetime


class Days(Output):
    items: list[DayFacts]


class Heard(Output):
    """What WeChat Pay wants to read."""

    code: str
    message: str


class CitizenReward(Output):
    """An own reward."""

    id: UUID
    number: str
    report_number: str
    amount_fen: int
    state: str
    state_label: str
    claim_by: date | None
    way: str
    paid_at: datetime | None
    package: str | None = Field(description="While the transfer waits to be confirmed: for wx.requestMerchantTransfer.")
    voucher_code: str | None = Field(description="To be shown where the voucher is cashed; while it was not.")
    bill_state: str = Field(description="The service's own word for the transfer under way.")
    mch_id: str | None = None
    app_id: str | None = None


class CitizenRewards(Output):
    items: list[CitizenReward]


class Claimed(Output):
    reward: CitizenReward
    package: str | None
    voucher_code: str | None


def row_of(reward: Reward) -> dict[str, Any]:
    return {
        "id": reward.pk,
        "number": reward.number,
        "state": reward.state,
        "state_label": state_words(REWARD, reward.state),
        "version": reward.version,
        "report": reward.report_id,
        "report_number": reward.report.number,
        "region": reward.region,
        "amount_fen": reward.amount_fen,
        "year": reward.year,
        "rule": reward.rule.code if reward.rule else None,
        "way": reward.way,
        "claim_by": reward.claim_by,
        "due_at": reward.due_at,
        "late": reward.late,
        "disputed": reward.disputed,
        "created_at": reward.created_at,
        "paid_at": reward.paid_at,
    }


def facts_of(actor: Actor, reward: Reward) -> RewardFacts:
    bills = [
        RewardBill(
            number=bill.out_bill_no,
            transfer_number=bill.transfer_bill_no,
            way=bill.way,
            state=bill.state,
            amount_fen=bill.amount_fen,
            excess_fen=bill.excess_fen,
            stopped=bill.open and bill.stopped_at is not None,
            receipt=bill.receipt,
            created_at=bill.created_at,
            ended_at=bill.ended_at,
        )
        for bill, _events in queries.bills_of(reward)
    ]
    lines = [RewardLine(**{name: one[name] for name in RewardLine.model_fields}) for one in lines_view(reward)]
    steps = [RewardStep(**one) for one in step_offers(REWARD, reward, actor)]
    return RewardFacts(**row_of(reward), computation=lines, bills=bills, steps=steps)


def citizen_reward(story: Story) -> CitizenReward:
    from anlan.channels import pay

    reward = story.reward
    account = pay.Account.configured() if story.package else None
    return CitizenReward(
        id=reward.pk,
        number=reward.number,
        report_number=story.report_number,
        amount_fen=reward.amount_fen,
        state=reward.state,
        state_label=state_words(REWARD, reward.state),
        claim_by=reward.claim_by,
        way=reward.way,
        paid_at=reward.paid_at,
        package=story.package or None,
        voucher_code=story.voucher or None,
        bill_state=story.bill_state,
        mch_id=account.mchid if account else None,
        app_id=account.appid if account else None,
    )


def claimed(story: Story) -> Claimed:
    found = citizen_reward(story)
    return Claimed(reward=found, package=found.package, voucher_code=found.voucher_code)
