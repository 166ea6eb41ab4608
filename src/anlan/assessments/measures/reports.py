"""Of citizens' reports: answered in time."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.rulings import days
from anlan.reports.models import Report

ANSWER = declare(
    key="assessments.days.answer",
    label=_("Assessments: days in which a citizen's report is answered in time"),
    default=15,
    check=days,
)


@measure(
    "reports_in_time",
    label=_("Citizens' reports answered in time"),
    part=_("answered in time"),
    whole=_("reports due to be answered"),
)
def reports_in_time(of: Of) -> Iterable[Row]:
    """A district's are those of its territory, a department's those that were sent to it. One not due yet counts for nothing."""
    mine = of.here if of.industries == -1 else Q(unit_id=of.unit)
    allowed, now, calendar = value(ANSWER.key, of.region), clock.now(), working_days()
    rows = Report.objects.filter(mine, reported_at__gte=of.begins, reported_at__lt=of.ends).only(
        "number", "state", "reported_at", "answered_at", "outcome"
    )
    for one in rows.order_by("reported_at", "id"):
        due = calendar.add(one.reported_at, allowed)
        if one.answered_at is None and due >= now:
            continue
        yield Row("report", one.pk, one.number, one.answered_at is not None and one.answered_at <= due)
