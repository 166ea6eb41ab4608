"""
What the records say that somebody should act on: counted live from what stands in them, each alert with its rows.

An enterprise with an open major hazard and many penalties (closure may be asked for), one that is punished again and again
(key inspection), the same major hazard coming back, orders past due that nobody rechecked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from anlan.enforcement import thresholds
from anlan.enforcement.models import Instrument
from anlan.enforcement.states import DRAFTS
from anlan.hazards.models import Hazard
from anlan.hazards.states import OPEN
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.codes import subtree
from anlan.kernel.scope import within
from anlan.kernel.workdays import CalendarExhausted
from anlan.registry.models import Enterprise

PENALTY, ORDERS, RECHECK = "penalty_decision", ("rectification_order", "site_measures"), "recheck_opinion"
IN_FORCE = ("served", "answered", "filed")
YEAR = 365
MOST = 200
"""Alerts of one sort that a page shows; rows behind an alert are all counted, and as many shown."""
NEXT = {
    "closure": ("joint_punishment", "interview_notice", "warning_letter"),
    "key": ("warning_letter", "interview_notice"),
    "repeat": ("interview_notice", "exposure", "warning_letter"),
    "recheck": ("recheck_opinion",),
}
"""By sort: the instruments that may come next, the likeliest first. [K]"""
SORTS = tuple(NEXT)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record behind an alert. `model` is hazard or instrument."""

    model: str
    id: UUID
    number: str
    words: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Alert:
    """
    `source` is the record that the next instrument is drafted from: a hazard or instrument; `after` the instrument that it follows.
    `count` is the figure that met the threshold `needed`, within `days` of the calendar (0: no window).
    """

    sort: str
    enterprise: UUID | None
    addressee: str
    region: int
    count: int
    needed: int
    days: int
    lines: tuple[Line, ...]
    newest: date
    offers: tuple[str, ...]
    source: tuple[str, UUID] | None = None
    after: UUID | None = None
    late_days: int = 0


def alerts(actor: Actor, *, sort: str = "", enterprise: UUID | None = None, region: int | None = None) -> list[Alert]:
    """The actor's alerts, the newest first within each sort; narrowed to one sort, one enterprise, one region with all below it."""
    asked = Asked(actor, enterprise, region)
    wanted = (sort,) if sort in NEXT else SORTS
    found: list[Alert] = []
    if {"closure", "key"} & set(wanted):
        found += [one for one in _punished(asked) if one.sort in wanted]
    if "repeat" in wanted:
        found += _repeated(asked)
    if "recheck" in wanted:
        found += _unrechecked(asked)
    return sorted(found, key=lambda one: (SORTS.index(one.sort), -one.newest.toordinal(), one.addressee))


def counted(found: Iterable[Alert]) -> dict[str, int]:
    """How many of each sort, none included."""
    counts = dict.fromkeys(SORTS, 0)
    for one in found:
        counts[one.sort] += 1
    return counts


class Asked:
    """Whose alerts, narrowed to what; the thresholds of the actor's own territory."""

    def __init__(self, actor: Actor, enterprise: UUID | None, region: int | None) -> None:
        self.actor, self.enterprise, self.region = actor, enterprise, region
        self.limits = thresholds.of(region or actor.region or 0)
        self.today = clock.today()

    def q(self, enterprise: str, place: str, **scope: Any) -> Q:
        found = within(self.actor, **scope)
        if self.enterprise:
            found &= Q(**{enterprise: self.enterprise})
        if self.region is not None:
            low, high = subtree(self.region)
            found &= Q(**{f"{place}__gte": low, f"{place}__lt": high})
        return found

    def instruments(self) -> Any:
        # What goes to a unit has no field, so fields are left to the policy.
        return Instrument.objects.filter(self.q("enterprise", "place", industry=None))

    def hazards(self) -> Any:
        return Hazard.objects.filter(self.q("responsible", "region", county="county"))


# -- penalties ---------------------------------------------------------------------------------------------------------


def _punished(asked: Asked) -> list[Alert]:
    """Closure needs an open major hazard besides; who meets it needs no second alert for key inspection."""
    limits = asked.limits
    since = asked.today - timedelta(days=max(YEAR, limits["closure.days"]))
    least = min(limits["closure.count"], limits["closure.year"], limits["key.count"])
    rows = asked.instruments().filter(kind=PENALTY, state__in=IN_FORCE, served_on__gt=since)
    often = rows.values("enterprise").annotate(n=Count("pk")).filter(n__gte=least).values("enterprise")
    by_enterprise: dict[UUID, list[Instrument]] = defaultdict(list)
    for row in rows.filter(enterprise__in=often).order_by("-served_on", "-id"):
        by_enterprise[row.enterprise_id].append(row)
    majors = _open_majors(asked, by_enterprise)
    found = (_of_penalties(asked, penalties, majors.get(key, ())) for key, penalties in by_enterprise.items())
    return [one for one in found if one]


