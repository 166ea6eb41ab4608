"""One reward with all that hangs on it: for officials, and for its reporter."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.reports.claims import seal_of
from anlan.reports.models import Report, Seal
from anlan.rewards import vouchers
from anlan.rewards.models import Bill, BillEvent, Reward
from anlan.rewards.states import TAKEN

SHOWN = (*TAKEN, "lapsed")
"""What a reporter is told of: a proposal promises nothing."""
MOST = 200


def reward(reward_id: UUID) -> Reward:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = Reward.objects.select_related("rule").filter(pk=reward_id).first()
    if found is None:
        raise NotFound
    return with_reports([found])[0]


def with_reports(rows: list[Reward]) -> list[Reward]:
    """Each with its report, which its readers may not see themselves: finance does not while it is contested."""
    with scope.elevated("a reward names its report to whoever sees the reward"):
        found = Report.objects.only("id", "number", "words", "hazard_number", "outcome", "state").in_bulk(
            [row.report_id for row in rows]
        )
    for row in rows:
        row.report = found[row.report_id]
    return rows


def bills_of(of: Reward) -> list[tuple[Bill, list[BillEvent]]]:
    """Newest first, each with what was said of it, oldest first."""
    bills = list(Bill.objects.filter(reward=of).order_by("-created_at", "-id"))
    events: dict[UUID, list[BillEvent]] = {bill.pk: [] for bill in bills}
    for event in BillEvent.objects.filter(bill__in=bills).order_by("at", "id"):
        events[event.bill_id].append(event)
    return [(bill, events[bill.pk]) for bill in bills]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A reward as its reporter sees it."""

    reward: Reward
    report_number: str
    package: str = ""
    voucher: str = ""
    bill_state: str = ""


def of_reporter(actor: Actor) -> list[Story]:
    """An actor's own rewards, newest first: whose seal it is decides, in the database too."""
    if actor.person is None:
        return []
    seals = Seal.objects.filter(person_id=actor.person).values("pk")
    rows = Reward.objects.filter(seal_id__in=seals, state__in=SHOWN).order_by("-created_at", "-id")[:MOST]
    return stories(list(rows))


def of_claim(code: str) -> list[Story]:
    """The reward that a claim code stands for. NotFound for a code nobody has."""
    seal = seal_of(code)
    with scope.elevated("a claim code proves whoever shows it"):
        return stories(list(Reward.objects.filter(seal_id=seal.pk, state__in=SHOWN)))


def story_of(found: Reward) -> Story:
    return stories([found])[0]


def stories(rows: Sequence[Reward]) -> list[Story]:
    """Call it in a scope that sees the rewards: a reporter's, or elevated for a claim code."""
    numbers = dict(Report.objects.filter(pk__in=[row.report_id for row in rows]).values_list("pk", "number"))
    open_bills = {bill.reward_id: bill for bill in Bill.objects.filter(reward__in=rows).exclude(state__in=Bill.ENDED)}
    return [_story(row, numbers.get(row.report_id, ""), open_bills.get(row.pk)) for row in rows]


def _story(row: Reward, number: str, bill: Bill | None) -> Story:
    if bill is None:
        return Story(reward=row, report_number=number)
    voucher = vouchers.code_of(bill.pk) if bill.way == "voucher" and bill.payer_id is None else ""
    package = bill.package if bill.state == "WAIT_USER_CONFIRM" else ""
    return Story(reward=row, report_number=number, package=package, voucher=voucher, bill_state=bill.state)
