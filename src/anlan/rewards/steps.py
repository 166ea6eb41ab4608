"""What each step does to a reward; the table in `flow.py` says who, when and whether."""

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from anlan.channels.pay import NAMED_FROM_FEN, configured
from anlan.kernel import clock, scope
from anlan.kernel.codes import ancestors
from anlan.kernel.errors import Invalid, NotNow, WrongState
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.kernel.turns import one_at_a_time
from anlan.reports.models import Report
from anlan.rewards import needs, rulings, vouchers
from anlan.rewards.cases import computed, earlier_of, rewarded_of
from anlan.rewards.checks import payers, present_bill
from anlan.rewards.computing import Computation
from anlan.rewards.models import Bill, BillEvent, Budget, Payee, Reward
from anlan.rewards.states import TAKEN
from anlan.rewards.verifying import verifiers


def propose(taking: Taking) -> str:
    """The record comes with its report and its seal."""
    reward: Reward = taking.record
    with scope.elevated("the report a reward is for"):
        report = Report.objects.get(pk=reward.report_id)
    reward.barred_ids = verifiers(report.pk)
    return _compute(taking, report)


def recompute(taking: Taking) -> str:
    reward: Reward = taking.record
    with scope.elevated("the report a reward is for"):
        report = Report.objects.get(pk=reward.report_id)
    taking.restart = True
    reward.barred_ids = verifiers(report.pk)
    return _compute(taking, report)


def _compute(taking: Taking, report: Report) -> str:
    reward: Reward = taking.record
    stated: needs.Stated = taking.data
    found = computed(report, reward.seal_id, stated, at=reward.created_at, but=reward.pk)
    reward.stated = {
        key: value
        for key, value in stated.model_dump(include={"fine_fen", "fine_document", "excludes"}).items()
        if value
    }
    reward.proposer_id = None if taking.actor.is_system else taking.actor.person
    _keep(reward, found)
    taking.notes["computation"] = reward.computation
    return "excluded" if found.excluded else "proposed"


def _keep(reward: Reward, found: Computation) -> None:
    reward.rule_id = found.rule.id if found.rule else None
    reward.amount_fen = found.fen
    reward.computation = [line.stored() for line in found.lines]
    reward.year = clock.today().year


def approve(taking: Taking) -> None:
    """Against the budget of the year in which it is approved; two approvals wait for each other at the budget's row."""
    reward: Reward = taking.record
    _check_once(reward)
    with scope.elevated("a budget may be that of a territory above"):
        budget = budget_for(reward.region, clock.today().year, lock=True)
        if budget is None:
            raise NotNow(
                _("There is no budget for %(year)s. The committee office sets it first."), year=clock.today().year
            )
        taken = spoken_for(budget)
    if taken + reward.amount_fen > budget.fen:
        raise NotNow(
            _("The budget does not suffice: %(left)s yuan are left of %(year)s."),
            left=f"{(budget.fen - taken) / 100:.2f}",
            year=budget.year,
            code="reward.budget",
        )
    reward.budget, reward.year = budget, budget.year
    reward.approver_id = taking.actor.person


def _check_once(reward: Reward) -> None:
    """
    One hazard, one reward, the first reporter's: what was true when it was proposed is looked at again, for reports of one hazard
    are answered in any order. Two approvals for one hazard wait for each other.
    """
    with scope.elevated("other reports of the same hazard, whoever sees them"):
        report = Report.objects.get(pk=reward.report_id)
        if report.hazard_id is None:
            return
        one_at_a_time(f"reward for hazard {report.hazard_id}")
        found = rewarded_of(report) or earlier_of(report)
    if found:
        raise NotNow(
            _("Another report of the same hazard earns it: %(number)s. Have this one computed again."),
            number=found,
            code="reward.once",
        )


def budget_for(region: int, year: int, *, lock: bool = False) -> Budget | None:
    """The budget of the closest territory that has one."""
    rows = Budget.objects.filter(region__in=[region, *ancestors(region)], year=year).order_by("-region")
    return (rows.select_for_update() if lock else rows).first()


def spoken_for(budget: Budget) -> int:
    """What is promised or paid, and what was paid beyond that and did not come back."""
    promised = Reward.objects.filter(budget=budget, state__in=TAKEN).aggregate(sum=Sum("amount_fen"))["sum"] or 0
    beyond = Bill.objects.filter(reward__budget=budget).exclude(excess_fen=0).aggregate(sum=Sum("excess_fen"))["sum"]
    return promised + (beyond or 0)


def refuse(taking: Taking) -> None:
    taking.record.reason = taking.data.reason


def offer(taking: Taking) -> None:
    taking.record.claim_by = rulings.claim_until(taking.record.region)


