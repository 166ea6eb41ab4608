"""The rewards' numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check
from anlan.reports.models import Report
from anlan.rewards.models import Bill, BillEvent, Reward
from anlan.rewards.verifying import verifiers


class NotProposer(Check):
    """Separation of duties: whoever proposed does not approve."""

    message = _("You proposed this reward, so somebody else must decide on it.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return record.proposer_id is None or record.proposer_id != actor.person


class NotVerifier(Check):
    """Separation of duties: whoever verified the report does not approve its reward."""

    message = _("You verified this report, so somebody else must decide on its reward.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in {*record.barred_ids, *verifiers(record.report_id)}


class EarnsSomething(Check):
    message = _("The amount is zero: refuse it, or have it computed again.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return record.amount_fen > 0


class StillVerified(Check):
    """The reporter may have contested the answer, and the report been found otherwise."""

    message = _("The report no longer counts as verified.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        with scope.elevated("what became of the report a reward is for"):
            return Report.objects.filter(pk=record.report_id, outcome="verified").exists()


class NothingUnclear(Check):
    """While a payment of it is disputed, nothing more may be paid for it."""

    message = _("An earlier payment of this reward is being looked into. Nothing is paid until that is settled.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return not record.disputed


class Disputed(Check):
    message = _("None of its payments contradicts itself.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return record.disputed


class NotApprover(Check):
    """Separation of duties: whoever approved the reward does not settle what became of its money."""

    message = _("You approved this reward, so somebody else must settle its payments.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return record.approver_id is None or record.approver_id != actor.person


class NotInvolved(Check):
    """Separation of duties: whoever paid, confirmed or took back one of its vouchers settles nothing."""

    message = _("You had a hand in one of its payments, so somebody else must settle them.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        acted = BillEvent.objects.filter(bill__reward=record, source="person", body__person=str(actor.person))
        return not acted.exists()


class PaidBeyond(Check):
    message = _("Nothing was paid beyond what it owed.")

    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        return Bill.objects.filter(reward=record, excess_fen__gt=0).exists()


def present_bill(reward: Reward) -> Bill | None:
    """The bill that is not over."""
    return Bill.objects.filter(reward=reward).exclude(state__in=Bill.ENDED).first()


def payers(bill: Bill) -> set[str]:
    """Who ever entered a voucher as paid out, whether or not that was found right."""
    return set(
        BillEvent.objects.filter(bill=bill, source="person", state="TRANSFERING").values_list("body__person", flat=True)
    )


class _Present(Check):
    def holds(self, record: Reward, actor: Actor, data: Any) -> bool:
        bill = present_bill(record)
        return bill is not None and self.suits(bill, actor)

    def suits(self, bill: Bill, actor: Actor) -> bool:
        raise NotImplementedError


class IsVoucher(_Present):
    message = _("It is not paid by voucher.")

    def suits(self, bill: Bill, actor: Actor) -> bool:
        return bill.way == "voucher"


class IsTransfer(_Present):
    message = _("It is not paid by transfer.")

    def suits(self, bill: Bill, actor: Actor) -> bool:
        return bill.way == "wechat"


class NotPaidOut(_Present):
    message = _("The voucher was paid out; the second officer must confirm it.")

    def suits(self, bill: Bill, actor: Actor) -> bool:
        return bill.payer_id is None


class NotOncePaidOut(_Present):
    """What one officer entered as paid is not undone by the same one: the money may be out."""

    message = _("You entered it as paid out before, so somebody else must take it back.")

    def suits(self, bill: Bill, actor: Actor) -> bool:
        return str(actor.person) not in payers(bill)


class PaidOut(_Present):
    message = _("The voucher was not paid out yet.")

    def suits(self, bill: Bill, actor: Actor) -> bool:
        return bill.payer_id is not None


class NotPayer(_Present):
    """Separation of duties: one pays out, another confirms."""

    message = _("You paid it out, so somebody else must confirm it.")

    def suits(self, bill: Bill, actor: Actor) -> bool:
        return bill.payer_id != actor.person
