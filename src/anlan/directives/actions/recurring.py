"""Tasks of what comes again: the platform opens each when its period begins, exactly once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.directives.actions.tasks import open_period
from anlan.directives.models import Recurrence
from anlan.directives.recurring import period
from anlan.directives.rules import registers
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, NotFound
from anlan.kernel.flow.given import Withdraw
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed

log = structlog.get_logger(__name__)
AT_ONCE = 500


def open_recurring() -> int:
    """Open every task whose period has begun; returns how many. Safe to run twice at once: a held row is left to its holder."""
    opened = 0
    with scope.acting(SYSTEM):
        due = list(_due().values_list("pk", flat=True)[:AT_ONCE])
    for key in due:
        try:
            opened += _open_one(key)
        except CalendarEnds as ends:  # the others may lie within the calendar
            log.warning("directives.calendar_ends", recurrence=str(key), detail=str(ends.detail))
    return opened


def _due() -> Any:
    rows = Recurrence.objects.filter(opens_on__lte=clock.today(), ended_at__isnull=True)
    return rows.filter(Q(ends_on__isnull=True) | Q(opens_on__lte=F("ends_on"))).order_by("opens_on", "pk")


def _open_one(key: UUID) -> int:
    """What was missed while nothing ran is opened too, each period its own task."""
    opened = 0
    with scope.acting(SYSTEM):
        row = _due().select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
        while (
            row is not None and row.opens_on <= clock.today() and (row.ends_on is None or row.opens_on <= row.ends_on)
        ):
            open_period(SYSTEM, row)
            opened += 1
    return opened


def end_recurrence(*, actor: Actor, recurrence: UUID, data: BaseModel | dict[str, Any]) -> Recurrence:
    """No further task is opened; those that are open stay."""
    checked = parsed(Withdraw, data)
    row = _held(actor, recurrence)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    _note(actor, row, "end_recurrence", reason=checked.reason)
    return row


def skip_period(*, actor: Actor, recurrence: UUID, data: BaseModel | dict[str, Any]) -> Recurrence:
    """The next period gets no task; the reason stays. Raises NotFound, Forbidden, Conflict when it has ended."""
    checked = parsed(Withdraw, data)
    row = _held(actor, recurrence)
    span = period(row.rhythm, row.opens_on)
    row.skipped = [
        *row.skipped,
        {
            "period": span.first.isoformat(),
            "reason": checked.reason,
            "by": actor.name,
            "at": clock.now().isoformat(),
        },
    ]
    row.opens_on = span.last + timedelta(days=1)
    row.save(update_fields=["skipped", "opens_on"])
    _note(actor, row, "skip_period", period=span.first.isoformat(), reason=checked.reason)
    return row


def _held(actor: Actor, recurrence: UUID) -> Recurrence:
    row = Recurrence.objects.select_for_update(of=("self",)).filter(pk=recurrence).first()
    if row is None:
        raise NotFound
    if not registers(actor, row.issued_region):
        raise Forbidden(_("Only %(who)s may do this."), who=_("the committee office that gave the task"))
    if row.ended_at is not None:
        raise Conflict(_("It has ended already."), code="recurrence.ended")
    return row


def _note(actor: Actor, row: Recurrence, step: str, **facts: str) -> None:
    write_note(
        actor=actor,
        subject_type="directive",
        subject_id=row.directive_id,
        step=step,
        data={"what": row.what, "unit": str(row.unit_id), **facts},
        region=row.region,
    )
