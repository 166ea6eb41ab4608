"""Where the tasks of the units stand, and the weekly comb: every open task, since when silent, what was said last."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from anlan.directives.models import DirectiveTask
from anlan.directives.queries.lists import overdue
from anlan.directives.states import OPEN
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor

SILENT_DAYS = 14
MOST = 400
"""Tasks one goes through in a week; more are not combed by anybody."""


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_begin(first: date) -> datetime:
    return datetime.combine(first, time.min, clock.SHANGHAI)


def given(actor: Actor) -> QuerySet[DirectiveTask]:
    """Those that an office of the territory gave."""
    return DirectiveTask.objects.filter(scope.within(actor, region="issued_region", industry=None))


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit: UUID
    name: str
    region: int
    open: int
    late: int
    unsigned: int
    silent: int
    done: int
    on_time: int


def units_board(actor: Actor) -> list[UnitRow]:
    """Per unit, the latest first; `on_time` of those done that had a day."""
    open_now = Q(state__in=OPEN)
    still = clock.now() - timedelta(days=SILENT_DAYS)
    rows = (
        given(actor)
        .annotate(heard=Coalesce("heard_at", "created_at"))
        .values("unit_id", "unit__name", "unit__region")
        .annotate(
            open=Count("id", filter=open_now),
            behind=Count("id", filter=overdue()),
            unsigned=Count("id", filter=Q(state="assigned")),
            quiet=Count("id", filter=open_now & Q(heard__lt=still)),
            finished=Count("id", filter=Q(state="done")),
            in_time=Count("id", filter=Q(state="done") & (Q(due=None) | Q(finished_on__lte=F("due")))),
        )
        .order_by("-behind", "-quiet", "-open", "unit__name")[:MOST]
    )
    return [
        UnitRow(
            unit=row["unit_id"],
            name=row["unit__name"],
            region=row["unit__region"],
            open=row["open"],
            late=row["behind"],
            unsigned=row["unsigned"],
            silent=row["quiet"],
            done=row["finished"],
            on_time=row["in_time"],
        )
        for row in rows
    ]


def comb(actor: Actor) -> list[DirectiveTask]:
    """Every open task: what the week has not looked at first, of these the overdue, then the longest silent."""
    first = monday(clock.today())
    rows: Any = (
        given(actor)
        .filter(state__in=OPEN)
        .annotate(
            behind=overdue(),
            heard=Coalesce("heard_at", "created_at"),
        )
        .select_related("unit", "directive")
        .defer("directive__text", "directive__normalised", "directive__changes")
    )
    return sorted(
        rows.order_by("heard", "id")[:MOST],
        key=lambda one: (one.combed_on is not None and one.combed_on >= first, not one.behind),
    )
