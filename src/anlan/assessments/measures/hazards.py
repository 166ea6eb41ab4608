"""Of hazards in the unit's territory and fields: rectified in time, closed off, not false."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.hazards.models import Hazard
from anlan.kernel import clock

FIXED = ("rectified", "accepted", "closed")


def _due(of: Of) -> QuerySet[Hazard]:
    """Whose last day for rectification lay in the year, as far as it has gone."""
    first, after = of.days
    rows = Hazard.objects.filter(of.here, rectify_due__gte=first, rectify_due__lt=min(after, clock.today()))
    return rows.exclude(state__in=["dismissed", "transferred"]).order_by("rectify_due", "id")


def _in_time(rows: QuerySet[Hazard]) -> Iterable[Row]:
    """Handed in for recheck by its day, and not found wanting since."""
    for one in rows.only("number", "state", "finished_on", "submitted_at", "rectify_due"):
        due = one.rectify_due
        done = one.state in FIXED and one.submitted_at is not None and due is not None
        good = done and clock.day_of(one.submitted_at) <= due  # type: ignore[arg-type, operator]
        yield Row("hazard", one.pk, one.number, good)


@measure(
    "major_in_time",
    label=_("Major hazards rectified in time"),
    part=_("rectified by their day"),
    whole=_("major hazards due"),
)
def major_in_time(of: Of) -> Iterable[Row]:
    return _in_time(_due(of).filter(grade="major"))


@measure(
    "hazards_in_time",
    label=_("Hazards rectified in time"),
    part=_("rectified by their day"),
    whole=_("hazards due"),
)
def hazards_in_time(of: Of) -> Iterable[Row]:
    return _in_time(_due(of))


@measure(
    "closures_true",
    label=_("Closures that stood when looked back at"),
    part=_("never reopened"),
    whole=_("hazards looked back at"),
)
def closures_true(of: Of) -> Iterable[Row]:
    rows = Hazard.objects.filter(of.here, looked_back_at__gte=of.begins, looked_back_at__lt=of.ends)
    for one in rows.only("number", "reopened").order_by("looked_back_at", "id"):
        yield Row("hazard", one.pk, one.number, not one.reopened)
