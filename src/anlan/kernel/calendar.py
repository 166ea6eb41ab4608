"""Working days of this deployment: every time limit goes through here."""

import time
from datetime import date
from threading import Lock

from anlan.kernel.models import CalendarDay, CalendarYear
from anlan.kernel.workdays import Workdays

_lock = Lock()
_kept: tuple[float, Workdays] | None = None
KEEP_SECONDS = 10.0


def working_days() -> Workdays:
    """The calendar as stored, at most ten seconds old; it refuses to compute past its last loaded year."""
    global _kept  # noqa: PLW0603 -- one small cache a process
    with _lock:
        if _kept is None or time.monotonic() - _kept[0] > KEEP_SECONDS:
            _kept = (time.monotonic(), load())
        return _kept[1]


def load() -> Workdays:
    years = list(CalendarYear.objects.order_by("year").values_list("year", flat=True))
    days = dict(CalendarDay.objects.values_list("day", "works"))
    if not years:
        return Workdays({}, first=date(1970, 1, 1), through=date(1970, 1, 1))
    last = years[0]
    for year in years:  # a gap ends the calendar: days beyond it are not known
        if year > last + 1:
            break
        last = year
    return Workdays(days, first=date(years[0], 1, 1), through=date(last, 12, 31))


def forget() -> None:
    """Drop the kept copy: after an edit, and between tests."""
    global _kept  # noqa: PLW0603 -- one small cache a process
    with _lock:
        _kept = None
