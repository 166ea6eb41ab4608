"""Of monthly returns: in time, right at the first try, not amended afterwards."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.campaigns.models import Return
from anlan.campaigns.states import COUNTED
from anlan.kernel import clock


def _due(of: Of) -> QuerySet[Return]:
    """Those that were due in the year, as far as it has gone: an overdue one that is still open counts as well."""
    ends = min(of.ends, clock.now())
    rows = Return.objects.filter(unit_id=of.unit, hand_in_by__gte=of.begins, hand_in_by__lt=ends)
    return rows.order_by("month", "id")


def _row(one: Return, *, good: bool) -> Row:
    return Row("monthly_return", one.pk, f"{one.month:%Y-%m}", good)


@measure(
    "returns_in_time",
    label=_("Monthly returns handed in in time"),
    part=_("handed in in time"),
    whole=_("returns due"),
)
def in_time(of: Of) -> Iterable[Row]:
    """Late and missing are kept by the returns themselves; one whose lateness the clock has not written yet is late too."""
    for one in _due(of):
        handed = one.handed_in_at is not None and one.handed_in_at <= one.hand_in_by
        yield _row(one, good=handed and not one.was_late)


@measure(
    "returns_right",
    label=_("Monthly returns right at the first try"),
    part=_("never bounced or sent back"),
    whole=_("returns handed in"),
)
def right(of: Of) -> Iterable[Row]:
    for one in _due(of).filter(round__gt=0):
        yield _row(one, good=not one.bounced and not one.sent_back)


@measure(
    "returns_kept",
    label=_("Monthly returns that needed no amendment"),
    part=_("not amended after the lock"),
    whole=_("returns that count"),
)
def kept(of: Of) -> Iterable[Row]:
    for one in _due(of).filter(state__in=COUNTED):
        yield _row(one, good=not one.amended)
