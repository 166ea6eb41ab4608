"""
The periods of a duty that comes again. Values in, values out: the calendar is given.

Weeks begin on Monday; a third of a month (旬) on the 1st, 11th and 21st; half months on the 1st and 16th; the others with
their month. A day that is no working day gives way to the next that is (《民法典》 art. 203).
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from anlan.kernel.clock import SHANGHAI, day_of
from anlan.kernel.workdays import Workdays

STANDING = frozenset({"day", "workday"})
"""Rhythms so short that one task stands for all of it: what is done daily is reported as a whole."""
_MONTHS = {"month": 1, "quarter": 3, "halfyear": 6, "year": 12}
_STARTS = {"tenday": (1, 11, 21), "halfmonth": (1, 16)}


@dataclass(frozen=True, slots=True)
class Period:
    """Both ends inclusive."""

    first: date
    last: date


def recurs(rhythm: Mapping[str, Any] | None) -> bool:
    """Whether tasks are opened one by one."""
    return bool(rhythm) and rhythm["every"] not in STANDING if rhythm else False


def times_wanted(rhythm: Mapping[str, Any]) -> int:
    """How often it must be done within one period to be counted: of “at least once per half year” one, of a plain report none."""
    times = int(rhythm.get("times") or 0)
    return times if times > 1 or rhythm.get("at_least") else 0


def period(rhythm: Mapping[str, Any], day: date) -> Period:
    """The period that `day` lies in; of `interval` units together when that is more than one, counted from that of `day`."""
    first = _first(rhythm["every"], day)
    after = first
    for _count in range(int(rhythm.get("interval") or 1)):
        after = _next(rhythm["every"], after)
    return Period(first, after - timedelta(days=1))


def due(rhythm: Mapping[str, Any], of: Period, workdays: Workdays) -> date:
    """
    The day by which it is due in a period: the day of its last month or of its last week that is said, else its last day.

    Raises CalendarExhausted past the calendar's end.
    """
    day = of.last
    if rhythm.get("day") and rhythm["every"] in _MONTHS:
        day = of.last.replace(day=min(int(rhythm["day"]), of.last.day))
    elif rhythm.get("weekday") and rhythm["every"] == "week":
        day = of.last - timedelta(days=7 - int(rhythm["weekday"]))
    return day_of(workdays.add(datetime.combine(day, time(9), SHANGHAI), 0))


def _first(every: str, day: date) -> date:
    if every == "week":
        return day - timedelta(days=day.weekday())
    if every in _STARTS:
        return day.replace(day=max(start for start in _STARTS[every] if start <= day.day))
    months = _MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(every: str, first: date) -> date:
    if every == "week":
        return first + timedelta(days=7)
    if every in _STARTS:
        later = [start for start in _STARTS[every] if start > first.day]
        return first.replace(day=later[0]) if later else _end(first) + timedelta(days=1)
    month = first.month + _MONTHS[every]
    return date(first.year + (month > 12), (month - 1) % 12 + 1, 1)


def _end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