def _of_penalties(asked: Asked, penalties: Sequence[Instrument], majors: Sequence[Hazard]) -> Alert | None:
    limits = asked.limits
    year = [one for one in penalties if _age(asked, one) < YEAR]
    short = [one for one in penalties if _age(asked, one) < limits["closure.days"]]
    newest = penalties[0]
    facts: dict[str, Any] = {
        "enterprise": newest.enterprise_id,
        "addressee": newest.addressee,
        "region": newest.place,
        "newest": newest.served_on,
    }
    if majors:
        source = ("hazard", majors[0].pk)
        behind = tuple(_hazard_line(one) for one in majors)
        for rows, needed, days in (
            (short, limits["closure.count"], limits["closure.days"]),
            (year, limits["closure.year"], YEAR),
        ):
            if len(rows) >= needed:
                lines = (*map(_instrument_line, rows), *behind)
                return Alert(
                    sort="closure",
                    count=len(rows),
                    needed=needed,
                    days=days,
                    lines=lines,
                    offers=NEXT["closure"],
                    source=source,
                    **facts,
                )
    if len(year) >= limits["key.count"]:
        return Alert(
            sort="key", count=len(year), needed=limits["key.count"], days=YEAR, lines=tuple(map(_instrument_line, year)),
            offers=NEXT["key"], source=("instrument", newest.pk), **facts,
        )  # fmt: skip
    return None


def _age(asked: Asked, row: Instrument) -> int:
    """Days of the calendar since it was served; the day of service counts as none."""
    return (asked.today - row.served_on).days if row.served_on else YEAR


def _open_majors(asked: Asked, enterprises: Iterable[UUID]) -> dict[UUID, list[Hazard]]:
    rows = asked.hazards().filter(grade="major", state__in=OPEN, responsible__in=list(enterprises))
    found: dict[UUID, list[Hazard]] = defaultdict(list)
    for row in rows.order_by("-found_at", "-id"):
        found[row.responsible_id].append(row)
    return found


# -- the same again ----------------------------------------------------------------------------------------------------


def _repeated(asked: Asked) -> list[Alert]:
    """Major hazards by one clause at one enterprise, at least so many in so many days; what was dismissed is none."""
    needed, days = asked.limits["repeat.count"], asked.limits["repeat.days"]
    since = clock.now() - timedelta(days=days)
    rows = asked.hazards().filter(grade="major", found_at__gt=since, responsible__isnull=False, clause__isnull=False)
    rows = rows.exclude(state="dismissed")
    pairs = (
        rows.values("responsible", "clause")
        .annotate(n=Count("pk"))
        .filter(n__gte=needed)
        .order_by("-n", "responsible", "clause")
    )
    chosen = {(one["responsible"], one["clause"]) for one in pairs[:MOST]}
    if not chosen:
        return []
    wanted = rows.filter(responsible__in={one for one, _ in chosen}, clause__in={one for _, one in chosen})
    wanted = wanted.select_related("clause__criteria").order_by("responsible", "clause", "-found_at", "-id")
    names = dict(Enterprise.objects.filter(pk__in={one for one, _ in chosen}).values_list("pk", "name"))
    found = []
    for pair, group in groupby(wanted, key=lambda one: (one.responsible_id, one.clause_id)):
        if pair not in chosen:
            continue
        same = list(group)
        newest = same[0]
        found.append(
            Alert(
                sort="repeat", enterprise=newest.responsible_id, addressee=names.get(newest.responsible_id, ""),
                region=newest.region, count=len(same), needed=needed, days=days, lines=tuple(map(_hazard_line, same)),
                newest=clock.day_of(newest.found_at), offers=NEXT["repeat"], source=("hazard", newest.pk),
            )
        )  # fmt: skip
    return found


# -- orders that nobody rechecked --------------------------------------------------------------------------------------


def _unrechecked(asked: Asked) -> list[Alert]:
    """Past due by more than the days granted, and no recheck opinion on its way."""
    following = Instrument.objects.filter(after=OuterRef("pk"), kind=RECHECK).exclude(
        state__in=("withdrawn", "discarded")
    )
    rows = asked.instruments().filter(~Exists(following) & ~Q(pk__in=_recheck_under_way()))
    latest = _working_days_ago(asked.limits["order.days"])
    rows = rows.filter(kind__in=ORDERS, state__in=("served", "answered"), answer_due__lt=latest)
    found = []
    for row in rows.order_by("answer_due", "id")[:MOST]:
        late = _working_days_since(row.answer_due)
        found.append(
            Alert(
                sort="recheck", enterprise=row.enterprise_id, addressee=row.addressee, region=row.place, count=late,
                needed=asked.limits["order.days"], days=0, lines=(_instrument_line(row),), newest=row.answer_due,
                offers=NEXT["recheck"], source=_source_of(row), after=row.pk, late_days=late,
            )
        )  # fmt: skip
    return found


def _recheck_under_way() -> list[UUID]:
    """Orders whose recheck opinion is being written, by whichever department: nobody is alerted of them once more."""
    with scope.elevated("whether a recheck is on its way at a department whose drafts the reader does not see"):
        rows = Instrument.objects.filter(kind=RECHECK, after__isnull=False, state__in=(*DRAFTS, "numbered"))
        return list(rows.values_list("after_id", flat=True))


def _source_of(row: Instrument) -> tuple[str, UUID] | None:
    return (row.source_type, row.source_id) if row.source_type and row.source_id else None


def _working_days_ago(days: int) -> date:
    try:
        return clock.day_of(working_days().add(clock.now(), -days))
    except CalendarExhausted:
        return clock.today() - timedelta(days=days)


def _working_days_since(day: date) -> int:
    try:
        return max(-working_days().days_left(clock.end_of(day), clock.now()), 0)
    except CalendarExhausted:
        return (clock.today() - day).days


def _instrument_line(row: Instrument) -> Line:
    day = row.served_on or clock.day_of(row.created_at)
    return Line(model="instrument", id=row.pk, number=row.number, words=row.title, day=day)


def _hazard_line(row: Hazard) -> Line:
    return Line(
        model="hazard", id=row.pk, number=row.number, words=row.description[:80], day=clock.day_of(row.found_at)
    )
