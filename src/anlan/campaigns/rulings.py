"""What a city may set about monthly returns: time limits and whom a return waits for."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from anlan.campaigns.models import Return
from anlan.campaigns.states import REVIEWING, WRITING
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.flow import Rung
from anlan.kernel.rulings import days, ladder_to, rungs

RECIPIENTS = {
    "unit": _("the unit"),
    "reviewer": _("the reviewer"),
    "office": _("the committee office"),
    "letter": _("the committee office, with a drafted supervise letter"),
}

MEND = declare(key="returns.days.mend", label=_("Returns: days to mend one that was sent back"), default=2, check=days)
REVIEW = declare(key="returns.days.review", label=_("Returns: days to review one"), default=3, check=days)
LOCK = declare(key="returns.days.lock", label=_("Returns: days to lock an accepted one"), default=5, check=days)
LADDER = declare(
    key="returns.ladder",
    label=_("Reminders: a return that waits"),
    default=[{"days": -2, "to": "unit"}, {"days": 0, "to": "unit"}, {"days": 2, "to": "reviewer"}, {"days": 5, "to": "office"}, {"days": 10, "to": "letter"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)  # fmt: skip


LEADERS_BEFORE = declare(
    key="leaders.days.before",
    label=_("Leaders' duties: working days before a period ends at which what is owed is announced"),
    default=20,
    check=days,
)
LEADERS_AFTER = declare(
    key="leaders.days.after",
    label=_("Leaders' duties: working days after a period at which what was not done is a fact"),
    default=10,
    check=days,
)


def first_of(month: date) -> date:
    return month.replace(day=1)


def hand_in_by(month: date, due: int) -> datetime:
    """The end of the `due`-th working day after a month. Raises CalendarEnds past the calendar."""
    last = (first_of(month) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return working_days().add(datetime.combine(last, time(12), SHANGHAI), due)


def mend_by(record: Return, since: datetime) -> datetime:
    """What came back late has a few days, not less."""
    return max(record.hand_in_by, working_days().add(since, value(MEND.key, record.region)))


def due(record: Return) -> datetime | None:
    """When what a return waits for is due."""
    if record.state in WRITING:
        return record.mend_by or record.hand_in_by
    if record.state in REVIEWING:
        key = REVIEW.key if record.state == "passed" else LOCK.key
        return working_days().add(record.state_since, value(key, record.region))
    return None


def recipient_of(record: Return, level: int) -> str:
    """Whom the rung of a level tells; the ladder may have been shortened since."""
    found = value(LADDER.key, record.region)
    return str(found[min(level, len(found)) - 1]["to"])


def ladder(record: Return) -> list[Rung]:
    return rungs(value(LADDER.key, record.region))
