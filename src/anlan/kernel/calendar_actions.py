"""Changing the calendar: years and days, each change with its entry in the ledger. Due dates already given do not move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.kernel import calendar, clock, text
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.holidays import FESTIVALS, provisional_year
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import CalendarDay, CalendarYear

KEEPER = "system_admin"
FIRST, LAST = 2004, 2100
MOST_DAYS = 120
NAMESPACE = UUID("6e0f9f5e-5d8e-5f0b-9c3a-0c8a1d5e2b70")


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day that differs from Monday to Friday, or that a notice names."""

    day: date
    works: bool
    name: str


def may_keep(actor: Actor) -> bool:
    """The calendar is one for the whole city, so a county's administrator does not change it."""
    return actor.is_system or (actor.role == KEEPER and actor.covers(settings.ANLAN_CITY))


def set_year(*, actor: Actor, year: int, source: str, days: Iterable[Day]) -> int:
    """Load an official year, in the place of whatever was there; returns how many days it names."""
    _require(actor)
    rows = list(days)
    wrong = _year_problems(year, rows)
    source = _line(source, wrong, "source", 200) or ""
    if not source:
        wrong.setdefault("source", [_("Name the notice, with its number.")])
    if wrong:
        raise Invalid(fields=wrong)
    before = _stored(year)
    CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=one.day, works=one.works, name=one.name, source=source) for one in rows
    )
    _write_year(actor, year, source=source, status="official")
    _note(actor, year, "set_year", changes={"days": [before, _facts(rows)]}, source=source, status="official")
    return len(rows)


def switch_provisional(*, actor: Actor, year: int, on: bool) -> None:
    """Add a year not yet announced by its statutory days off alone, or take it out again."""
    _require(actor)
    known = CalendarYear.objects.filter(pk=year).first()
    if on:
        if known is not None:
            raise Conflict(_("The year %(year)s is in the calendar already."), year=year, code="calendar.known")
        if year not in FESTIVALS:
            raise Invalid(fields={"year": [_("The festivals of this year are not known; load the official notice.")]})
        rows = provisional_year(year)
        CalendarDay.objects.filter(day__year=year).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(day=row.day, works=row.is_workday, name=row.name, source=row.source) for row in rows
        )
        _write_year(actor, year, source=rows[0].source, status="provisional")
        _note(actor, year, "set_year", source=rows[0].source, status="provisional")
        return
    if known is None:
        raise NotFound
    if known.status != "provisional":
        raise Conflict(_("An official year is replaced, never removed."), code="calendar.official")
    CalendarDay.objects.filter(day__year=year).delete()
    known.delete()
    calendar.forget()
    _note(actor, year, "remove_year")


def set_day(*, actor: Actor, day: date, works: bool, name: str) -> None:
    """Say of one day that it is worked or not."""
    _require(actor)
    _known_year(day.year)
    wrong: dict[str, list[object]] = {}
    name = _line(name, wrong, "name", 60) or ""
    if not name:
        wrong.setdefault("name", [_("Say why: the holiday, or whose make-up day it is.")])
    if wrong:
        raise Invalid(fields=wrong)
    old = CalendarDay.objects.filter(pk=day).first()
    CalendarDay.objects.update_or_create(day=day, defaults={"works": works, "name": name, "source": "changed by hand"})
    _touch(actor, day.year)
    before = {"works": old.works, "name": old.name} if old else None
    _note(actor, day.year, "set_day", changes={str(day): [before, {"works": works, "name": name}]})


def put_back_day(*, actor: Actor, day: date) -> None:
    """Forget what was said of a day: its weekday decides again."""
    _require(actor)
    old = CalendarDay.objects.filter(pk=day).first()
    if old is None:
        raise NotFound
    old.delete()
    _touch(actor, day.year)
    _note(actor, day.year, "remove_day", changes={str(day): [{"works": old.works, "name": old.name}, None]})


def year_id(year: int) -> UUID:
    """Under which subject the ledger keeps a year's history."""
    return uuid5(NAMESPACE, str(year))


def _require(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden(
            _("Only the system administrator of the whole city may change the calendar."), code="calendar.keeper"
        )


def _year_problems(year: int, rows: list[Day]) -> dict[str, list[object]]:
    wrong: dict[str, list[object]] = {}
    if not FIRST <= year <= LAST:
        wrong["year"] = [_("A year from %(first)s to %(last)s.") % {"first": FIRST, "last": LAST}]
    known = sorted(CalendarYear.objects.values_list("year", flat=True))
    if known and not wrong and not known[0] - 1 <= year <= known[-1] + 1:
        wrong["year"] = [_("The calendar is without gaps: the next year is %(year)s.") % {"year": known[-1] + 1}]
    if not 1 <= len(rows) <= MOST_DAYS:
        wrong["days"] = [_("A notice names between 1 and %(most)s days.") % {"most": MOST_DAYS}]
    elif foreign := [one.day for one in rows if one.day.year != year]:
        wrong["days"] = [_("%(day)s does not lie in %(year)s.") % {"day": foreign[0], "year": year}]
    elif len({one.day for one in rows}) < len(rows):
        wrong["days"] = [_("A day occurs twice.")]
    return wrong


def _line(typed: str, wrong: dict[str, list[object]], field: str, most: int) -> str | None:
    try:
        return text.clean_line(typed, max_length=most)
    except ValueError as error:
        wrong[field] = [str(error)]
        return None


def _known_year(year: int) -> None:
    if not CalendarYear.objects.filter(pk=year).exists():
        raise Invalid(fields={"day": [_("The calendar does not have this year yet. Load the year first.")]})


def _stored(year: int) -> list[dict[str, object]]:
    rows = CalendarDay.objects.filter(day__year=year).order_by("day")
    return _facts(Day(day=row.day, works=row.works, name=row.name) for row in rows)


def _facts(days: Iterable[Day]) -> list[dict[str, object]]:
    return [{"day": str(one.day), "works": one.works, "name": one.name} for one in days]


def _write_year(actor: Actor, year: int, *, source: str, status: str) -> None:
    facts = {"source": source, "status": status, "changed_at": clock.now(), "changed_by": actor.name}
    CalendarYear.objects.update_or_create(year=year, defaults=facts)
    calendar.forget()


def _touch(actor: Actor, year: int) -> None:
    CalendarYear.objects.filter(pk=year).update(changed_at=clock.now(), changed_by=actor.name)
    calendar.forget()


def _note(actor: Actor, year: int, step: str, *, changes: dict[str, object] | None = None, **data: object) -> None:
    write_note(
        actor=actor,
        subject_type="calendar",
        subject_id=year_id(year),
        step=step,
        changes=changes,
        data={"year": year, **data},
        region=settings.ANLAN_CITY,
    )
