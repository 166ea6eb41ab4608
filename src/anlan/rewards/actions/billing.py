"""The books of transfers in the database, and who looks after them: the rules themselves are `rewards/billing.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import override

from anlan.channels import pay
from anlan.channels.pay import NotTheirs, Order, Refused, Service, Told
from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, SYSTEM
from anlan.kernel.flow.rows import locked
from anlan.kernel.flow.take import take
from anlan.kernel.ids import new_id
from anlan.rewards import billing
from anlan.rewards.billing import Held, Verdict
from anlan.rewards.contradictions import unsettled
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Bill, BillEvent, Payee, Reward

log = structlog.get_logger(__name__)
LOOKED_AFTER = 200
"""Bills a round."""
REMARK = "事故隐患举报奖励"
CONTENT = "安全生产举报奖励"


class Ledger:
    """`billing.Books` in the database. Every call is its own transaction, the reward locked before its bill."""

    def now(self) -> datetime:
        return clock.now()

    def take_up(self, number: str) -> tuple[Held, Order] | None:
        with scope.acting(SYSTEM):
            bill = Bill.objects.select_for_update(of=("self",)).filter(out_bill_no=number, way="wechat").first()
            payee = Payee.objects.filter(bill=bill).first() if bill else None
            if bill is None or payee is None or not bill.open:
                return None
            held = _held(bill)
            bill.asked_at = clock.now()
            if bill.state == billing.NEW and not held.stopped:
                bill.attempts += 1
                bill.unclear += 1
                bill.unclear_at = bill.asked_at
            bill.save(update_fields=["asked_at", "attempts", "unclear", "unclear_at"])
            return held, _order(bill, payee)

    def hear(self, number: str, told: Told, source: str, notice: str | None = None) -> Verdict | None:
        """None: nobody's bill, or a callback that was heard before."""
        with scope.acting(CLOCK):
            key = Bill.objects.filter(out_bill_no=number, way="wechat").values_list("pk", "reward_id").first()
            if key is None:
                return None
            reward: Reward = locked(Reward, key[1])
            bill = Bill.objects.select_for_update(of=("self",)).get(pk=key[0])
            verdict = billing.judge(_held(bill), told)
            news = source == "callback" or verdict in ("forward", "ended") or (verdict == "same" and _newer(bill, told))
            if news and not _noted(bill, source, told.state, told.kept(), notice):
                return None
            if verdict in ("conflict", "amount"):
                alarm(bill, reward, told.kept() | {"ours": bill.state, "why": verdict})
            elif verdict in ("forward", "ended") or (verdict == "same" and bill.open):
                _follow(bill, reward, told, verdict)
            return verdict

    def refused(self, before: Held, refusal: Refused) -> None:
        with scope.acting(CLOCK):
            key = Bill.objects.filter(out_bill_no=before.number).values_list("pk", "reward_id").get()
            reward: Reward = locked(Reward, key[1])
            bill = Bill.objects.select_for_update(of=("self",)).get(pk=key[0])
            if not bill.open:
                return
            if bill.state == billing.NEW:
                bill.unclear, bill.unclear_at = billing.after_refusal(before, _held(bill), refusal)
            said = str(refusal)[:200]
            if bill.problem != said:  # said once, not at every try
                _noted(bill, "refusal", refusal.code[:20], {"words": refusal.words} if refusal.words else {})
            bill.problem = said
            if billing.ends(_held(bill), refusal, clock.now()):
                _end(bill, reward, "FAIL", said, clock.now())
            else:
                bill.save(update_fields=["unclear", "unclear_at", "problem"])

    def dropped(self, number: str) -> None:
        with scope.acting(CLOCK):
            key = Bill.objects.filter(out_bill_no=number).values_list("pk", "reward_id").get()
            reward: Reward = locked(Reward, key[1])
            bill = Bill.objects.select_for_update(of=("self",)).get(pk=key[0])
            if bill.stopped_at is not None and billing.drops(_held(bill), clock.now()):
                _end(bill, reward, "CANCELLED", "", clock.now())

    def silent(self, number: str, words: str) -> None:
        with scope.acting(SYSTEM):
            bill = Bill.objects.select_for_update(of=("self",)).filter(out_bill_no=number).first()
            if bill is None or not bill.open:
                return
            if not bill.problem.startswith(words[:100]):  # said once, not every half minute
                _noted(bill, "silence", bill.state, {"words": words[:150]})
            bill.problem = words[:200]
            bill.save(update_fields=["problem"])

    def lost(self, number: str) -> None:
        with scope.acting(CLOCK):
            key = Bill.objects.filter(out_bill_no=number).values_list("pk", "reward_id").get()
            reward: Reward = locked(Reward, key[1])
            bill = Bill.objects.select_for_update(of=("self",)).get(pk=key[0])
            if bill.open:
                alarm(bill, reward, {"ours": bill.state, "why": "lost"})


