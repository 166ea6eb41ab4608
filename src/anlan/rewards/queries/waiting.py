"""What waits for whom: the same rows on the workbench and in the list."""

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.rewards.models import Bill, Reward
from anlan.rewards.queries.detail import with_reports
from anlan.rewards.queries.list import seen

SHOWN = 20


def waiting_for(actor: Actor, *, limit: int = SHOWN) -> list[tuple[Reward, str]]:
    """Rewards with the step this post takes next, what is due first. Separation of duties is kept out of sight here too."""
    if actor.role != roles.FINANCE:
        return []
    rows = Reward.objects.filter(seen(actor))
    mine = str(actor.person)
    proposed = rows.filter(state="proposed").exclude(proposer_id=actor.person).exclude(barred_ids__contains=[mine])
    found = [(row, "approve") for row in proposed.order_by("due_at", "id")[:limit]]
    vouchers = Bill.objects.filter(way="voucher", state="TRANSFERING").exclude(payer_id=actor.person)
    confirm = rows.filter(state="paying", way="voucher", pk__in=vouchers.values("reward_id"))
    found = [*((row, "confirm") for row in confirm.order_by("claimed_at", "id")[:limit]), *found]
    disputed = rows.filter(disputed=True).exclude(approver_id=actor.person).order_by("-created_at", "-id")
    found = [*((row, "resolve") for row in disputed[:limit]), *found][:limit]
    with_reports([row for row, _step in found])
    return found
