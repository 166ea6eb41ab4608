"""When people of the demo city act: in working hours of working days."""

import random
from bisect import bisect_right
from datetime import date, datetime, time, timedelta

from anlan.kernel.calendar import working_days
from anlan.kernel.clock import SHANGHAI, day_of

OPENS, CLOSES = time(8, 30), time(17, 45)
STARTED = time(9, 30)
"""Before this hour nothing has happened today."""


class Hours:
    """Working days up to the present one, by their place in the row, and moments on them."""

    def __init__(self, rng: random.Random, *, now: datetime, first: date) -> None:
        calendar = working_days()
        self.rng = rng
        self.now = now.astimezone(SHANGHAI)
        today = 1 if self.now.time() >= STARTED else 0
        span = range(first.toordinal(), self.now.date().toordinal() + today)
        self.days = [day for day in map(date.fromordinal, span) if calendar.is_workday(day)]
        self.last = len(self.days) - 1

    def index(self, moment: datetime) -> int:
        """The working day of a moment, or the one before it."""
        return bisect_right(self.days, day_of(moment)) - 1

    def on(self, index: int) -> datetime | None:
        """Some time on a working day; None when that day is still to come."""
        if index > self.last:
            return None
        day = self.days[max(index, 0)]
        opens, closes = (datetime.combine(day, hour, SHANGHAI) for hour in (OPENS, CLOSES))
        if day == self.now.date():
            closes = max(min(closes, self.now - timedelta(minutes=90)), opens + timedelta(minutes=1))
        return opens + (closes - opens) * self.rng.random()

    def after(self, moment: datetime, days: int) -> datetime | None:
        """Some working days later; 0: within the next hours, or early on the next working day."""
        if days > 0:
            return self.on(self.index(moment) + days)
        soon = moment.astimezone(SHANGHAI) + timedelta(minutes=self.rng.randint(8, 70), seconds=self.rng.randrange(60))
        if soon.time() <= time(18, 30) and soon.date() == day_of(moment):
            return soon
        next_day = self.index(moment) + 1
        if next_day > self.last:
            return None
        return datetime.combine(self.days[next_day], OPENS, SHANGHAI) + timedelta(seconds=self.rng.randrange(5400))

    @staticmethod
    def day_after(moment: datetime, days: int) -> date:
        """The date that many working days after a moment, also when it is still to come."""
        return day_of(working_days().add(moment, days))