def _held(bill: Bill) -> Held:
    return Held(
        number=bill.out_bill_no,
        state=bill.state,
        fen=bill.amount_fen,
        attempts=bill.attempts,
        unclear=bill.unclear,
        unclear_at=bill.unclear_at,
        stopped=bill.stopped_at is not None,
        excess=bill.excess_fen,
    )


def _order(bill: Bill, payee: Payee) -> Order:
    return Order(
        number=bill.out_bill_no,
        openid=payee.openid,
        fen=bill.amount_fen,
        remark=REMARK,
        content=CONTENT,
        name=payee.name,
    )


def _newer(bill: Bill, told: Told) -> bool:
    return bool(told.package and told.package != bill.package) or bool(told.transfer and not bill.transfer_bill_no)


def _noted(bill: Bill, source: str, state: str, body: dict[str, Any], notice: str | None = None) -> bool:
    """False when this callback was written down before."""
    row = BillEvent(
        id=new_id(), bill=bill, source=source, notice=notice, state=state[:20], body=body, at=clock.now()
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _follow(bill: Bill, reward: Reward, told: Told, verdict: Verdict) -> None:
    bill.transfer_bill_no = told.transfer or bill.transfer_bill_no
    if verdict == "ended":
        _end(bill, reward, told.state, told.reason, told.at or clock.now())
        return
    bill.state, bill.problem = told.state, ""
    bill.unclear, bill.unclear_at = 0, None
    bill.package = told.package or bill.package
    bill.save()


def _end(bill: Bill, reward: Reward, state: str, words: str, at: datetime) -> None:
    """The bill is over; whom it went to is forgotten, and the reward goes on."""
    bill.state, bill.problem, bill.package = state, words[:200], ""
    bill.unclear, bill.unclear_at, bill.ended_at = 0, None, at
    bill.save()
    Payee.objects.filter(bill=bill).delete()
    take(REWARD, reward.pk, "settle", actor=CLOCK, data={"bill": bill.pk, "state": state, "words": words[:200]})


def alarm(bill: Bill, reward: Reward, facts: dict[str, Any]) -> None:
    """
    Once for each kind of contradiction until it is settled: finance must look, nothing more is paid for this reward, and what
    is under way for it is stopped.
    """
    state = str(facts.get("state", bill.state))[:20]
    if any(
        event.bill_id == bill.pk and event.state == state and event.body.get("why") == facts["why"]
        for event in unsettled(reward)
    ):
        return
    _noted(bill, "alarm", state, facts)
    Bill.objects.filter(reward=reward, way="wechat", stopped_at=None).exclude(state__in=Bill.ENDED).exclude(
        pk=bill.pk
    ).update(stopped_at=clock.now())
    take(REWARD, reward.pk, "dispute", actor=CLOCK, data={"bill": bill.pk, "why": facts["why"]})
    log.error("rewards.alarm", bill=bill.out_bill_no, **facts)


def tend_bill(number: str, service: Service | None = None) -> None:
    """Look after one transfer. Called by the job, outside any transaction."""
    serving = service or pay.service()
    if serving is not None:
        with override("zh-hans"):
            billing.tend(number, serving, Ledger())


def look_after(service: Service | None = None) -> int:
    """Every transfer under way whose time to be asked about has come; returns how many. The duty beside the jobs."""
    if service is None and pay.service() is None:
        return 0
    now = clock.now()
    with scope.acting(SYSTEM):
        rows = Bill.objects.filter(way="wechat").exclude(state__in=Bill.ENDED)
        rows = rows.order_by(F("asked_at").asc(nulls_first=True), "created_at")  # no crowd of old ones starves the rest
        due = [
            bill.out_bill_no
            for bill in rows[: LOOKED_AFTER * 5]
            if bill.asked_at is None or now - bill.asked_at >= billing.pause(now - bill.created_at)
        ]
    for number in due[:LOOKED_AFTER]:
        tend_bill(number, service)
    return len(due[:LOOKED_AFTER])


def request_cancel(reward: UUID, service: Service | None = None) -> None:
    """Have what is stopped cancelled now; what the service says of the bill counts."""
    with scope.acting(SYSTEM):
        stopped = Bill.objects.filter(reward_id=reward, way="wechat", stopped_at__isnull=False)
        numbers = list(stopped.exclude(state__in=Bill.ENDED).values_list("out_bill_no", flat=True))
    for number in numbers:
        tend_bill(number, service)


def take_callback(headers: Mapping[str, str], body: bytes, service: Service | None = None) -> Verdict | None:
    """A callback, verified and written down once. Raises NotTheirs."""
    serving = service or pay.service()
    if serving is None:
        raise NotTheirs("no account")
    notice = serving.read(headers, body)
    return Ledger().hear(notice.told.number, notice.told, "callback", notice.id)
