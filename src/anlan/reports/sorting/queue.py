"""What waits at the desk: urgent before late before old, with counts that cost the same whatever was ever reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Min, Q, QuerySet, Value, When

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.text import fold
from anlan.reports.models import Hold, Report, ReportPhoto, Sending
from anlan.reports.sorting.learning.suggesting import advise
from anlan.reports.sorting.routing import Routed, routed
from anlan.reports.states import UNSENT

ONLY = ("urgent", "late", "returned", "contested", "held")
MOST = 500
CANDIDATES = 3


@dataclass(frozen=True, kw_only=True)
class Asked:
    only: str = ""
    category: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Queue:
    rows: list[Report]
    more: bool


@dataclass(frozen=True, kw_only=True)
class Counts:
    waiting: int = 0
    urgent: int = 0
    late: int = 0
    returned: int = 0
    contested: int = 0
    held: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A unit that may get the report, and why it is offered. `sure`: by a rule, or by what was learnt above the city's bar."""

    unit: UUID
    name: str
    way: str
    sure: bool
    rule: UUID | None = None
    confidence: float | None = None
    wished: bool = False
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the desk is shown beside a report."""

    candidates: list[Candidate]
    category: str | None
    category_confidence: float
    why: list[str]
    routed: Routed


_CONDITIONS = {
    "urgent": ~Q(urgent=""),
    "late": Q(late=True),
    "returned": Q(state="returned"),
    "contested": Q(contested__gt=0),
    "held": Q(held=True),
}


def _mine(actor: Actor) -> QuerySet[Report]:
    """What the desk of the territory has, of whatever field."""
    return Report.objects.filter(scope.within(actor, industry=None), state__in=UNSENT)


def waiting(actor: Actor, asked: Asked, *, limit: int = 100) -> Queue:
    """The first so many. A desk works from the top; what lies five hundred deep is found by its filters."""
    rows = _mine(actor)
    if asked.only in _CONDITIONS:
        rows = rows.filter(_CONDITIONS[asked.only])
    if asked.category:
        rows = rows.filter(category_id=asked.category)
    for word in fold(asked.words).split()[:5]:
        rows = rows.filter(Q(words__icontains=word) | Q(address__icontains=word) | Q(number__icontains=word))
    cap = min(limit, MOST)
    found = list(in_order(rows).select_related("category")[: cap + 1])
    return Queue(rows=found[:cap], more=len(found) > cap)


def in_order(rows: QuerySet[Report]) -> QuerySet[Report]:
    calm = Case(When(urgent="", then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    return rows.annotate(calm=calm).order_by("calm", "-late", "state_since", "id")


def counts(actor: Actor) -> Counts:
    """One query over what waits."""
    found = _mine(actor).aggregate(
        waiting=Count("pk"),
        oldest=Min("reported_at"),
        **{name: Count("pk", filter=condition) for name, condition in _CONDITIONS.items()},
    )
    return Counts(**found)


def first_photos(reports: Iterable[UUID]) -> dict[UUID, ReportPhoto]:
    """The first photo of each, as the reporter sent it."""
    rows = ReportPhoto.objects.filter(report_id__in=list(reports), phase="report").order_by("report_id", "at", "id")
    found: dict[UUID, ReportPhoto] = {}
    for row in rows:
        found.setdefault(row.report_id, row)
    return found


def trail(report: Report) -> list[Sending]:
    """Every leg of its way, who returned it and why; oldest first."""
    rows = Sending.objects.filter(report=report).order_by("at", "id")
    with scope.elevated("a report's way may lead over units beyond one's territory"):
        return list(rows.select_related("unit", "rule"))


def holds_waiting(report: Report) -> list[Hold]:
    return list(Hold.objects.filter(report=report, state="waiting").select_related("photo").order_by("at", "id"))


def propose(report: Report) -> Proposal:
    """The rule first, then what was learnt, then what the reporter wished; each unit once."""
    way = routed(report)
    learnt = advise(report)
    offered: list[dict[str, Any]] = []
    if way.line is not None:
        offered.append(
            {"unit": way.line.unit, "way": "rule", "sure": True, "rule": way.line.id, "place": way.line.place}
        )
    offered += [
        {"unit": UUID(one.label), "way": "suggested", "sure": one.sure, "confidence": one.confidence}
        for one in learnt.units
    ]
    if report.wished_unit_id:
        offered.append({"unit": report.wished_unit_id, "way": "hand", "sure": False, "wished": True})
    with scope.elevated("units above one's territory may be offered"):
        names = dict(
            Organisation.objects.filter(pk__in={one["unit"] for one in offered}, active=True).values_list("pk", "name")
        )
    return Proposal(
        candidates=_merged([one | {"name": names[one["unit"]]} for one in offered if one["unit"] in names]),
        category=learnt.kind.label if learnt.kind else None,
        category_confidence=learnt.kind.confidence if learnt.kind else 0.0,
        why=learnt.why,
        routed=way,
    )


def _merged(offered: Sequence[dict[str, Any]]) -> list[Candidate]:
    found: dict[UUID, dict[str, Any]] = {}
    for one in offered:
        kept = found.setdefault(one["unit"], dict(one))
        for name in ("confidence", "wished"):
            if one.get(name) is not None and kept.get(name) is None:
                kept[name] = one[name]
    # The wish is shown wherever it stands, and moves nobody up.
    return [Candidate(**one) for one in list(found.values())[:CANDIDATES]]
