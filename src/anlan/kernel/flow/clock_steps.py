"""The steps that the clock takes while a record waits: a reminder, the fall of the due moment, escalation."""

from collections.abc import Callable
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from anlan.kernel.actor import Actor
from anlan.kernel.flow.declare import Step, Taking
from anlan.kernel.inputs import Input

THE_CLOCK = _("the clock")


class Level(Input):
    """The clock's own input: the rung it has reached."""

    level: Annotated[int, Field(ge=1, le=100)]


def is_clock(actor: Actor, _record: Any) -> bool:
    return actor.is_system


def remind(taking: Taking) -> None:
    taking.record.level = taking.data.level


def be_late(taking: Taking) -> None:
    taking.record.late, taking.record.level = True, taking.data.level


def climbing_steps(source: tuple[str, ...], told: Callable[[Taking], None]) -> tuple[Step, ...]:
    """The three steps of a ladder, from whichever state has a due moment; the record keeps its `late` and its `level`."""
    return tuple(
        Step(
            name=name,
            label=label,
            source=source,
            by=is_clock,
            who=THE_CLOCK,
            needs=Level,
            do=do,
            then=told,
            clock=True,
        )
        for name, label, do in (
            ("remind", _("Reminder"), remind),
            ("fall_due", _("Due"), be_late),
            ("escalate", _("Escalation"), be_late),
        )
    )
