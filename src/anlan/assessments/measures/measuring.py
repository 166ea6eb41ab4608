"""The register of measures: a room's records, counted for one unit and year as so many of so many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from anlan.assessments.scoring.computing import Figure
from anlan.kernel import scope
from anlan.kernel.codes import subtree

KEPT = 1000
"""Rows that are kept beside a figure, those that failed first; the figure counts all."""


@dataclass(frozen=True, kw_only=True)
class Of:
    """Of which unit and time; `industries` is the unit's mask, -1 all. `begins`–`ends`, the end not counted. A `department` answers for itself, others for their territory."""

    unit: UUID
    region: int
    industries: int
    begins: datetime
    ends: datetime
    department: bool = False

    @property
    def here(self) -> Q:
        """Records of the unit's territory and fields."""
        low, high = subtree(self.region)
        place = Q(region__gte=low, region__lt=high)
        if self.industries == -1:
            return place
        return place & Q(industry_bit__in=[bit for bit in range(63) if (self.industries >> bit) & 1])

    @property
    def days(self) -> tuple[date, date]:
        """The first day, and the first that no longer counts."""
        from anlan.kernel.clock import day_of

        return day_of(self.begins), day_of(self.ends)


@dataclass(frozen=True, slots=True)
class Row:
    """A record that was counted: `good` in the part, else in the whole alone. `label` names it, `kind` says what it is."""

    kind: str
    id: UUID
    label: str
    good: bool

    def stored(self) -> list[Any]:
        return [self.kind, str(self.id), self.label, self.good]


@dataclass(frozen=True, kw_only=True)
class Measured:
    figure: Figure
    rows: tuple[Row, ...]

    def stored(self) -> dict[str, Any]:
        return {"rows": [row.stored() for row in self.rows], "left": self.figure.whole - len(self.rows)}


Counts = Callable[[Of], Iterable[Row]]
C = TypeVar("C", bound=Counts)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`part` and `whole` say what the two counts are, in words; the others what the measure is called."""

    name: str
    label: Any
    part: Any
    whole: Any
    counts: Counts


measures: dict[str, Measure] = {}


def measure(name: str, *, label: Any, part: Any, whole: Any) -> Callable[[C], C]:
    """Register what gives the rows of `name`."""

    def register(counts: C) -> C:
        measures[name] = Measure(name=name, label=label, part=part, whole=whole, counts=counts)
        return counts

    return register


def measured(name: str, of: Of) -> Measured:
    """Counted with all rows in sight, for a figure is of the city's records and not of what its clerk may see."""
    with scope.elevated("an assessment counts the city's records"):
        rows = list(measures[name].counts(of))
    figure = Figure(part=sum(row.good for row in rows), whole=len(rows))
    rows.sort(key=lambda row: row.good)
    return Measured(figure=figure, rows=tuple(rows[:KEPT]))
