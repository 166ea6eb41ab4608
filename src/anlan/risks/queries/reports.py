"""What workers reported at risk points the caller sees."""

from uuid import UUID

from anlan.kernel.errors import NotFound
from anlan.risks.models import WorkerReport

SHOWN = 50


def reports_of(point: UUID) -> list[WorkerReport]:
    """Those that wait first, then the newest."""
    # The states happen to stand in that order backwards.
    return list(WorkerReport.objects.filter(point_id=point).order_by("-state", "-at")[:SHOWN])


def report(report_id: UUID) -> WorkerReport:
    found = WorkerReport.objects.select_related("point").filter(pk=report_id).first()
    if found is None:
        raise NotFound
    return found


def waiting_reports(enterprise: UUID) -> int:
    return WorkerReport.objects.filter(point__enterprise_id=enterprise, state="waiting").count()
