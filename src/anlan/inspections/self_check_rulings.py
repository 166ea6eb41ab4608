"""What a city may set of self-checks. The defaults are practice, not law: marked K until somebody shows the article."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from anlan.inspections.models import SelfCheckPlan
from anlan.inspections.periods import DAILY, end_of
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.rulings import some_of, whole

BASIS = "《特种设备使用单位落实使用安全主体责任监督管理规定》（总局令第74号，2023）日管控、周排查、月调度"


REST_DAYS = declare(
    key="inspections.self_check.rest_days",
    label=_("Self-checks that are kept on rest days too"),
    default=[],
    check=some_of([DAILY], _("Choose one of the list."), none=True),
    choices=((DAILY, _("daily control")),),
    basis=BASIS,
)
LATE_DAYS = declare(
    key="inspections.self_check.late_days",
    label=_("Working days within which a missed self-check can be done late"),
    default=3,
    check=whole(0, 30),
)
OFFLINE_HOURS = declare(
    key="inspections.self_check.offline_hours",
    label=_("Hours a self-check done without a network may take to arrive and still count from when it was done"),
    default=24,
    check=whole(0, 168),
)


def owed(plan: SelfCheckPlan, period: date) -> bool:
    """Whether the plan asks for a check in this period: it has a working day while the plan runs, or rest days count."""
    first, last = max(period, plan.begins_on), end_of(plan.cycle, period)
    if plan.ends_on is not None and plan.ends_on < last:
        return False  # ended before the period was over
    if first > last:
        return False
    if plan.cycle == DAILY and (plan.on_rest_days or DAILY in value(REST_DAYS.key, plan.region)):
        return True
    calendar, days = working_days(), (last - first).days + 1
    return any(calendar.is_workday(first + timedelta(days=number)) for number in range(days))


def late_until(plan: SelfCheckPlan, period: date) -> datetime:
    """The last moment at which a missed check can still be done late."""
    end = datetime.combine(end_of(plan.cycle, period), time(23, 59), clock.SHANGHAI)
    days = value(LATE_DAYS.key, plan.region)
    return working_days().add(end, days) if days else end


def done_at(region: int, client_at: datetime | None, received: datetime) -> datetime:
    """When a check counts as done: when the phone says, if it arrived soon enough after; else when it arrived."""
    if client_at is None or client_at > received:
        return received
    soon = timedelta(hours=value(OFFLINE_HOURS.key, region))
    return client_at if received - client_at <= soon else received
