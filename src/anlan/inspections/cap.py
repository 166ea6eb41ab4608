"""The yearly cap of administrative inspections: what counts, what goes beyond it with a written reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.inspections import rulings
from anlan.inspections.models import Visit
from anlan.kernel import clock, scope
from anlan.registry.models import Enterprise


def one_at_a_time(enterprise: UUID) -> None:
    """Two plans for one enterprise wait for each other, so that both count the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"visits of {enterprise}"])


def inspections_of(year: int) -> QuerySet[Visit]:
    """Inspections that fall under a cap: of the year they were made in, else of the one they are planned in."""
    first, end = (datetime(one, 1, 1, tzinfo=clock.SHANGHAI) for one in (year, year + 1))
    made = Q(arrived_at__gte=first, arrived_at__lt=end) | Q(arrived_at=None, planned_on__year=year)
    rows = Visit.objects.filter(made, kind="administrative")
    return rows.exclude(state="cancelled").exclude(reason__in=rulings.BEYOND_CAP)


def inspected(enterprise: UUID, year: int) -> QuerySet[Visit]:
    return inspections_of(year).filter(enterprise_id=enterprise)


def counted(enterprise: UUID, year: int) -> Any:
    return inspected(enterprise, year).filter(cap_exception="")


def used_of_cap(visit: Visit) -> int:
    """Inspections of the enterprise in the year that count against its cap, whoever planned them."""
    with scope.elevated("the cap counts the visits of all departments"):
        return int(counted(visit.enterprise_id, visit.planned_on.year).exclude(pk=visit.pk).count())


def cap_for(visit: Visit) -> int:
    with scope.elevated("whoever sees a visit sees whom it visits"):
        grade = Enterprise.objects.values_list("grade", flat=True).get(pk=visit.enterprise_id)
    return rulings.cap_of(grade, visit.region)


def is_capped(visit: Visit) -> bool:
    return visit.kind == "administrative" and visit.reason not in rulings.BEYOND_CAP


def beyond_cap(visit: Visit) -> Any:
    """Why the visit may not be planned without a written exception, or None."""
    if not is_capped(visit) or visit.cap_exception:
        return None
    used, cap = used_of_cap(visit), cap_for(visit)
    if used < cap:
        return None
    return _("%(used)s of %(cap)s inspections of %(year)s are used up: write why this one goes beyond the cap.") % {
        "used": used,
        "cap": cap,
        "year": visit.planned_on.year,
    }


def needless(visit: Visit) -> Any:
    """An exception in reserve would be an inspection that never counts: it is written when it is needed, or not at all."""
    if not visit.cap_exception or (is_capped(visit) and used_of_cap(visit) >= cap_for(visit)):
        return None
    return _("No exception is needed here: leave this empty, so that the visit counts as it should.")


def used_up(visit: Visit, year: int) -> bool:
    """Whether as many inspections as the cap allows were made in the year in which this one would begin."""
    if not is_capped(visit) or visit.cap_exception:
        return False
    with scope.elevated("the cap counts the visits of all departments"):
        made = counted(visit.enterprise_id, year).exclude(arrived_at=None).exclude(pk=visit.pk).count()
    return bool(made >= cap_for(visit))
