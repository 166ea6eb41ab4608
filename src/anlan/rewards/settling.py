"""Settling a payment that contradicts itself: a person says, with evidence, what is true, and the books follow."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Invalid, NotNow
from anlan.kernel.flow import Taking
from anlan.rewards import needs
from anlan.rewards.contradictions import unsettled
from anlan.rewards.models import Bill, BillEvent, Payee, Reward
from anlan.rewards.steps import cancel_voucher, claimable_again, said_of


def dispute(taking: Taking) -> None:
    taking.record.disputed = True


def resolve(taking: Taking) -> str:
    """
    The bill becomes what it truly is, and the reward follows it: paid, or to be claimed. Where another bill paid the reward
    already, what went out by this one is kept as paid beyond what was owed, until it comes back.
    """
    reward: Reward = taking.record
    data: needs.Resolve = taking.data
    alarms = unsettled(reward)
    bill = _chosen(reward, alarms, data.bill)
    mine = [event for event in alarms if event.bill_id == bill.pk]
    target = _was_paid(taking, bill) if data.finding == "paid" else _was_not_paid(taking, bill)
    said_of(taking, bill, "finding", _facts(data, mine))
    if not bill.open:
        Payee.objects.filter(bill=bill).delete()
    reward.disputed = len(mine) < len(alarms)
    taking.restart = True
    taking.notes["payment"] = bill.out_bill_no
    return target


def _facts(data: needs.Resolve, settled: list[BillEvent]) -> dict[str, Any]:
    return {
        "finding": data.finding,
        "fen": data.fen,
        "document": data.document,
        "reason": data.reason,
        "alarms": [str(event.pk) for event in settled],
    }


def _chosen(reward: Reward, alarms: list[BillEvent], wanted: UUID | None) -> Bill:
    """The disputed bill that is meant; one need not be named where there is only one."""
    disputed = {event.bill_id for event in alarms}
    if wanted is None and len(disputed) == 1:
        wanted = next(iter(disputed))
    if wanted not in disputed:
        raise Invalid(fields={"bill": [_("Say which of the disputed payments this is about.")]})
    return Bill.objects.select_for_update(of=("self",)).get(pk=wanted, reward=reward)


def _was_paid(taking: Taking, bill: Bill) -> str:
    reward: Reward = taking.record
    fen = taking.data.fen or bill.amount_fen
    bills = Bill.objects.filter(reward=reward).exclude(pk=bill.pk)
    if bill.state != "SUCCESS" and bills.filter(state="SUCCESS").exists():
        bill.excess_fen = fen
        return reward.state
    if (other := bills.exclude(state__in=Bill.ENDED).first()) is not None:
        _withdraw(taking, other)
    if bill.state != "SUCCESS":
        bill.state, bill.problem, bill.package = "SUCCESS", "", ""
        bill.unclear, bill.unclear_at, bill.ended_at = 0, None, bill.ended_at or taking.at
        reward.way, reward.paid_at = bill.way, taking.at
    bill.excess_fen = fen - bill.amount_fen
    return "paid"


def _withdraw(taking: Taking, other: Bill) -> None:
    """What was claimed after it: only what surely did not go out can be taken back here."""
    if other.way == "wechat":
        raise NotNow(
            _(
                "Another transfer of this reward is being cancelled. Settle this once the service says how that one ended."
            ),
            code="reward.other_open",
        )
    if other.payer_id is not None:
        raise NotNow(
            _("A voucher of this reward was paid out as well. Have that confirmed first; it counts then as paid."),
            code="reward.other_open",
        )
    cancel_voucher(taking, other, {"reason": taking.data.reason})


def _was_not_paid(taking: Taking, bill: Bill) -> str:
    reward: Reward = taking.record
    if taking.data.fen:
        raise Invalid(fields={"fen": [_("Nothing was paid: leave this empty.")]})
    bill.excess_fen = 0
    if bill.state == "SUCCESS" or bill.open:
        bill.state, bill.package, bill.ended_at = "FAIL", "", taking.at
        bill.unclear, bill.unclear_at = 0, None
        return claimable_again(reward, excused=True)
    return claimable_again(reward, excused=True) if reward.state == "claimable" else reward.state


def recover(taking: Taking) -> None:
    """What was paid beyond what was owed, by whichever bill, came back."""
    data: needs.Recover = taking.data
    for bill in Bill.objects.select_for_update(of=("self",)).filter(reward=taking.record, excess_fen__gt=0):
        came, bill.excess_fen = bill.excess_fen, 0
        said_of(
            taking,
            bill,
            "finding",
            {"finding": "recovered", "fen": came, "document": data.receipt, "reason": data.reason},
        )
