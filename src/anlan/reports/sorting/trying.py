"""The routing table over past reports: what each line takes, what would change, and whether it would have led to whom it ended with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.reports.models import Report
from anlan.reports.sorting.routing import Line, Try, line_of, order, tried
from anlan.reports.sorting.table import STEP, RuleInput, rules_of

PAST = 300


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What one line took of the past reports, and how many of those ended with its unit."""

    took: int
    right: int
    settled: int


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A table that is about to be, over past reports."""

    total: int
    takes: int
    changed: list[Try]
    right_now: int
    right_then: int
    settled: int


def past(actor: Actor, limit: int = PAST) -> list[Report]:
    """The newest of the territory, whatever became of them."""
    rows = Report.objects.filter(scope.within(actor, county="county", industry=None))
    return list(rows.order_by("-reported_at", "-id")[:limit])


def standing(actor: Actor) -> list[Line]:
    """Every line that can reach a report of the territory: its own and those above, in order."""
    own, higher = rules_of(actor)
    return sorted((line_of(one) for one in [*own, *higher] if one.active), key=order)


def tallies(reports: Sequence[Report], lines: Sequence[Line]) -> tuple[dict[UUID, Tally], int]:
    """By line what it took; and how many no line takes."""
    took, right, settled = Counter[UUID | None](), Counter[UUID | None](), Counter[UUID | None]()
    for one in tried(reports, lines, lines):
        key = one.then.line.id if one.then.line else None
        took[key] += 1
        if key is not None and one.really is not None:
            settled[key] += 1
            right[key] += one.really
    found = {key: Tally(took=n, right=right[key], settled=settled[key]) for key, n in took.items() if key is not None}
    return found, took[None]


def try_line(actor: Actor, data: RuleInput, *, instead_of: UUID | None = None) -> Tried:
    """A line as it would stand: in the place of the one it changes, or behind the territory's own."""
    now = standing(actor)
    old = next((one for one in now if one.id == instead_of), None)
    own = [one.place for one in now if actor.covers(one.region)]
    new = Line(
        id=instead_of,
        place=old.place if old else max(own, default=0) + STEP,
        region=data.region,
        category=data.category or None,
        industry=data.industry or None,
        unit=data.unit,
    )
    then = [one for one in now if instead_of is None or one.id != instead_of] + [new]
    found = tried(past(actor), now, then)
    judged = [one for one in found if one.really is not None]
    return Tried(
        total=len(found),
        takes=sum(one.then.line is new for one in found),
        changed=[one for one in found if one.changes],
        right_now=sum(bool(one.now.line and one.now.line.unit == one.report.unit_id) for one in judged),
        right_then=sum(bool(one.really) for one in judged),
        settled=len(judged),
    )
