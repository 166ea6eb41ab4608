"""Of letters and orders that were served on the unit: answered by their day."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.enforcement.models import Instrument
from anlan.kernel import clock


@measure(
    "instruments_answered",
    label=_("Letters and orders answered in time"),
    part=_("answered by their day"),
    whole=_("letters and orders that asked for an answer"),
)
def instruments_answered(of: Of) -> Iterable[Row]:
    """Those served on the unit itself; one that a later instrument withdrew counts for nothing."""
    first, after = of.days
    rows = Instrument.objects.filter(unit_id=of.unit, served_on__isnull=False)
    rows = rows.filter(answer_due__gte=first, answer_due__lt=min(after, clock.today())).exclude(state="withdrawn")
    for one in rows.order_by("answer_due", "id").only("number", "answer_due", "answered_at"):
        answered = clock.day_of(one.answered_at) if one.answered_at else None
        good = answered is not None and one.answer_due is not None and answered <= one.answer_due
        yield Row("instrument", one.pk, one.number or str(one.pk)[:8], good)
