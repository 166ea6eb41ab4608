"""A plan that has no error is published, and its items are given out."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict
from anlan.kernel.flow.take import take
from anlan.kernel.ledger.write import write_note
from anlan.plans.actions.writing import keeper_of
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import Plan, PlanItem
from anlan.plans.queries.selfchecks import troubles_of


def publish(*, actor: Actor, plan: UUID) -> Plan:
    """
    Give out every item that is still planned; the first time, everybody below may read the plan from then on. Asked again, only what
    came since is given out. Raises Conflict while the tree has an error.
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
    waiting = list(
        PlanItem.objects.filter(plan=found, state="planned").order_by("order", "id").values_list("pk", flat=True)
    )
    if found.published_at is None:
        found.published_at = clock.now()
        found.save(update_fields=["published_at"])
    elif not waiting:
        raise Conflict(_("Everything in the plan is given out already."), code="plans.nothing_new")
    for item in waiting:
        take(PLAN_ITEM, item, "assign", actor=actor, data={})
    write_note(
        actor=actor,
        subject_type="plan",
        subject_id=found.pk,
        step="publish_plan",
        data={"items": len(waiting)},
        region=found.region,
    )
    return found
