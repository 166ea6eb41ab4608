"""The nightly bookkeeping of self-checks: what was missed is written down as a fact."""

from datetime import timedelta

from django.db.models import F, Q

from anlan.inspections.actions.self_check import settle_plan
from anlan.inspections.models import SelfCheckPlan
from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.duties import duty


@duty("self-checks", every=900.0)
def settle() -> int:
    """Each plan in a transaction of its own; the first run after midnight finds yesterday over. Returns how many were missed."""
    yesterday = clock.today() - timedelta(days=1)
    unsettled = Q(settled_to=None) | Q(settled_to__lt=yesterday)
    running = Q(ends_on=None) | Q(settled_to__lt=F("ends_on")) | Q(settled_to=None)
    with scope.acting(CLOCK):
        plans = list(
            SelfCheckPlan.objects.filter(unsettled, running, begins_on__lte=yesterday).values_list("pk", flat=True)
        )
    missed = 0
    for plan in plans:
        with scope.acting(CLOCK):
            missed += settle_plan(plan, upto=yesterday)
    return missed
