"""What waits for whom: the same rows on the workbench and in the list."""

from django.db.models import Q

from anlan.enforcement.models import Instrument
from anlan.enforcement.queries.list import seen
from anlan.enforcement.rules import APPROVERS, DRAFTERS, REVIEWERS
from anlan.identity import roles
from anlan.kernel.actor import Actor

SHOWN = 10


def waiting_for(actor: Actor, *, limit: int = SHOWN) -> list[tuple[Instrument, str]]:
    """
    Instruments with the step this post takes next, what is due first: the issuing side's own territory only; an enterprise what it
    owes an answer to. Separation of duties is kept out of sight here too.
    """
    rows = Instrument.objects.filter(seen(actor))
    if actor.role in roles.ENTERPRISE_POSTS:
        owed = rows.filter(state="served", answer_due__isnull=False)
        return [(row, "answer") for row in owed.order_by("answer_due", "id")[:limit]]
    mine, here = str(actor.person), Q(issuer=actor.region)
    steps: dict[str, tuple[str, Q]] = {}
    if actor.role in REVIEWERS:
        steps["drafted"] = ("review", ~Q(drafter_ids__contains=[mine]))
    if actor.role in APPROVERS:
        steps["reviewed"] = ("approve", ~Q(drafter_ids__contains=[mine]) & ~Q(reviewer_id=actor.person))
    if actor.role == roles.OFFICE:
        steps["approved"] = ("number", Q())
    if actor.role in DRAFTERS:
        own = Q(drafter_ids__contains=[mine])
        steps |= {"returned": ("amend", own), "numbered": ("serve", own), "answered": ("put_to_file", own)}
    if not steps:
        return []
    wanted = Q(pk__in=[])
    for state, (_step, which) in steps.items():
        wanted |= Q(state=state) & which
    found = rows.filter(here, wanted).order_by("due_at", "id")[:limit]
    return [(row, steps[row.state][0]) for row in found]
