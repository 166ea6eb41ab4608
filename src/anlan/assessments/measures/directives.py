"""Of tasks that documents from above gave the unit: done by their day."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.directives.models import DirectiveTask
from anlan.kernel import clock

REPORTED = ("reported", "verified", "done")


@measure(
    "directives_in_time",
    label=_("Directives' tasks done in time"),
    part=_("reported done by their day"),
    whole=_("tasks due"),
)
def directives_in_time(of: Of) -> Iterable[Row]:
    """What was called off counts for nothing; what is returned to be mended is not done."""
    first, after = of.days
    rows = DirectiveTask.objects.filter(unit_id=of.unit, due__gte=first, due__lt=min(after, clock.today()))
    for one in rows.exclude(state="withdrawn").order_by("due", "id"):
        done = one.state in REPORTED and one.finished_on is not None and one.due is not None
        yield Row("directive_task", one.pk, one.number, done and one.finished_on <= one.due)  # type: ignore[operator]
