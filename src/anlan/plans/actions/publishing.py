"""A plan that has no error is published, and its items are given out: the first at once, of many the rest by a job."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity.acting import actor_in_office
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict
from anlan.kernel.flow.take import take
from anlan.kernel.ledger.write import write_note
from anlan.plans import jobs
from anlan.plans.actions.writing import keeper_of
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import Plan, PlanItem
from anlan.plans.queries.selfchecks import troubles_of

AT_ONCE = 100
"""Items that a request gives out itself, at some 20 ms each; a job does as many in one transaction."""


def publish(*, actor: Actor, plan: UUID, at_once: int | None = None) -> Plan:
    """
    Give out every item that is still planned; the first time, everybody below may read the plan from then on. Asked again, only what
    came since is given out. Beyond `at_once` a job gives out the rest. Raises Conflict while the tree has an error.
    """
    keeper_of(actor, plan)
    # Read under the lock: whoever presses twice finds what the first press did.
    found = Plan.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=plan)
    errors = [one for one in troubles_of(found) if one.is_error]
    if errors:
        raise Conflict(
            _("The plan has %(count)s errors. The first: %(line)s %(words)s"),
            count=len(errors),
            line=errors[0].code,
            words=errors[0].words,
            code="plans.errors",
        )
    waiting = _planned(found.pk, clock.now())
    if found.published_at is None:
        found.published_at = clock.now()
        found.save(update_fields=["published_at"])
    elif not waiting:
        raise Conflict(_("Everything in the plan is given out already."), code="plans.nothing_new")
    _assign(waiting[:at_once], actor)
    if at_once is not None and len(waiting) > at_once:
        jobs.give_out.defer(plan_id=str(found.pk), post_id=str(actor.post), asked_at=clock.now().isoformat())
    write_note(
        actor=actor,
        subject_type="plan",
        subject_id=found.pk,
        step="publish_plan",
        data={"items": len(waiting)},
        region=found.region,
    )
    return found


def _planned(plan: UUID, until: datetime) -> list[UUID]:
    rows = PlanItem.objects.filter(plan=plan, state="planned", created_at__lte=until)
    return list(rows.order_by("order", "id").values_list("pk", flat=True))


def _assign(items: list[UUID], actor: Actor) -> None:
    for item in items:
        take(PLAN_ITEM, item, "assign", actor=actor, data={})


def give_out_rest(plan: UUID, post: UUID, asked_at: datetime) -> None:
    """
    The job: what was judged when the plan was published, a part at a time, as the post that asked for it. Killed half-way it goes on
    where it was. It stops where that post is held no more, or a line was spoilt meanwhile: the page then says what is not given out.
    """
    while True:
        with scope.acting(SYSTEM):
            actor = actor_in_office(post)
        if actor is None:
            return
        with scope.acting(actor):
            keeper_of(actor, plan)
            found = Plan.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=plan)
            waiting = _planned(plan, asked_at)
            if not waiting or any(one.is_error for one in troubles_of(found)):
                return
            _assign(waiting[:AT_ONCE], actor)
