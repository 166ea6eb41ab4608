"""A month at a glance, and how well units fill in: rates over returns that were due, open overdue ones among them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from anlan.campaigns.models import Return
from anlan.campaigns.queries.listing import seen
from anlan.campaigns.states import WRITING
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor

MOST = 2000
"""Units of one board; a city has some hundred."""
MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Of the returns that were due: handed in on time, late, or never. `ahead` are not due yet and count nowhere."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    ahead: int = 0

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.missing

    @property
    def percent(self) -> int | None:
        """Rounded down: a hundred is said of a hundred alone."""
        return 100 * self.on_time // self.due if self.due else None


@dataclass(frozen=True, kw_only=True)
class Board:
    month: date
    rows: list[Return]
    rate: Rate
    by_month: dict[date, Rate] = field(default_factory=dict)

    @property
    def waiting(self) -> dict[str, int]:
        """How many wait for what: the unit, the review, the lock; and how many are done."""
        groups = {"unit": WRITING, "review": ("passed",), "lock": ("accepted",), "done": ("locked",)}
        return {name: sum(row.state in states for row in self.rows) for name, states in groups.items()}


def standing_of(row: Return, now: datetime) -> str:
    """`on_time`, `late`, `missing`, or `ahead` while it is neither handed in nor due."""
    if row.handed_in_at is not None:
        return "late" if row.was_late else "on_time"
    return "missing" if row.hand_in_by < now else "ahead"


def board(actor: Actor, campaign: UUID, month: date) -> Board:
    """What needs somebody first: missing ones, then late ones, then by the time left."""
    rows = Return.objects.filter(seen(actor), campaign_id=campaign, month=month)
    found = list(rows.select_related("unit", "reviewer").defer("values", "troubles", "faults", "counted")[:MOST])
    now = clock.now()
    order = {"missing": 0, "late": 1, "ahead": 2, "on_time": 3}
    found.sort(
        key=lambda row: (row.state == "locked", order[standing_of(row, now)], row.hand_in_by, row.region, row.unit.name)
    )
    return Board(month=month, rows=found, rate=_rate(found, now), by_month=_by_month(actor, campaign, month, now))


def _rate(rows: Iterable[Return], now: datetime) -> Rate:
    counts = dict.fromkeys(("on_time", "late", "missing", "ahead"), 0)
    for row in rows:
        counts[standing_of(row, now)] += 1
    return Rate(**counts)


def _on_time(now: datetime) -> dict[str, Count]:
    handed = Q(handed_in_at__isnull=False)
    return {
        "on_time": Count("pk", filter=handed & Q(was_late=False)),
        "late": Count("pk", filter=handed & Q(was_late=True)),
        "missing": Count("pk", filter=~handed & Q(hand_in_by__lt=now)),
        "ahead": Count("pk", filter=~handed & Q(hand_in_by__gte=now)),
    }


def _by_month(actor: Actor, campaign: UUID, month: date, now: datetime) -> dict[date, Rate]:
    """The last months up to this one, oldest first."""
    rows = Return.objects.filter(seen(actor), campaign_id=campaign, month__lte=month).order_by("-month")
    counts: Any = rows.values("month").annotate(**_on_time(now))[:MONTHS]
    found = {one.pop("month"): Rate(**one) for one in counts}
    return dict(sorted(found.items()))


@dataclass(frozen=True, kw_only=True)
class Quality:
    """One unit over some months. `troubled` returns were bounced or sent back at least once."""

    unit: UUID
    name: str
    rate: Rate
    handed_in: int
    bounced: int
    sent_back: int
    troubled: int
    amended: int

    @property
    def error_percent(self) -> int | None:
        """Of the returns that were handed in, rounded up: what went wrong once is not nothing."""
        return -(-100 * self.troubled // self.handed_in) if self.handed_in else None


@dataclass(frozen=True, kw_only=True)
class Looking:
    """How a unit reviews: what it accepted, what it sent back, and what had to be amended though it had been accepted."""

    name: str
    reviewed: int
    sent_back: int
    amended: int


def quality(actor: Actor, campaign: UUID, first: date, last: date) -> list[Quality]:
    """By unit, worst first. Months from `first` to `last`, both included."""
    now = clock.now()
    rows = Return.objects.filter(seen(actor), campaign_id=campaign, month__gte=first, month__lte=last)
    troubled = Q(round__gt=0) & (Q(bounced__gt=0) | Q(sent_back__gt=0))
    found: Any = rows.order_by().values("unit_id", name=F("unit__name")).annotate(
        **_on_time(now), bounces=Sum("bounced"), returned=Sum("sent_back"), amends=Sum("amended"),
        handed=Count("pk", filter=Q(round__gt=0)), troubled=Count("pk", filter=troubled),
    )[:MOST]  # fmt: skip
    units = [
        Quality(
            unit=one["unit_id"],
            name=one["name"],
            rate=Rate(on_time=one["on_time"], late=one["late"], missing=one["missing"], ahead=one["ahead"]),
            handed_in=one["handed"],
            bounced=one["bounces"],
            sent_back=one["returned"],
            troubled=one["troubled"],
            amended=one["amends"],
        )
        for one in found
    ]
    return sorted(units, key=lambda one: (-(one.error_percent or 0), one.rate.percent if one.rate.percent is not None else 101, one.name))  # fmt: skip


def looking(actor: Actor, campaign: UUID, first: date, last: date) -> list[Looking]:
    """By whoever looks first; the office itself under no name."""
    rows = Return.objects.filter(seen(actor), campaign_id=campaign, month__gte=first, month__lte=last)
    found = rows.order_by().values("reviewer_id").annotate(
        reviewed=Count("pk", filter=Q(state__in=["accepted", "locked"]) | Q(sent_back__gt=0)),
        returned=Count("pk", filter=Q(sent_back__gt=0)), amends=Count("pk", filter=Q(amended__gt=0)),
    )  # fmt: skip
    named = list(found)
    names = dict(Organisation.objects.filter(pk__in=[one["reviewer_id"] for one in named if one["reviewer_id"]]).values_list("pk", "name"))  # fmt: skip
    shown = [
        Looking(
            name=names.get(one["reviewer_id"], ""),
            reviewed=one["reviewed"],
            sent_back=one["returned"],
            amended=one["amends"],
        )
        for one in named
    ]
    return sorted(shown, key=lambda one: (one.name != "", one.name))
