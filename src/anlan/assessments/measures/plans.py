"""Of the campaign plan's items of the year: done by their day, as they stood when the time that counts was over."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.kernel import clock
from anlan.plans.models import PlanItem, Progress

REPORTED = ("reported", "verified", "done")
UNCOUNTED = ("planned", "withdrawn")
Then = tuple[str, date | None, date]


@measure(
    "plan_items_in_time",
    label=_("Plan's items done in time"),
    part=_("reported done by their day"),
    whole=_("items due"),
)
def plan_items_in_time(of: Of) -> Iterable[Row]:
    """
    Of which the unit is the responsible one. What is still planned or was called off counts for nothing. What was put off, reported
    or called off after the last day that counts changes nothing; an item that nobody followed before then counts as it stands.
    """
    first, after = of.days
    then = _then(of)
    for one in PlanItem.objects.filter(unit_id=of.unit).order_by("order", "id"):
        state, due, on = then.get(one.pk, (one.state, one.due, None))
        if due is None or state in UNCOUNTED or not first <= due < min(after, clock.today()):
            continue
        # A day typed since then tells of a later report; the day of the one that counted stands in its place.
        finished = on if on and (one.finished_on is None or one.finished_on >= after) else one.finished_on
        yield Row("plan_item", one.pk, one.number, state in REPORTED and finished is not None and finished <= due)


def _then(of: Of) -> dict[UUID, Then]:
    """State, day set and day of the last word about each item at the end; nothing while the time still runs."""
    if of.ends > clock.now():
        return {}
    rows = Progress.objects.filter(item__unit_id=of.unit, at__lte=of.ends - timedelta(microseconds=1))
    last = rows.order_by("item", "-at", "-id").distinct("item").values_list("item_id", "state", "due", "at")
    return {item: (state, due, clock.day_of(at)) for item, state, due, at in last}
