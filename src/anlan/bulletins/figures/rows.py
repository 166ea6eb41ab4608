"""Rows behind figures, and the rooms that bring them: every number of a bulletin is the sum of rows that can be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from anlan.bulletins.figures.declared import Figure
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import subtree


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which campaign and months (their first days, both counted), and up to which moment facts count."""

    campaign: UUID
    territory: int
    first: date
    last: date
    until: datetime

    @property
    def places(self) -> tuple[int, int]:
        return subtree(self.territory)

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, SHANGHAI)

    @property
    def ends(self) -> datetime:
        """The first moment after it, or that up to which facts count where it comes earlier."""
        return min(datetime.combine(month_after(self.last, 1), time.min, SHANGHAI), self.until)

    def earlier(self, months: int) -> "Asked":
        """As many months, so many months before; all that is known of them counts."""
        return replace(self, first=month_after(self.first, -months), last=month_after(self.last, -months))

    @property
    def next(self) -> tuple[date, date]:
        """The days of as many months after it."""
        return month_after(self.last, 1), month_after(self.last, self.months + 1) - timedelta(days=1)


def month_after(month: date, months: int) -> date:
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`unit` is the organisation whose figure it counts in; `kind` and `key` name the record."""

    kind: str
    key: UUID | None
    label: str
    value: int
    note: str = ""
    unit: UUID | None = None
    region: int | None = None
    month: date | None = None


Rows = dict[str, list[Row]]
"""By figure. A figure that is not known here is left out; one of which there is nothing has no rows."""
Source = Callable[[Asked, Sequence[Figure]], Rows]
sources: dict[str, Source] = {}


Moment = Callable[[Asked, Figure], datetime | None]
moments: dict[str, Moment] = {}
"""By source: when its records stood as a figure tells, where it tells of a state and not of what happened in the months."""


def moment(name: str) -> Callable[[Moment], Moment]:
    def register(stood: Moment) -> Moment:
        moments[name] = stood
        return stood

    return register


def source(name: str) -> Callable[[Source], Source]:
    """Register who counts the figures of this source. Called where all rows of the territory are seen."""

    def register(count: Source) -> Source:
        sources[name] = count
        return count

    return register
