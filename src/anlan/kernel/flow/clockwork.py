"""The clock's own steps: reminders and escalation, each taken exactly once a level."""

from datetime import datetime
from uuid import UUID

import structlog
from django.apps import apps

from anlan.kernel import scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.clock import now
from anlan.kernel.flow.declare import flows
from anlan.kernel.flow.rows import locked
from anlan.kernel.flow.take import take
from anlan.kernel.flow.timers import MAIN, start_waiting, store, waiting
from anlan.kernel.flow.timers import moment as moment_of
from anlan.kernel.models import Timer

log = structlog.get_logger(__name__)


class _TimerFailed(Exception):
    def __init__(self, timer: UUID) -> None:
        self.timer = timer
        super().__init__()


def tick(moment: datetime | None = None, *, limit: int = 10_000) -> int:
    """
    Take every clock step that is due; returns how many were taken.

    Each timer is its own transaction, in which its record is locked and its row replaced by the next rung's, so a level
    arrives exactly once however often and wherever this runs. A record that somebody holds just now is left for the next
    tick, as is a timer that fails; neither holds up another.
    """
    taken = 0
    passed: set[UUID] = set()
    for _ in range(limit):
        try:
            outcome = _one(moment or now(), passed)
        except _TimerFailed as trouble:
            log.exception("clock.failed", timer=str(trouble.timer))
            passed.add(trouble.timer)
            continue
        if outcome is None:
            break
        taken += outcome
    return taken


def _one(moment: datetime, passed: set[UUID]) -> int | None:
    with scope.acting(CLOCK):
        timer = Timer.objects.filter(at__lte=moment).exclude(pk__in=passed).order_by("at", "id").first()
        if timer is None:
            return None
        try:
            return _climb(timer, moment, passed)
        except Exception as error:
            raise _TimerFailed(timer.pk) from error


def _climb(timer: Timer, moment: datetime, passed: set[UUID]) -> int:
    """The record is locked before its timer, as every step does it, so that the two never wait for each other."""
    flow = flows[timer.flow]
    record = locked(apps.get_model(flow.model), timer.record_id, skip=True)
    if record is None:
        passed.add(timer.pk)  # held by somebody, or gone
        return 0
    same = Timer.objects.filter(pk=timer.pk, clock=timer.clock, level=timer.level)
    if not same.select_for_update().exists():
        return 0  # another tick or step was faster
    period = waiting(flow, record, timer.wait)
    rung = next((one for one in period.rungs if one.level == timer.level), None) if period else None
    if period is None or period.due is None or period.clock != timer.clock or rung is None:
        Timer.objects.filter(pk=timer.pk).delete()
        return 0
    if (when := moment_of(period.due, rung)) > moment:
        store(flow, record, period, rung.level, when)  # the city changed its ladder or calendar since it was set
        return 0
    if record.state in flow.step(rung.step).source:
        data = {"level": rung.level} if timer.wait == MAIN else {"level": rung.level, "wait": timer.wait}
        record = take(flow, record.pk, rung.step, actor=CLOCK, data=data)
    start_waiting(flow, record, moment, name=timer.wait, above=rung.level)
    return 1
