"""Figures that the platform counts from its own records: hazards and the tasks of directives."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from anlan.bulletins.figures.declared import Figure
from anlan.bulletins.figures.rows import Asked, Row, Rows, moment, source
from anlan.directives.models import DirectiveTask
from anlan.directives.states import OPEN as TASKS_OPEN
from anlan.hazards.models import Hazard
from anlan.hazards.states import OPEN
from anlan.kernel import clock

LONGEST = 200


def _hazards(asked: Asked) -> QuerySet[Hazard]:
    low, high = asked.places
    return Hazard.objects.filter(region__gte=low, region__lt=high).exclude(state="dismissed")


HAZARDS: dict[str, Callable[[Asked], Q]] = {
    "found": lambda asked: Q(found_at__gte=asked.begins, found_at__lt=asked.ends),
    "found_closed": lambda asked: Q(
        found_at__gte=asked.begins, found_at__lt=asked.ends, state="closed", closed_at__lt=asked.ends
    ),
    "closed": lambda asked: Q(closed_at__gte=asked.begins, closed_at__lt=asked.ends, state="closed"),
    "overdue": lambda asked: Q(state__in=OPEN, late=True, found_at__lt=asked.ends),
}


@moment("hazards")
@moment("directives")
def as_they_stand(asked: Asked, figure: Figure) -> datetime | None:
    """What is open, overdue or due next is told as it stands when it is counted: lateness is a fact of now."""
    return asked.until if figure.asks[0] in ("open", "overdue", "next") else None


@source("hazards")
def hazards(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """`asks` are what happened (`found`, `found_closed`, `closed`, `overdue`) and, if one is meant, the grade."""
    found: Rows = {}
    for figure in figures:
        what, *grade = figure.asks
        rows = _hazards(asked).filter(HAZARDS[what](asked))
        if grade:
            rows = rows.filter(grade=grade[0])
        found[figure.code] = [
            Row(
                kind="hazard",
                key=key,
                label=number,
                value=1,
                note=f"{place}：{words}"[:LONGEST],
                region=county,
                month=clock.day_of(at).replace(day=1),
            )
            for key, number, place, words, county, at in rows.order_by("county", "found_at", "id").values_list(
                "id", "number", "place", "description", "county", "found_at"
            )
        ]
    return found


TASKS: dict[str, Callable[[Asked], Q]] = {
    "given": lambda asked: Q(created_at__gte=asked.begins, created_at__lt=asked.ends),
    "done": lambda asked: Q(state="done", state_since__gte=asked.begins, state_since__lt=asked.ends),
    "open": lambda asked: Q(state__in=TASKS_OPEN, created_at__lt=asked.ends),
    "overdue": lambda asked: Q(state__in=TASKS_OPEN, late=True, created_at__lt=asked.ends),
    "next": lambda asked: Q(state__in=TASKS_OPEN, due__range=asked.next),
}


@source("directives")
def directives(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """Tasks that were given to units by directives."""
    low, high = asked.places
    found: Rows = {}
    for figure in figures:
        rows = DirectiveTask.objects.filter(TASKS[figure.asks[0]](asked), region__gte=low, region__lt=high)
        found[figure.code] = [_task(one) for one in rows.select_related("unit").order_by("due", "id")]
    return found


def _task(one: Any) -> Row:
    return Row(
        kind="task",
        key=one.pk,
        label=one.what[:LONGEST],
        value=1,
        note=one.number,
        unit=one.unit_id,
        region=one.region,
        month=one.due.replace(day=1) if one.due else None,
    )
