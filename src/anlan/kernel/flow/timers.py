"""Waiting: when a record starts to wait, its next rung is stored; time limits survive restarts because they are rows.

A record has one main wait, that of its state, and may have others beside it which a flow declares (`Wait`): a decision
asked for, a publication owed. Each has at most one stored rung, the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from anlan.kernel.calendar import working_days
from anlan.kernel.flow.declare import Flow, Rung, Wait
from anlan.kernel.ids import new_id
from anlan_verify import canonical

MAIN = ""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One period of waiting: `clock` names it, so that a rung stored for an earlier one is told apart."""

    name: str
    clock: UUID
    due: datetime | None
    rungs: Sequence[Rung]


def waiting(flow: Flow, record: Any, name: str = MAIN) -> Waiting | None:
    """What a record waits for under a name now; None when it waits for nothing."""
    if flow.state(record.state).final:
        return None
    if name == MAIN:
        if record.due_at is None:
            return None
        return Waiting(name=name, clock=record.clock, due=record.due_at, rungs=flow.ladder(record))
    wait = flow.wait(name)
    clock = _period(record, wait)
    return Waiting(name=name, clock=clock, due=wait.due(record), rungs=wait.ladder(record)) if clock else None


def _period(record: Any, wait: Wait) -> UUID | None:
    since = wait.since(record)
    return uuid5(record.pk, f"{wait.name} {canonical.timestamp(since)}") if since else None


def clocks(flow: Flow, record: Any) -> dict[str, UUID | None]:
    """The waits beside the main one, by name, each with its present period; no due moment is computed."""
    if flow.state(record.state).final:
        return dict.fromkeys(wait.name for wait in flow.waits)
    return {wait.name: _period(record, wait) for wait in flow.waits}


def moment(due: datetime, rung: Rung) -> datetime:
    """When a rung is climbed: at the due moment, or the same time that many working days away."""
    if rung.days == 0:
        return due
    days = working_days()
    return days.remind_at(due, -rung.days) if rung.days < 0 else days.add(due, rung.days)


def start_waiting(flow: Flow, record: Any, since: datetime, *, name: str = MAIN, above: int = 0) -> None:
    """
    Store the next rung in place of what was stored. Rungs missed while nothing ran are climbed one after the other, each
    once; only a reminder whose moment lies before the waiting began is left out.

    Raises CalendarExhausted when any rung above lies past the calendar's end: a wait whose escalation cannot be computed
    does not begin.
    """
    now = waiting(flow, record, name)
    if now is None or now.due is None:
        stop_waiting(record, name)
        return
    rungs = sorted((rung for rung in now.rungs if rung.level > above), key=lambda rung: rung.level)
    ahead = [(rung, moment(now.due, rung)) for rung in rungs]
    for rung, when in ahead:
        if above == 0 and rung.days < 0 and when <= since:
            continue
        store(flow, record, now, rung.level, max(when, since))
        return
    stop_waiting(record, name)


_STORE = (
    "INSERT INTO kernel_timer (id, flow, record_id, wait, clock, level, at) VALUES (%s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT ON CONSTRAINT timer_once_a_wait"
    " DO UPDATE SET clock = excluded.clock, level = excluded.level, at = excluded.at"
)


def store(flow: Flow, record: Any, now: Waiting, level: int, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [new_id(), flow.name, record.pk, now.name, now.clock, level, at])


def stop_waiting(record: Any, name: str = MAIN) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_timer WHERE record_id = %s AND wait = %s", [record.pk, name])
