"""How far the working-day calendar reaches, and when somebody must act."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.models import CalendarYear

WARN_DAYS = 60


def days_ahead() -> int:
    """Days from today to the calendar's last one; negative when it has ended."""
    return (working_days().through - clock.today()).days


def reach() -> dict[str, Any]:
    """`through`, `days`, `words`, `warning` ("" when all is well)."""
    through, days = working_days().through, days_ahead()
    provisional = CalendarYear.objects.filter(status="provisional", year__lte=through.year).order_by("year").first()
    official: date = date(provisional.year, 1, 1) - timedelta(days=1) if provisional else through
    warning = ""
    if days < 0:
        warning = _("The calendar has ended: no time limit can be counted. Load the official notice now.")
    elif (official - clock.today()).days < WARN_DAYS:
        warning = _(
            "The official calendar ends on %(day)s. Load the notice of the State Council for the next year."
        ) % {"day": official.isoformat()}
    return {
        "through": through,
        "official": official,
        "days": days,
        "words": _("Reaches to %(day)s.") % {"day": through.isoformat()},
        "warning": warning,
    }
