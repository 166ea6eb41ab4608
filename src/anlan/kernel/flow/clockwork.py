"""The clock's own steps: reminders and escalation, each taken exactly once a level."""

from datetime import datetime
from uuid import UUID

import structlog
from django.apps import apps

from anlan.kernel import scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.clock import now
from anlan.kernel.flow.declare import flows
from anlan.kernel.flow.take import take
from anlan.kernel.flow.timers import moment as moment_of
from anlan.kernel.flow.timers import start_waiting, store
from anlan.kernel.models import Timer

log = structlog.get_logger(__name__)


class _TimerFailed(Exception):
    def __init__(self, timer: UUID) -> None:
        self.timer = timer
        super().__init__()


def tick(moment: datetime | None = None, *, limit: int = 10_000) -> int:
    """
    Take every clock step that is due; returns how many were taken.

    Each timer is its own transaction: its row is locked and removed in the transaction of the step it causes, so a
    level arrives exactly once however often and wherever this runs. A timer that fails stays for the next tick and
    holds up no other.
    """
    taken = 0
    failed: set[UUID] = set()
    for _ in range(limit):
        try:
            outcome = _one(moment or now(), failed)
        except _TimerFailed as trouble:
            log.exception("clock.failed", timer=str(trouble.timer))
            failed.add(trouble.timer)
            continue
        if outcome is None:
            break
        taken += outcome
    return taken


def _one(moment: datetime, failed: set[UUID]) -> int | None:
    with scope.acting(CLOCK):
        waiting = Timer.objects.select_for_update(skip_locked=True).filter(at__lte=moment).exclude(pk__in=failed)
        timer = waiting.order_by("at", "id").first()
        if timer is None:
            return None
        try:
            return _climb(timer, moment)
        except Exception as error:
            raise _TimerFailed(timer.pk) from error


def _climb(timer: Timer, moment: datetime) -> int:
    flow = flows[timer.flow]
    model = apps.get_model(flow.model)
    record = model._default_manager.select_for_update(of=("self",)).filter(pk=timer.record_id).first()
    Timer.objects.filter(pk=timer.pk).delete()
    if record is None or record.clock != timer.clock:
        return 0
    rung = next((one for one in flow.ladder(record) if one.level == timer.level), None)
    if rung is None:
        return 0
    if (when := moment_of(record.due_at, rung)) > moment:
        store(flow, record, rung.level, when)  # the city changed its ladder or calendar since the timer was set
        return 0
    if record.state in flow.step(rung.step).source:
        record = take(flow, record.pk, rung.step, actor=CLOCK, data={"level": rung.level})
    start_waiting(flow, record, moment, above=rung.level)
    return 1
