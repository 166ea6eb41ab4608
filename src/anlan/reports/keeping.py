"""Forgetting who reported: what a seal holds goes on schedule, and by what a nameless sender is known again after two days."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.citysettings import value
from anlan.kernel.duties import duty
from anlan.kernel.flow.take import take
from anlan.reports import rulings
from anlan.reports.flow import REPORT
from anlan.reports.models import Report, Seal

RETRY_KEPT = timedelta(days=2)
A_RUN = 500
SHORTEST = 30
"""Days; no city keeps it shorter."""


@duty("seals", every=3600.0)
def forget() -> int:
    """Returns of how many reports the seals were emptied."""
    moment = clock.now()
    with scope.acting(CLOCK):
        Seal.objects.filter(at__lt=moment - RETRY_KEPT).exclude(retry="").update(retry="")
        due = [key for county in _counties(moment) for key in _due(county, moment)][:A_RUN]
    for key in due:
        with scope.acting(CLOCK):
            take(REPORT, key, "anonymise", actor=CLOCK, data={})
    return len(due)


def _kept(moment: datetime) -> QuerySet[Report]:
    return Report.objects.filter(state="answered", anonymised_at=None, answered_at__lt=moment)


def _counties(moment: datetime) -> list[int]:
    """Each by its own rule, so that one that keeps names for years holds up no other."""
    return list(_kept(moment - timedelta(days=SHORTEST)).order_by().values_list("county", flat=True).distinct())


def _due(county: int, moment: datetime) -> list[UUID]:
    kept = timedelta(days=int(value(rulings.KEEP_IDENTITY.key, county)))
    return list(_kept(moment - kept).filter(county=county).order_by("answered_at").values_list("pk", flat=True)[:A_RUN])
