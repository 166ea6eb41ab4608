"""Of the campaign plan's items of the year: done by their day."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.kernel import clock
from anlan.plans.models import PlanItem

REPORTED = ("reported", "verified", "done")


@measure(
    "plan_items_in_time",
    label=_("Plan's items done in time"),
    part=_("reported done by their day"),
    whole=_("items due"),
)
def plan_items_in_time(of: Of) -> Iterable[Row]:
    """Of which the unit is the responsible one. What is still planned or was called off counts for nothing."""
    first, after = of.days
    rows = PlanItem.objects.filter(unit_id=of.unit, due__gte=first, due__lt=min(after, clock.today()))
    for one in rows.exclude(state__in=["planned", "withdrawn"]).order_by("due", "id"):
        done = one.state in REPORTED and one.finished_on is not None and one.due is not None
        yield Row("plan_item", one.pk, one.number, done and one.finished_on <= one.due)  # type: ignore[operator]
