"""How much of the yearly cap is used, and what a written reason took beyond it: both are told, the one never hides in the other."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from anlan.inspections.cap import inspections_of
from anlan.inspections.grounds import may_know
from anlan.inspections.rulings import cap_of
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.registry.models import Enterprise


@dataclass(frozen=True, kw_only=True)
class Beyond:
    """One inspection beyond the cap, with its reason."""

    id: UUID
    number: str
    day: date
    reason: str


@dataclass(kw_only=True)
class CapState:
    used: int
    cap: int
    year: int
    exceptions: int = 0
    told: list[Beyond] = field(default_factory=list)
    """Of the exceptions those that the reader may see, newest first."""

    @property
    def full(self) -> bool:
        return self.used >= self.cap


def cap_states(actor: Actor, rows: Iterable[Enterprise], year: int) -> dict[UUID, CapState]:
    """
    By enterprise. Officials are told the count of all departments, as the cap itself counts; an enterprise is told of the
    visits it may know of, and of no exception.
    """
    firms = {row.pk: row for row in rows}
    knows = may_know(actor)
    plain = Count("id", filter=Q(cap_exception=""))
    found = {pk: CapState(used=0, cap=cap_of(row.grade, row.region), year=year) for pk, row in firms.items()}
    visits = inspections_of(year).filter(enterprise_id__in=list(firms))
    with scope.elevated("the cap counts the visits of all departments") if knows else nullcontext():
        for firm, used, all_ in visits.values_list("enterprise_id").annotate(used=plain, n=Count("id")).order_by():
            found[firm].used = used
            found[firm].exceptions = all_ - used if knows else 0
    if knows and any(state.exceptions for state in found.values()):
        told: dict[UUID, list[Beyond]] = defaultdict(list)
        for visit in visits.exclude(cap_exception="").order_by("-planned_on", "-id")[:500]:
            told[visit.enterprise_id].append(
                Beyond(id=visit.pk, number=visit.number, day=visit.planned_on, reason=visit.cap_exception)
            )
        for firm, rows_told in told.items():
            found[firm].told = rows_told
    return found


def cap_state(actor: Actor, row: Enterprise, year: int) -> CapState:
    return cap_states(actor, [row], year)[row.pk]
