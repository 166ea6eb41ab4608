"""The rules of reports that a city may set: time limits, anonymity, who opens a seal, the ladder. Defaults carry their mark."""

from datetime import datetime

import structlog
from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.flow import Rung
from anlan.kernel.rulings import days, ladder_to, rungs, some_of, whole
from anlan.kernel.workdays import CalendarExhausted
from anlan.reports.models import Category, Report

log = structlog.get_logger(__name__)
RECIPIENTS = {
    "waited_for": _("who it waits for"),
    "county_office": _("the county's committee office"),
    "city_office": _("the city's committee office"),
}
LIMITS = {
    "submitted": declare(key="reports.days.screen", label=_("Days to look at a citizen's report"), default=1, check=days),
    "screened": declare(key="reports.days.dispatch", label=_("Days to send a citizen's report to a unit"), default=1, check=days),
    "returned": declare(
        key="reports.days.again", label=_("Days to send a returned report elsewhere"), default=1, check=days
    ),
    "handled": declare(key="reports.days.review", label=_("Days to review a handled report"), default=2, check=days),
}  # fmt: skip
VERIFY, HANDLE = 5, 15
"""Working days where a report has no category yet [K]."""
CONTEST = declare(
    key="reports.days.contest", label=_("Days in which a reporter may contest the answer"), default=10, check=days
)
RETURNS = declare(
    key="reports.returns",
    label=_("Times a report may be sent back before the office decides where it goes"),
    default=3,
    check=whole(1, 20, _("1 to 20.")),
)


def yes_or_no(found: object) -> object:
    return None if isinstance(found, bool) else _("Choose yes or no.")


ANONYMOUS = declare(
    key="reports.anonymous", label=_("Citizens may report without a name"), default=True, check=yes_or_no
)
REAL_NAME = declare(
    key="reports.real_name", label=_("Reporters give their real name first"), default=False, check=yes_or_no
)
AUTO_DISPATCH = declare(
    key="reports.auto_dispatch",
    label=_("A rule may send a report without a dispatcher"),
    default=False,
    check=yes_or_no,
)
OPENERS = declare(
    key="reports.seal.openers",
    label=_("Posts that may open the seal of a reporter"),
    default=[roles.OFFICE],
    check=some_of({roles.OFFICE, roles.DISPATCHER, roles.LEADER, roles.FINANCE}, _("A list of posts."), none=True),
    choices=tuple((code, roles.ROLES[code].label) for code in (roles.OFFICE, roles.DISPATCHER, roles.LEADER, roles.FINANCE)),
)  # fmt: skip
KEEP_IDENTITY = declare(
    key="reports.days.identity",
    label=_("Calendar days after the answer for which a reporter's name and phone are kept"),
    default=180,
    check=whole(30, 3650, _("30 to 3650.")),
)
NEAR_METRES = declare(
    key="reports.near.metres",
    label=_("Metres within which a report may be the same as another"),
    default=300,
    check=whole(20, 5000, _("20 to 5000.")),
)
NEAR_DAYS = declare(
    key="reports.near.days",
    label=_("Calendar days within which a report may be the same as another"),
    default=14,
    check=whole(1, 365, _("1 to 365.")),
)
LADDER = declare(
    key="reports.ladder",
    label=_("Reminders and escalation of citizens' reports"),
    default=[
        {"days": -1, "to": "waited_for"},
        {"days": 0, "to": "waited_for"},
        {"days": 1, "to": "county_office"},
        {"days": 5, "to": "city_office"},
    ],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)


def due(report: Report) -> datetime | None:
    """
    When what the report waits for now is due; None when it waits for nothing.

    Where the calendar does not reach, it has no limit: a report is taken in whatever the calendar says.
    """
    if report.state == "reviewed":
        return report.state_since
    limit = _days(report)
    if limit is None:
        return None
    ladder_ends = max(rung.days for rung in ladder(report))
    try:
        moment = working_days().add(report.state_since, limit)
        working_days().add(moment, max(ladder_ends, 0))
    except CalendarExhausted as ends:
        log.warning("reports.no_limit", report=str(report.pk), why=str(ends))
        return None
    return moment


def _days(report: Report) -> int | None:
    if report.state in LIMITS:
        return int(value(LIMITS[report.state].key, report.region))
    if report.state in ("dispatched", "verified"):
        return days_of(report.category_id, verify=report.state == "dispatched")
    return None


def days_of(category: str | None, *, verify: bool) -> int:
    """Working days to look on the spot, or to handle what was found, of a category."""
    row = Category.objects.filter(pk=category).first() if category else None
    if row is None:
        return VERIFY if verify else HANDLE
    return row.verify_days if verify else row.handle_days


def ladder(report: Report) -> list[Rung]:
    """The rungs in force for a report; the answer to a reviewed one leaves by the clock, at once."""
    if report.state == "reviewed":
        return [Rung(level=1, days=0, step="answer")]
    return rungs(value(LADDER.key, report.region))


def recipients_of(report: Report, level: int) -> str:
    return str(value(LADDER.key, report.region)[level - 1]["to"])
