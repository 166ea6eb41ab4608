"""Duty cards of an enterprise, and how far the enterprises of a territory have come."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from anlan.chain.models import DutyCard
from anlan.chain.queries.checker import ENTERPRISE_KINDS, Bounds
from anlan.chain.queries.sql import COVERAGE, firms_with
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound

LEVELS = tuple(code for code, _label in DutyCard.LEVELS)
FIRST = ("", UUID(int=0))


def cards(enterprise_id: UUID, *, ended: bool = False) -> list[DutyCard]:
    """From the principal down; those set aside only when asked for."""
    rows = DutyCard.objects.filter(enterprise_id=enterprise_id)
    if not ended:
        rows = rows.filter(active=True)
    return sorted(rows[:2000], key=lambda one: (not one.active, LEVELS.index(one.level), one.title, one.holder_name))


def card(card_id: UUID) -> DutyCard:
    found = DutyCard.objects.select_related("enterprise").filter(pk=card_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """One county: its enterprises, those whose principal has a card, those with every card acknowledged."""

    region: int
    enterprises: int
    begun: int
    complete: int

    @property
    def rate(self) -> float:
        return self.complete / self.enterprises if self.enterprises else 0.0


def coverage(actor: Actor, *, region: int | None = None) -> list[Coverage]:
    asked = Bounds.of(actor, region).parameters(clock.today())
    with (
        scope.elevated("counted within the bounds of the actor's own territory and fields"),
        connection.cursor() as cursor,
    ):
        cursor.execute(COVERAGE, asked)
        rows = cursor.fetchall()
    return [Coverage(region=row[0], enterprises=row[1], begun=row[2], complete=row[3]) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Firm:
    id: UUID
    name: str
    region: int


def firms(
    actor: Actor, name: str, *, region: int, bit: int | None = None, after: tuple[str, UUID] = FIRST, limit: int = 50
) -> tuple[list[Firm], tuple[str, UUID] | None]:
    """The enterprises behind one fault, by name, and where the next page begins."""
    if name not in (*ENTERPRISE_KINDS, "uncovered") or (name == "uncovered") != (bit is not None):
        raise NotFound
    asked = Bounds.of(actor, region).parameters(clock.today())
    asked |= {"name": after[0], "id": after[1], "limit": limit + 1, "bit": bit}
    with scope.elevated("within the bounds of the actor's own territory and fields"), connection.cursor() as cursor:
        cursor.execute(firms_with(name), asked)
        rows = [Firm(id=row[0], name=row[1], region=row[2]) for row in cursor.fetchall()]
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, (rows[-1].name, rows[-1].id) if more else None
