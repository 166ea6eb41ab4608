"""The clock's own steps: reminders and escalation, each taken exactly once a level."""

from datetime import datetime

from django.apps import apps

from anlan.kernel import scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.clock import now
from anlan.kernel.flow.declare import flows
from anlan.kernel.flow.take import take
from anlan.kernel.flow.timers import start_waiting
from anlan.kernel.models import Timer


def tick(moment: datetime | None = None, *, limit: int = 10_000) -> int:
    """Take every clock step that is due; returns how many were taken.

    Each timer is its own transaction: its row is locked and removed in the transaction of the step it causes, so a
    level arrives exactly once however often and wherever this runs.
    """
    taken = 0
    for _ in range(limit):
        outcome = _one(moment or now())
        if outcome is None:
            break
        taken += outcome
    return taken


def _one(moment: datetime) -> int | None:
    with scope.acting(CLOCK):
        timer = Timer.objects.select_for_update(skip_locked=True).filter(at__lte=moment).order_by("at", "id").first()
        if timer is None:
            return None
        flow = flows[timer.flow]
        model = apps.get_model(flow.model)
        record = model._default_manager.select_for_update(of=("self",)).filter(pk=timer.record_id).first()
        timer.delete()
        if record is None or record.clock != timer.clock:
            return 0
        rung = next((one for one in flow.ladder(record) if one.level == timer.level), None)
        if rung is None:
            return 0
        if record.state in flow.step(rung.step).source:
            record = take(flow, record.pk, rung.step, actor=CLOCK, data={"level": rung.level})
        start_waiting(flow, record, moment, above=rung.level)
        return 1
