"""How near its day a task is, as a word and a shape beside any colour."""

from typing import Literal

from anlan.directives.models import DirectiveTask
from anlan.directives.states import WORKING
from anlan.kernel import clock
from anlan.kernel.calendar import working_days

Tone = Literal["overdue", "soon", "in_time", "over", "no_day"]
SOON_DAYS = 3
"""Working days before its day from which a task counts as near it."""


def tone(task: DirectiveTask) -> Tone:
    """Overdue while the unit has it and its day has passed; what is reported waits for the office and is in time or was late."""
    if task.state in ("done", "withdrawn"):
        return "over"
    if task.due is None:
        return "overdue" if task.late else "no_day"
    if task.state not in ("assigned", "handed_back", *WORKING):
        return "in_time"
    now = clock.now()
    if now > clock.end_of(task.due):
        return "overdue"
    return "soon" if working_days().days_left(clock.end_of(task.due), now) < SOON_DAYS else "in_time"
