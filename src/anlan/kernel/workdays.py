"""
Working days with 调休: which days count, and when a time limit ends. Values in, values out; no clock, no database.

How a limit is counted (《民法典》 arts. 201 and 203, 《行政处罚法》 art. 85 for "days" that are working days): the day it
begins on does not count, the last day runs to its end. Days are days in Asia/Shanghai. Past the last day somebody vouched
for, nothing is guessed: `CalendarExhausted`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from anlan.kernel.clock import SHANGHAI, day_of, end_of
from anlan.kernel.errors import CalendarEnds

Status = Literal["official", "provisional"]

MORNING = time(9, 0)


class CalendarExhausted(CalendarEnds):
    """`day` lies outside what the calendar knows; for a step over many days it is the first day that was missing."""

    def __init__(self, day: date, *, first: date, through: date) -> None:
        self.day, self.first, self.through = day, first, through
        super().__init__(
            _(
                "The working-day calendar does not know %(day)s: it covers %(first)s to %(through)s. "
                "An administrator must load the official holiday notice for %(year)s."
            ),
            day=day.isoformat(),
            first=first.isoformat(),
            through=through.isoformat(),
            year=day.year,
        )


class CalendarDay(NamedTuple):
    """A day that is named, or that differs from its weekday; `source` says who vouches for it."""

    day: date
    is_workday: bool
    name: str
    source: str
    status: Status


@dataclass(frozen=True)
class Workdays:
    """`exceptions` says True or False for days that differ from Monday-to-Friday; both ends are inclusive."""

    exceptions: Mapping[date, bool]
    first: date
    through: date

    def __post_init__(self) -> None:
        if self.first > self.through:
            raise ValueError("The calendar ends before it begins.")
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    @classmethod
    def from_days(cls, days: Iterable[CalendarDay], *, provisional: bool = False) -> "Workdays":
        """Whole years with at least one day in `days`, up to the first year missing; provisional ones only on request."""
        known = {row.day: row.is_workday for row in days if provisional or row.status == "official"}
        if not known:
            raise ValueError("A calendar needs at least one day.")
        years = {day.year for day in known}
        first = last = min(years)
        while last + 1 in years:
            last += 1
        return cls(known, first=date(first, 1, 1), through=date(last, 12, 31))

    def is_workday(self, day: date) -> bool:
        """`day` is a plain date in the city, not an instant."""
        self._require(day)
        return self.exceptions.get(day, day.weekday() < 5)

    def add(self, start: datetime, n: int) -> datetime:
        """The end of the n-th working day after `start` (before it, if n < 0); n = 0: of today or the next working day."""
        day = _local(start)
        self._require(day)
        if n > 0:
            index = bisect_right(self._ordinals, day.toordinal()) + n - 1
        else:
            index = bisect_left(self._ordinals, day.toordinal()) + n
        if index < 0:
            raise self._exhausted(self.first - timedelta(days=1))
        if index >= len(self._ordinals):
            raise self._exhausted(self.through + timedelta(days=1))
        return end_of(date.fromordinal(self._ordinals[index]))

    def add_calendar_days(self, start: datetime, n: int) -> datetime:
        """The end of the n-th day of any kind after `start`; one that is no working day gives way to the next that is."""
        if n < 0:
            raise ValueError("A limit in calendar days cannot be negative.")
        try:
            day = _local(start) + timedelta(days=n)
        except OverflowError:
            day = date(MAXYEAR, 12, 31)
        self._require(day)
        return self.add(datetime.combine(day, MORNING, SHANGHAI), 0)

    def between(self, a: datetime, b: datetime) -> int:
        """Working days after the day of `a` up to and with the day of `b`; negative when `b` comes first."""
        start, end = _local(a), _local(b)
        self._require(start)
        self._require(end)
        return bisect_right(self._ordinals, end.toordinal()) - bisect_right(self._ordinals, start.toordinal())

    def days_left(self, due: datetime, now: datetime) -> int:
        """Working days still to come after today: 0 on the last day, at most −1 as soon as `due` has passed."""
        left = self.between(now, due)
        return min(left, -1) if now > due else max(left, 0)

    def remind_at(self, due: datetime, days_before: int, at: time = MORNING) -> datetime:
        """The working day `days_before` ahead of `due`, at an hour at which people read messages."""
        day = self.add(due, -days_before) if days_before else due
        return datetime.combine(_local(day), at, SHANGHAI)

    @cached_property
    def _ordinals(self) -> tuple[int, ...]:
        span = range(self.first.toordinal(), self.through.toordinal() + 1)
        return tuple(number for number in span if self.is_workday(date.fromordinal(number)))

    def _require(self, day: date) -> None:
        if not self.first <= day <= self.through:
            raise self._exhausted(day)

    def _exhausted(self, day: date) -> CalendarExhausted:
        return CalendarExhausted(day, first=self.first, through=self.through)


def _local(moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return day_of(moment)
