"""Rewards of the demo city: approved by finance, claimed by the reporters, paid. No payment service is asked: time here is long gone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from django.conf import settings

from anlan.channels.pay import Notice, NotTheirs, Order, Paid, Told
from anlan.demo.city.citizens import Reporting
from anlan.demo.geography import CITY_CODE
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import NotNow
from anlan.reports import claims
from anlan.rewards.actions.billing import tend_bill
from anlan.rewards.actions.claiming import BY_CODE, claim, claim_by_code
from anlan.rewards.actions.proposing import take_step
from anlan.rewards.models import Bill, Reward
from anlan.rewards.vouchers import code_of

FULL_NUMBER = 256
"""Paid in the whole city."""
NOBODY = "http://127.0.0.1:9"
REFUSED, UNCLAIMED, BY_VOUCHER = 0.03, 0.04, 0.2


class PaysAtOnce:
    """Stands where the payment service would: every transfer succeeds in the moment of the story."""

    def create(self, order: Order) -> Told:
        return Told(
            number=order.number, state="SUCCESS", fen=order.fen, transfer=f"demo{order.number}", at=clock.now()
        )  # fmt: skip

    def query(self, _number: str) -> Told | None:
        return None

    def cancel(self, _number: str) -> None:
        """Nothing is ever under way."""

    def paid_on(self, _day: date) -> list[Paid]:
        return []

    def read(self, _headers: Mapping[str, str], _body: bytes) -> Notice:
        raise NotTheirs("the demo is called by nobody")


@contextmanager
def transfers_set_up() -> Iterator[None]:
    """While the year is acted out no sandbox runs yet; reporters could choose a transfer all the same."""
    before = settings.ANLAN_SANDBOX_URL
    settings.ANLAN_SANDBOX_URL = before or NOBODY
    try:
        yield
    finally:
        settings.ANLAN_SANDBOX_URL = before


def rewarded(report: Reporting) -> Iterator[datetime]:
    """From the proposal that the answer brought to the money; some are refused, some never claimed."""
    rng = report.rng
    found = _reward(report)
    if found is None or found.state != "proposed":
        return
    yield report.wait(rng.randint(0, 4))
    cashier = report.staff.cashiers[report.firm.county]
    with scope.acting(cashier):
        if rng.random() < REFUSED:
            take_step(
                actor=cashier, reward=found.pk, step="refuse", data={"reason": "所反映问题在举报前已由部门立案。"}
            )
            return
        try:
            take_step(actor=cashier, reward=found.pk, step="approve")
        except NotNow as why:
            if why.code != "reward.once":  # another report of the same hazard earns it
                raise
            return
    if rng.random() < UNCLAIMED:
        return
    yield report.wait(rng.randint(0, 9))
    if report.public.unpaid <= 0:
        return
    report.public.unpaid -= 1  # before anybody waits: others claim meanwhile
    _claimed(report, found)
    held = _reward(report)
    if held is not None and held.state == "paying":
        yield report.wait(rng.randint(0, 4))
        _paid_out(report, held)


def _reward(report: Reporting) -> Reward | None:
    with scope.acting(SYSTEM):
        return Reward.objects.filter(report_id=report.id).first()


def _claimed(report: Reporting, reward: Reward) -> None:
    reporter = report.reporter
    if reporter is None:
        raise LookupError("nobody sent it")
    if not report.named():
        with scope.acting(BY_CODE):
            claim_by_code(code=claims.code_of(report.id), reward=reward.pk, data={"way": "voucher"})
        return
    by_voucher = report.rng.random() < BY_VOUCHER
    openid = "" if by_voucher else f"oDemo{str(reporter.person)[-12:]}"
    with scope.acting(reporter):
        claim(
            actor=reporter,
            reward=reward.pk,
            data={"way": "voucher" if by_voucher else "wechat", "openid": openid, "name": "" if by_voucher else "演示"},
        )
    if not by_voucher:
        with scope.acting(SYSTEM):
            number = Bill.objects.values_list("out_bill_no", flat=True).get(reward=reward.pk)
        tend_bill(number, PaysAtOnce())


def _paid_out(report: Reporting, reward: Reward) -> None:
    """In cash by one finance officer, confirmed by another."""
    first, second = report.staff.cashiers[report.firm.county], report.staff.cashiers[CITY_CODE]
    with scope.acting(SYSTEM):
        bill = Bill.objects.get(reward=reward.pk)
    receipt = f"收据{clock.today():%y%m%d}{report.rng.randint(100, 999)}"
    with scope.acting(first):
        data = {"code": code_of(bill.pk), "means": "cash", "receipt": receipt}
        take_step(actor=first, reward=reward.pk, step="pay_out", data=data)
    with scope.acting(second):
        take_step(actor=second, reward=reward.pk, step="confirm", data={"correct": True})
