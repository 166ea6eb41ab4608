"""Waiting: when a record starts to wait, its next rung is stored; time limits survive restarts because they are rows."""

from datetime import datetime
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


def start_waiting(flow: Flow, record: Any, since: datetime, *, above: int = 0) -> None:
    """
    Store the next rung. Rungs missed while nothing ran are climbed one after the other, each once; only a reminder
    whose moment lies before the waiting began is left out.

    Raises CalendarExhausted when any rung above lies past the calendar's end: a wait whose escalation cannot be computed
    does not begin.
    """
    if record.due_at is None or flow.state(record.state).final:
        return
    rungs = sorted((rung for rung in flow.ladder(record) if rung.level > above), key=lambda rung: rung.level)
    ahead = [(rung, moment(record.due_at, rung)) for rung in rungs]
    for rung, when in ahead:
        if above == 0 and rung.days < 0 and when <= since:
            continue
        store(flow, record, rung.level, max(when, since))
        return


def store(flow: Flow, record: Any, level: int, at: datetime) -> None:
    Timer.objects.create(flow=flow.name, record_id=record.pk, clock=record.clock, level=level, at=at)
