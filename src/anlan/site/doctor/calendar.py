"""The working-day calendar must not run out: time limits refuse to be computed past it."""

from datetime import date

from anlan.kernel import calendar, clock
from anlan.kernel.models import CalendarYear
from anlan.site.doctor import Answer, check, fail, ok, warn

NEAR_DAYS = 60
LOAD = "Enter the State Council's holiday notice for the next year on the calendar page, or upgrade: releases bring it."


@check("calendar.reach", database=True)
def reach() -> Answer:
    today = clock.today()
    if not CalendarYear.objects.exists():
        return fail("The calendar is empty; no time limit can be computed.", LOAD)
    through = calendar.load().through
    left = (through - today).days
    if left < 0:
        return fail(f"The calendar ended on {through}; no time limit can be computed.", LOAD)
    if left < NEAR_DAYS:
        return warn(f"The calendar ends on {through}, in {left} days.", LOAD)
    return ok(f"The calendar reaches to {through}.")


@check("calendar.official", database=True)
def official() -> Answer:
    """A provisional year counts as in use as soon as limits may end in it."""
    today = clock.today()
    soon = date.fromordinal(today.toordinal() + NEAR_DAYS).year
    guessed = CalendarYear.objects.filter(status="provisional", year__gte=today.year, year__lte=soon)
    years = ", ".join(str(year) for year in guessed.order_by("year").values_list("year", flat=True))
    if years:
        return warn(f"The calendar of {years} is provisional: dates in it may still move.", LOAD)
    return ok("The years in use are official.")
