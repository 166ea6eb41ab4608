"""Waiting: when a record starts to wait, its next rung is stored; time limits survive restarts because they are rows."""

from datetime import datetime, timedelta
from typing import Any

from anlan.kernel.calendar import working_days
from anlan.kernel.flow.declare import Flow, Rung
from anlan.kernel.models import Timer


def moment(due: datetime, rung: Rung) -> datetime:
    """When a rung is climbed: at the due moment, or the same time that many working days away."""
    if rung.days == 0:
        return due
    days = working_days()
    return days.remind_at(due, -rung.days) if rung.days < 0 else days.add(due, rung.days)


def start_waiting(flow: Flow, record: Any, since: datetime, *, above: int | None = None) -> None:
    """Store the first rung that still lies ahead (the lowest late one when several passed already)."""
    if record.due_at is None or flow.state(record.state).final:
        return
    rungs = sorted(flow.ladder(record), key=lambda rung: rung.level)
    if above is not None:
        rungs = [rung for rung in rungs if rung.level > above]
    for number, rung in enumerate(rungs):
        when = moment(record.due_at, rung)
        late = when <= since
        if late and above is None and number + 1 < len(rungs) and moment(record.due_at, rungs[number + 1]) <= since:
            continue
        if late and rung.days < 0:
            continue
        Timer.objects.create(
            flow=flow.name,
            record_id=record.pk,
            clock=record.clock,
            level=rung.level,
            at=max(when, since + timedelta(0)),
        )
        return
