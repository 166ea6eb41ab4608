"""What a city may set about assessments: time limits, and whom an assessment waits for."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from anlan.assessments.models import Assessment
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.flow import Rung
from anlan.kernel.rulings import days, ladder_to, rungs

RECIPIENTS = {"unit": _("the unit"), "office": _("the committee office")}

CHECK = declare(
    key="assessments.days.check", label=_("Assessments: days to check a self-score"), default=20, check=days
)
APPEAL = declare(
    key="assessments.days.appeal",
    label=_("Assessments: days in which a unit may appeal"),
    default=5,
    check=days,
    basis="考核结果反馈后的申诉期限，由考核办法规定",
)
DECIDE = declare(
    key="assessments.days.decide", label=_("Assessments: days to decide on an appeal"), default=10, check=days
)
LADDER = declare(
    key="assessments.ladder",
    label=_("Reminders: an assessment that waits"),
    default=[{"days": -3, "to": "unit"}, {"days": 0, "to": "unit"}, {"days": 3, "to": "office"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)


def appeal_until(record: Assessment, since: datetime) -> date:
    """The last day on which the unit may appeal. Raises CalendarEnds past the calendar."""
    return clock.day_of(working_days().add(since, value(APPEAL.key, record.territory)))


def due(record: Assessment) -> datetime | None:
    """When what an assessment waits for is due."""
    match record.state:
        case "opened":
            return clock.end_of(record.self_by)
        case "self_scored":
            return working_days().add(record.state_since, value(CHECK.key, record.territory))
        case "notified":
            return clock.end_of(record.appeal_by) if record.appeal_by else None
        case "appealed":
            return working_days().add(record.state_since, value(DECIDE.key, record.territory))
    return None


def ladder(record: Assessment) -> list[Rung]:
    return rungs(value(LADDER.key, record.territory))


def counted_time(record: Assessment) -> tuple[datetime, datetime]:
    """From–to, the end not counted, as the city counts days."""
    first, after = date(record.year, 1, 1), record.counts_until + timedelta(days=1)
    begins, ends = (datetime.combine(day, time.min, clock.SHANGHAI) for day in (first, after))
    return begins, ends
