"""The one clock: every time limit, entry and test asks it, so that all of them can be moved together."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moment: ContextVar[datetime | None] = ContextVar("anlan_moment", default=None)


def now() -> datetime:
    """The present moment, UTC, microseconds."""
    return _moment.get() or datetime.now(UTC)


def today() -> date:
    """The present day as the city counts it."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of a moment as the city counts it."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, SHANGHAI)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month (《民法典》 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Act as if it were `moment`: for the demo city's past and for tests, never for a served request."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)