def claim(taking: Taking) -> None:
    """The bill is written down with its number before anybody is asked to pay."""
    reward: Reward = taking.record
    data: needs.Claim = taking.data
    taking.withheld |= {"openid", "name"}
    if data.way == "wechat":
        _check_payee(reward, data)
    reward.way, reward.claimed_at = data.way, taking.at
    key = new_id()
    bill = Bill(
        id=key,
        reward=reward,
        way=data.way,
        out_bill_no=key.hex,
        amount_fen=reward.amount_fen,
        state="NEW" if data.way == "wechat" else "WAIT_USER_CONFIRM",
        voucher=vouchers.digest_of(vouchers.code_of(key)) if data.way == "voucher" else "",
        created_at=taking.at,
    )
    taking.later.append(lambda: Bill.objects.bulk_create([bill]))
    if data.way == "wechat":
        payee = Payee(id=new_id(), bill=bill, openid=data.openid, name=data.name)
        taking.later.append(lambda: Payee.objects.bulk_create([payee]))


def _check_payee(reward: Reward, data: needs.Claim) -> None:
    wrong: dict[str, list[Any]] = {}
    if not configured():
        wrong["way"] = [_("Transfers are not set up here. Choose the voucher.")]
    elif not data.openid:
        wrong["openid"] = [_("Open this in WeChat to be paid there, or choose the voucher.")]
    elif reward.amount_fen >= NAMED_FROM_FEN and not data.name:
        wrong["name"] = [_("From 2,000 yuan on WeChat wants the real name.")]
    if wrong:
        raise Invalid(fields=wrong)


def settle(taking: Taking) -> str:
    """How the bill ended, as its books say."""
    reward: Reward = taking.record
    data: needs.Settle = taking.data
    if data.state == "SUCCESS":
        reward.paid_at = taking.at
        return "paid"
    return claimable_again(reward)


def claimable_again(reward: Reward, *, excused: bool = False) -> str:
    """Its bill ended without payment; how often that may give more days is bounded, but where the delay was ours."""
    failed = 1 if excused else Bill.objects.filter(reward=reward, state__in=Bill.ENDED).count()
    reward.claim_by = rulings.claim_again_until(reward, failed)
    reward.way, reward.claimed_at, reward.paid_at = "", None, None
    return "claimable"


def stop(taking: Taking) -> None:
    """From now on it is not sent any more; the service is asked afterwards, outside this transaction."""
    Bill.objects.filter(pk=_bill(taking.record).pk, stopped_at=None).update(stopped_at=taking.at)


def _bill(reward: Reward) -> Bill:
    bill = present_bill(reward)
    if bill is None:
        raise WrongState(_("No payment is under way."))
    return bill


def pay_out(taking: Taking) -> None:
    data: needs.PayOut = taking.data
    bill = _bill(taking.record)
    if not bill.voucher or vouchers.digest_of(data.code) != bill.voucher:
        raise Invalid(fields={"code": [_("This is not the code of this voucher.")]})
    bill.state, bill.receipt = "TRANSFERING", data.receipt
    bill.payer_id, bill.payer_name = taking.actor.person, taking.actor.name
    _written(taking, bill, {"means": data.means, "receipt": data.receipt})


def confirm(taking: Taking) -> str:
    reward: Reward = taking.record
    data: needs.Confirm = taking.data
    bill = _bill(reward)
    if not data.correct:
        bill.state, bill.receipt, bill.payer_id, bill.payer_name = "WAIT_USER_CONFIRM", "", None, ""
        _written(taking, bill, {"remark": data.remark})
        return "paying"
    bill.state, bill.ended_at = "SUCCESS", taking.at
    _written(taking, bill, {"remark": data.remark})
    reward.paid_at = taking.at
    return "paid"


def take_back(taking: Taking) -> str:
    """A voucher that nobody cashed."""
    cancel_voucher(taking, _bill(taking.record), {"reason": taking.data.reason})
    return claimable_again(taking.record)


def expire(taking: Taking) -> str:
    bill = present_bill(taking.record)
    if bill is None or bill.payer_id is not None or payers(bill):
        return "paying"  # paid out, or once entered as paid: only a person knows where the money is
    cancel_voucher(taking, bill, {})
    return claimable_again(taking.record)


def cancel_voucher(taking: Taking, bill: Bill, facts: dict[str, Any]) -> None:
    bill.state, bill.ended_at = "CANCELLED", taking.at
    _written(taking, bill, facts)


def _written(taking: Taking, bill: Bill, facts: dict[str, Any]) -> None:
    """By whom: for the separation of duties, as one who had a hand in it."""
    whom = {"person": str(taking.actor.person)} if taking.actor.person else {}
    said_of(taking, bill, "person", whom | facts)


def said_of(taking: Taking, bill: Bill, source: str, facts: dict[str, Any]) -> None:
    """Keep the bill, and an event of what a person said of it."""
    bill.save()
    event = BillEvent(
        id=new_id(),
        bill=bill,
        source=source,
        state=bill.state,
        body={"by": taking.actor.name, **{key: value for key, value in facts.items() if value}},
        at=taking.at,
    )
    BillEvent.objects.bulk_create([event])


def lapse(taking: Taking) -> str:
    """Not while a payment of it is disputed: the money may be out."""
    taking.record.level = taking.data.level
    return "claimable" if taking.record.disputed else "lapsed"
