"""Figures of instruments that were served: letters, interviews, exposures, penalties."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q

from anlan.bulletins.figures.declared import Figure
from anlan.bulletins.figures.rows import Asked, Row, Rows, source
from anlan.enforcement.models import Instrument
from anlan.enforcement.states import SERVED
from anlan.kernel import clock

FINE = "fine_fen"
"""Counts the fines of the cases, once a decision."""


@source("instruments")
def instruments(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """`asks` are kinds; with `fine_fen` the fines of their cases, in fen. What was withdrawn does not count."""
    low, high = asked.places
    last = clock.day_of(asked.ends - timedelta(microseconds=1))
    served = Q(state__in=SERVED, served_on__gte=asked.first, served_on__lte=last)
    found: Rows = {}
    for figure in figures:
        kinds = [kind for kind in figure.asks if kind != FINE]
        rows = Instrument.objects.filter(served, kind__in=kinds, place__gte=low, place__lt=high)
        if fines := FINE in figure.asks:
            rows = rows.filter(case__fine_fen__gt=0)
        found[figure.code] = [
            _row(one, (one.case.fine_fen or 0) if fines and one.case else 1)
            for one in rows.select_related("case").order_by("served_on", "id")
        ]
    return found


def _row(one: Any, value: int) -> Row:
    return Row(
        kind="instrument",
        key=one.pk,
        label=one.number,
        value=value,
        note=one.addressee,
        region=one.county,
        month=one.served_on.replace(day=1),
    )
