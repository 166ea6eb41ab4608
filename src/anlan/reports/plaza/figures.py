"""
The service in figures, by day: counted by a duty, added up by the page.

A day is counted again for a while, as an answer may be contested, an account closed, a reward paid late; the page reads some
hundred rows however many reports there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Sum

from anlan.identity.models import Citizen
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.models import DayFigure, PlazaChange, Report

AGAIN = 92
"""Days that are counted anew once a day."""
LATEST = 2
"""Days that are counted anew each time."""
YEAR = 365
LONGEST = 999
Paid = dict[date, tuple[int, int]]
"""By day: rewards paid, and their sum in fen."""
_payers: list[Callable[[date, date], Paid]] = []


def rewards_by(ask: Callable[[date, date], Paid]) -> None:
    """The room of the rewards says what it paid from one day until before another. Call it from `AppConfig.ready`."""
    _payers[:] = [ask]


@dataclass(frozen=True, kw_only=True)
class Totals:
    users: int = 0
    reports: int = 0
    answered: int = 0
    verified: int = 0
    rewards: int = 0
    rewards_fen: int = 0
    median_days: int | None = None
    """Of the reports answered in the last year: half of them waited no longer."""
    until: date | None = None

    @property
    def rewards_yuan(self) -> str:
        return f"{self.rewards_fen / 100:,.0f}"


@dataclass(frozen=True, kw_only=True)
class Month:
    first: date
    reports: int
    answered: int
    most: int
    """The largest figure of all months: the bars' full length."""

    @property
    def reports_share(self) -> int:
        return round(100 * self.reports / self.most) if self.most else 0

    @property
    def answered_share(self) -> int:
        return round(100 * self.answered / self.most) if self.most else 0


SUMMED = ("users", "reports", "answered", "verified", "rewards", "rewards_fen")


def totals() -> Totals:
    sums = DayFigure.objects.aggregate(**{name: Sum(name) for name in SUMMED}, until=Max("day"))
    last_year = DayFigure.objects.filter(day__gt=clock.today() - timedelta(days=YEAR)).values_list("waits", flat=True)
    return Totals(**{name: sums[name] or 0 for name in SUMMED}, until=sums["until"], median_days=median_of(last_year))


def median_of(days: Iterable[dict[str, int]]) -> int | None:
    """The middle of all waits, from how many waited how many days."""
    waits: Counter[int] = Counter()
    for one in days:
        waits.update({int(wait): count for wait, count in one.items()})
    left = (waits.total() + 1) // 2
    for wait, count in sorted(waits.items()):
        left -= count
        if left <= 0:
            return wait
    return None


def months(count: int = 12) -> list[Month]:
    """The last months, this one last."""
    this = clock.today().replace(day=1)
    firsts = [this]
    while len(firsts) < count:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    sums: dict[date, list[int]] = {first: [0, 0] for first in firsts}
    for day, reported, answered in DayFigure.objects.filter(day__gte=firsts[-1]).values_list(
        "day", "reports", "answered"
    ):
        if day.replace(day=1) in sums:
            sums[day.replace(day=1)][0] += reported
            sums[day.replace(day=1)][1] += answered
    most = max((figure for pair in sums.values() for figure in pair), default=0)
    return [Month(first=first, reports=sums[first][0], answered=sums[first][1], most=most) for first in sorted(sums)]


def keep_figures() -> int:
    """Count the latest days, once a day those of the last months, at first all of them. How many days were counted."""
    today = clock.today()
    with scope.acting(SYSTEM):
        first = _first_day(today)
        return count_days(first, today)


def _first_day(today: date) -> date:
    known = DayFigure.objects.aggregate(first=Min("day"), last=Max("day"))
    if known["last"] is None:
        began = Report.objects.aggregate(at=Min("reported_at"))["at"]
        return clock.day_of(began) if began else today
    latest = today - timedelta(days=LATEST - 1)
    # The newest day that is not among the latest tells whether the long count was done today.
    told = DayFigure.objects.filter(day=latest - timedelta(days=1)).values_list("counted_at", flat=True).first()
    if told is not None and told <= _midnight(today):
        latest = max(today - timedelta(days=AGAIN), known["first"])
    return min(latest, known["last"])


def _midnight(day: date) -> Any:
    return clock.end_of(day - timedelta(days=1))


def count_days(first: date, last: date) -> int:
    """Count every day from the first to the last one anew."""
    low, high = _midnight(first), clock.end_of(last)
    reported = _by_day("SELECT {day}, count(*) FROM reports_report WHERE {at} GROUP BY 1", "reported_at", low, high)
    answers = _by_day(
        "SELECT {day}, count(*), count(*) FILTER (WHERE outcome = 'verified') FROM reports_report WHERE {at} GROUP BY 1",
        "answered_at", low, high,
    )  # fmt: skip
    waits = _waits(low, high)
    joined = _by_day(
        f"SELECT {{day}}, count(*) FROM {Citizen._meta.db_table} WHERE NOT guest AND {{at}} GROUP BY 1",
        "created_at",
        low,
        high,
    )
    paid = {day: found for ask in _payers for day, found in ask(first, last + timedelta(days=1)).items()}
    now, rows = clock.now(), []
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        answered, verified = answers.get(day, (0, 0))
        rewards, fen = paid.get(day, (0, 0))
        rows.append(
            DayFigure(
                day=day, users=joined.get(day, (0,))[0], reports=reported.get(day, (0,))[0], answered=answered,
                verified=verified, rewards=rewards, rewards_fen=fen, waits=waits.get(day, {}), counted_at=now,
            )
        )  # fmt: skip
    before = {row.day: _figures(row) for row in DayFigure.objects.filter(day__range=(first, last))}
    DayFigure.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=[*SUMMED, "waits", "counted_at"],
    )
    if any(_figures(row) != before.get(row.day) for row in rows):
        PlazaChange.objects.create()  # the figures stand on pages that are kept
    return len(rows)


def _figures(row: DayFigure) -> tuple[Any, ...]:
    return (*(getattr(row, name) for name in SUMMED), row.waits)


_DAY = "({at} AT TIME ZONE 'Asia/Shanghai')::date"


def _by_day(text: str, column: str, low: Any, high: Any) -> dict[date, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text.format(day=_DAY.format(at=column), at=f"{column} > %s AND {column} <= %s"), [low, high])
        return {day: tuple(counts) for day, *counts in cursor.fetchall()}


def _waits(low: Any, high: Any) -> dict[date, dict[str, int]]:
    answered, reported = _DAY.format(at="answered_at"), _DAY.format(at="reported_at")
    found: dict[date, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {answered}, least({answered} - {reported}, {LONGEST}), count(*) FROM reports_report"
            " WHERE answered_at > %s AND answered_at <= %s AND state = 'answered' GROUP BY 1, 2",
            [low, high],
        )
        for day, wait, count in cursor.fetchall():
            found.setdefault(day, {})[str(wait)] = count
    return found
