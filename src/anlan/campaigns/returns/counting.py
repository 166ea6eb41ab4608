"""
What the platform counts itself and what it knows beside a return: rooms register a function under the name that templates use.

A counter that is not registered counts nothing, and a check that names it is then not asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import subtree


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of which unit and month; `industries` is the unit's mask, -1 all."""

    campaign: UUID
    unit: UUID
    region: int
    industries: int
    month: date

    @property
    def next_month(self) -> date:
        return (self.month + timedelta(days=31)).replace(day=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From–to, the end not counted, as the city counts days."""
        begins, ends = (datetime.combine(day, time.min, SHANGHAI) for day in (self.month, self.next_month))
        return begins, ends

    @property
    def places(self) -> tuple[int, int]:
        return subtree(self.region)

    @property
    def bits(self) -> list[int] | None:
        """The supervision fields, None for all."""
        return None if self.industries == -1 else [bit for bit in range(63) if (self.industries >> bit) & 1]


Counter = Callable[[Asked], int | None]
Knower = Callable[[Asked], int | str | None]
C = TypeVar("C", bound=Counter)
K = TypeVar("K", bound=Knower)
counters: dict[str, Counter] = {}
facts: dict[str, Knower] = {}


def counter(name: str) -> Callable[[C], C]:
    """Register what counts `name`; it is called where all rows are seen, and answers None when it cannot tell."""

    def register(count: C) -> C:
        counters[name] = count
        return count

    return register


def fact(name: str) -> Callable[[K], K]:
    """Register what knows `known.<name>`."""

    def register(know: K) -> K:
        facts[name] = know
        return know

    return register
