"""The calendar's first rows: what the State Council's notices say, and on request a year still to be announced."""

from collections.abc import Iterable

from django.db import transaction

from anlan.kernel import calendar
from anlan.kernel.holidays import last_official_year, provisional_year, seed_rows
from anlan.kernel.models import CalendarDay, CalendarYear
from anlan.kernel.workdays import CalendarDay as Row

FIRST_YEAR = 2020
"""No time limit counted here lies before."""


def seed() -> int:
    """
    Add the years that notices are known for; the number of years written.

    A year somebody edited is theirs and stays. One that was provisional and never touched gives way to its notice.
    """
    stored = dict(CalendarYear.objects.values_list("year", "status"))
    touched = set(CalendarYear.objects.exclude(changed_by="").values_list("year", flat=True))
    wanted = [
        year
        for year in range(FIRST_YEAR, last_official_year() + 1)
        if stored.get(year) != "official" and year not in touched
    ]
    if wanted:
        rows = seed_rows()
        for year in wanted:
            _write(year, [row for row in rows if row.day.year == year])
    return len(wanted)


def seed_provisional(year: int) -> bool:
    """Add a year by the statutory days off alone, unless it is there already; due dates in it may move later."""
    if CalendarYear.objects.filter(year=year).exists():
        return False
    _write(year, provisional_year(year))
    return True


def _write(year: int, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with transaction.atomic():
        CalendarDay.objects.filter(day__year=year).delete()
        facts = {"source": rows[0].source, "status": rows[0].status}
        CalendarYear.objects.update_or_create(year=year, defaults=facts)
        CalendarDay.objects.bulk_create(
            CalendarDay(day=row.day, works=row.is_workday, name=row.name, source=row.source) for row in rows
        )
    calendar.forget()
