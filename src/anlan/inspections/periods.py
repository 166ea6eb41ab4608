"""The periods of a self-check: a day, a week from its Monday, a month from its first. Values in, values out."""

from datetime import date, timedelta

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"


def period_of(cycle: str, day: date) -> date:
    """The period a day lies in, by its first day."""
    if cycle == WEEKLY:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if cycle == MONTHLY else day


def end_of(cycle: str, period: date) -> date:
    """The last day of a period."""
    return following(cycle, period) - timedelta(days=1)


def following(cycle: str, period: date) -> date:
    if cycle == WEEKLY:
        return period + timedelta(days=7)
    if cycle == MONTHLY:
        return (period.replace(day=28) + timedelta(days=4)).replace(day=1)
    return period + timedelta(days=1)


def is_period(cycle: str, period: date) -> bool:
    return period_of(cycle, period) == period


CONTROLS = {DAILY: ("shift", "daily"), WEEKLY: ("weekly",), MONTHLY: ("monthly",)}
QUARTER_ENDS, YEAR_ENDS = (3, 6, 9, 12), (12,)


def control_cycles(cycle: str, period: date) -> tuple[str, ...]:
    """Which controls a check looks at; quarterly and yearly ones come up in the month that ends their time."""
    found = CONTROLS[cycle]
    if cycle == MONTHLY and period.month in QUARTER_ENDS:
        found += ("quarterly",)
    if cycle == MONTHLY and period.month in YEAR_ENDS:
        found += ("yearly",)
    return found
