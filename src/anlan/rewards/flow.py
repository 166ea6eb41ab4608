"""The reward's whole life in one table. What it earns is `computing.py`; how it is paid `billing.py`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import THE_CLOCK, Level, climbing_steps, is_clock
from anlan.rewards import checks, needs, notices, rules, rulings, settling, steps
from anlan.rewards.models import Reward
from anlan.rewards.states import STATES

MEASURE = "《安全生产领域举报奖励办法》（安监总财〔2018〕19号）"
FINANCE = _("a finance officer of the territory")
WITH_BILLS = ("claimable", "paying", "paid", "lapsed")
"""Where a payment can contradict itself: also long after the reward was paid or had lapsed."""

STEPS = (
    Step(
        name="propose",
        label=_("Propose a reward"),
        source=(),
        target=("proposed", "excluded"),
        by=rules.is_proposer,
        who=_("the committee office, the dispatcher, or the platform when a verified report is answered"),
        needs=needs.Propose,
        do=steps.propose,
        then=notices.moved,
        basis=MEASURE,
    ),
    Step(
        name="recompute",
        label=_("Compute again"),
        source=("proposed", "excluded"),
        target=("proposed", "excluded"),
        by=rules.is_proposer,
        who=_("the committee office or the dispatcher"),
        needs=needs.Recompute,
        do=steps.recompute,
        then=notices.moved,
        listed=False,
        consequence=_("The amount is computed anew from what you state and what is known now."),
    ),
    Step(
        name="approve",
        label=_("Approve"),
        source=("proposed",),
        target=("approved",),
        by=rules.is_finance,
        who=FINANCE,
        needs=needs.Approve,
        guards=(checks.NotProposer(), checks.NotVerifier(), checks.StillVerified(), checks.EarnsSomething()),
        do=steps.approve,
        basis=MEASURE,
        consequence=_("The amount is taken from the budget and the reporter is told that it can be claimed."),
    ),
    Step(
        name="refuse",
        label=_("Refuse"),
        source=("proposed",),
        target=("refused",),
        by=rules.is_finance,
        who=FINANCE,
        needs=needs.Refuse,
        guards=(checks.NotProposer(), checks.NotVerifier()),
        do=steps.refuse,
        then=notices.done,
        consequence=_("No reward is paid for this report. This is final."),
    ),
    Step(
        name="offer",
        label=_("Tell the reporter"),
        source=("approved",),
        target=("claimable",),
        by=is_clock,
        who=_("the platform"),
        needs=needs.Offer,
        do=steps.offer,
        then=notices.offered,
        quiet=True,
    ),
    Step(
        name="claim",
        label=_("Claim"),
        source=("claimable",),
        target=("paying",),
        by=rules.is_reporter,
        who=_("the reporter"),
        needs=needs.Claim,
        guards=(checks.NothingUnclear(),),
        do=steps.claim,
        quiet=True,
    ),
    Step(
        name="settle",
        label=_("Payment ended"),
        source=("paying",),
        target=("paid", "claimable"),
        by=is_clock,
        who=_("the platform"),
        needs=needs.Settle,
        do=steps.settle,
        then=notices.settled,
        quiet=True,
    ),
    Step(
        name="pay_out",
        label=_("Pay out the voucher"),
        source=("paying",),
        by=rules.is_finance,
        who=FINANCE,
        needs=needs.PayOut,
        guards=(checks.IsVoucher(), checks.NotPaidOut(), checks.NothingUnclear()),
        do=steps.pay_out,
        then=notices.paid_out,
        consequence=_("Another finance officer must confirm it before it counts as paid."),
    ),
    Step(
        name="confirm",
        label=_("Confirm the payment"),
        source=("paying",),
        target=("paid", "paying"),
        by=rules.is_finance,
        who=_("another finance officer than the one who paid"),
        needs=needs.Confirm,
        guards=(checks.IsVoucher(), checks.PaidOut(), checks.NotPayer()),
        do=steps.confirm,
        then=notices.settled,
        consequence=_("It counts as paid for good; what is wrong goes back to the one who paid."),
    ),
    Step(
        name="take_back",
        label=_("Take the voucher back"),
        source=("paying",),
        target=("claimable",),
        by=rules.is_finance,
        who=FINANCE,
        needs=needs.TakeBack,
        guards=(checks.IsVoucher(), checks.NotPaidOut(), checks.NotOncePaidOut()),
        do=steps.take_back,
        then=notices.settled,
        listed=False,
        consequence=_("The code no longer counts; the reporter may claim again."),
    ),
    Step(
        name="stop",
        label=_("Cancel the transfer"),
        source=("paying",),
        by=rules.is_finance,
        who=FINANCE,
        needs=needs.TakeBack,
        guards=(checks.IsTransfer(),),
        do=steps.stop,
        listed=False,
        consequence=_(
            "WeChat Pay is asked to cancel it; only its answer ends the bill, and then it can be claimed again."
        ),
    ),
    Step(
        name="expire",
        label=_("Voucher expired"),
        source=("paying",),
        target=("claimable", "paying"),
        by=is_clock,
        who=THE_CLOCK,
        needs=Level,
        do=steps.expire,
        then=notices.settled,
        clock=True,
    ),
    Step(
        name="lapse",
        label=pgettext_lazy("step", "Lapse"),
        source=("claimable",),
        target=("lapsed", "claimable"),
        by=is_clock,
        who=THE_CLOCK,
        needs=Level,
        do=steps.lapse,
        then=notices.lapsed,
        clock=True,
        basis=MEASURE,
    ),
    Step(
        name="dispute",
        label=_("Contradiction found"),
        source=WITH_BILLS,
        by=is_clock,
        who=_("the platform"),
        needs=needs.Dispute,
        do=settling.dispute,
        then=notices.disputed,
        quiet=True,
    ),
    Step(
        name="resolve",
        label=_("Settle a contradiction"),
        source=WITH_BILLS,
        target=WITH_BILLS,
        by=rules.is_finance,
        who=_("a finance officer who neither approved nor paid it"),
        needs=needs.Resolve,
        guards=(checks.Disputed(), checks.NotApprover(), checks.NotInvolved()),
        do=settling.resolve,
        then=notices.resolved,
        listed=False,
        consequence=_(
            "The payment counts from now on as you say, with your evidence; the reward is paid, or can be claimed again."
        ),
    ),
    Step(
        name="recover",
        label=_("Enter money that came back"),
        source=WITH_BILLS,
        by=rules.is_finance,
        who=_("a finance officer who neither approved nor paid it"),
        needs=needs.Recover,
        guards=(checks.PaidBeyond(), checks.NotApprover(), checks.NotInvolved()),
        do=settling.recover,
        listed=False,
        consequence=_("What was paid beyond what was owed no longer burdens the budget."),
    ),
    *climbing_steps(("proposed", "claimable"), notices.climbed),
)


def _place(reward: Reward) -> dict[str, Any]:
    return {"region": reward.region, "industry_bit": None, "enterprise_id": None}


REWARD = Flow(
    name="reward",
    label=_("Reward"),
    model="rewards.Reward",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    # Whose it is stays out of the ledger; it is written once, with the record, and never changed.
    untracked=frozenset({"id", "version", "state", "clock", "seal_id"}),
    place=_place,
)
