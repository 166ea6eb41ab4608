"""The daily look for assessments that are due: each enterprise is told once of each point and due date."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.notify.actions import send
from anlan.risks.models import RiskPoint
from anlan.risks.queries import Filters

BATCH = 2000
EVERY = 3600.0
POSTS = (roles.SAFETY_MANAGER, roles.PRINCIPAL)


def remind() -> int:
    """Tell of what fell due and was not told yet; safe to run twice at once. Returns how many points were told of."""
    told = 0
    while found := _portion():
        told += found
    return told


def _portion() -> int:
    with transaction.atomic(), scope.acting(SYSTEM):
        rows = RiskPoint.objects.filter(
            ~Q(reminded_for=F("reassess_by")) | Q(reminded_for=None), active=True, reassess_by__lte=clock.today()
        )
        due = list(rows.order_by("reassess_by", "id").select_for_update(skip_locked=True)[:BATCH])
        by_owner: dict[UUID, list[RiskPoint]] = {}
        for point in due:
            by_owner.setdefault(point.enterprise_id, []).append(point)
        for owner, points in by_owner.items():
            first = points[0]
            one = len(points) == 1
            send(
                to=reach(Whom(roles=POSTS, region=first.region, enterprise=owner)),
                kind="risk.due" if one else "risk.due_many",
                facts={
                    "number": first.number,
                    "place": first.name,
                    "count": len(points),
                    "due_at": first.reassess_by,
                    "why": "keeps",
                },
                url=f"/risk-points/{first.pk}/"
                if one
                else f"/risk-points/?{Filters(enterprise=owner, overdue=True).query()}",
                subject_type="risk_point",
                subject_id=first.pk,
            )
        RiskPoint.objects.filter(pk__in=[point.pk for point in due]).update(reminded_for=F("reassess_by"))
    return len(due)
