"""Every day our bills against the service's list: what differs is shown with what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from anlan.channels import pay
from anlan.channels.pay import Paid, Service, Unclear
from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, SYSTEM
from anlan.kernel.flow.rows import locked
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.rewards.actions.billing import alarm, tend_bill
from anlan.rewards.models import Bill, Reconciliation, Reward

READY = time(10, 30)
"""The list of a day is there the next morning [K]."""
ALARMING = ("not_ours", "amount", "twice")
"""Differences that say that money went out which our books do not know."""
BACK = 7
"""Days for which a missed reconciliation is made up."""


def reconcile(day: date, service: Service | None = None) -> Reconciliation | None:
    """Compare a day. None where no service is configured. What the service paid and we have not heard of is asked about first."""
    serving = service or pay.service()
    if serving is None:
        return None
    theirs = by_number(serving.paid_on(day))
    with scope.acting(SYSTEM):
        unheard = [
            bill.out_bill_no for bill in Bill.objects.filter(out_bill_no__in=list(theirs)).exclude(state__in=Bill.ENDED)
        ]
    for number in unheard:
        tend_bill(number, serving)
    with scope.acting(SYSTEM):
        row = _write(day, theirs)
    for difference in row.differences:
        if difference["kind"] in ALARMING:
            _raise_alarm(difference)
    return row


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What the service's list says of one number: the sum, and in how many lines."""

    number: str
    fen: int
    lines: int


def by_number(paid: Iterable[Paid]) -> dict[str, Listed]:
    """A number that stands twice was paid twice, as far as the list says: it must not vanish among the others."""
    found: dict[str, Listed] = {}
    for one in paid:
        before = found.get(one.number)
        found[one.number] = Listed(
            number=one.number, fen=one.fen + (before.fen if before else 0), lines=1 + (before.lines if before else 0)
        )
    return found


def _raise_alarm(difference: dict[str, Any]) -> None:
    """Money that went out against our books: until somebody settles it, nothing more is paid for that reward."""
    with scope.acting(CLOCK):
        key = Bill.objects.filter(out_bill_no=difference["number"], way="wechat").values_list("pk", "reward_id").first()
        if key is None:
            return
        reward: Reward = locked(Reward, key[1])
        bill = Bill.objects.select_for_update(of=("self",)).get(pk=key[0])
        if bill.open:
            return  # it is still asked about; whatever ends it decides
        why = "statement" if difference["kind"] == "not_ours" else difference["kind"]
        alarm(bill, reward, {"ours": bill.state, "why": why, "state": "SUCCESS", "fen": difference["theirs_fen"]})


def _write(day: date, theirs: dict[str, Listed]) -> Reconciliation:
    begin = datetime.combine(day, time.min, clock.SHANGHAI)
    ours = {
        bill.out_bill_no: bill
        for bill in Bill.objects.filter(
            way="wechat", state="SUCCESS", ended_at__gte=begin, ended_at__lt=begin + timedelta(days=1)
        ).select_related("reward")
    }
    named = {
        bill.out_bill_no: bill for bill in Bill.objects.filter(out_bill_no__in=list(theirs)).select_related("reward")
    }
    differences = [found for number, paid in theirs.items() if (found := _difference(paid, named.get(number)))]
    differences += [
        {"kind": "not_theirs", "number": number, "reward": bill.reward.number, "id": str(bill.reward_id), "ours_fen": bill.amount_fen}
        for number, bill in ours.items()
        if number not in theirs
    ]  # fmt: skip
    row = Reconciliation.objects.filter(region=settings.ANLAN_CITY, day=day).first()
    row = row or Reconciliation(id=new_id(), region=settings.ANLAN_CITY, day=day)
    before = row.differences
    row.ours, row.theirs, row.differences, row.at = len(ours), len(theirs), differences, clock.now()
    row.save()
    write_note(
        actor=SYSTEM,
        subject_type="reconciliation",
        subject_id=row.pk,
        step="reconcile",
        changes={"differences": [before, differences]} if before != differences else {},
        data={"day": day, "ours": row.ours, "theirs": row.theirs},
        region=row.region,
    )
    return row


def _difference(paid: Listed, bill: Bill | None) -> dict[str, Any] | None:
    """None also where a person settled already that this is what went out."""
    facts: dict[str, Any] = {"number": paid.number, "theirs_fen": paid.fen}
    if bill is None:
        return {"kind": "unknown", **facts}
    facts |= {"reward": bill.reward.number, "id": str(bill.reward_id), "ours_fen": bill.amount_fen, "state": bill.state}
    if paid.fen == bill.excess_fen + (bill.amount_fen if bill.state == "SUCCESS" else 0):
        return None
    if bill.state != "SUCCESS":
        return {"kind": "not_ours", **facts}
    return {"kind": "twice" if paid.lines > 1 else "amount", **facts}


def reconcile_yesterday() -> int:
    """The days since the last one that was reconciled, a week back at most; returns how many. Safe to run often."""
    if pay.service() is None:
        return 0
    now = clock.now().astimezone(clock.SHANGHAI)
    last = now.date() - timedelta(days=1 if now.time() >= READY else 2)
    with scope.acting(SYSTEM):
        done = set(Reconciliation.objects.filter(region=settings.ANLAN_CITY).values_list("day", flat=True)[:400])
        first = Bill.objects.filter(way="wechat").order_by("created_at").values_list("created_at", flat=True).first()
    if first is None:
        return 0
    begin = max(clock.day_of(first), last - timedelta(days=BACK - 1))
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
    count = 0
    for day in days:
        if day in done:
            continue
        try:
            reconcile(day)
        except Unclear:
            break  # later
        count += 1
    return count
