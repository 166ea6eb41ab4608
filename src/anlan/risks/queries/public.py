"""What anybody may read who stands before a notice: the notice itself, and what became of one's own report."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from anlan.kernel import scope
from anlan.kernel.errors import NotFound
from anlan.risks.models import CONTROL_KINDS, RiskPoint, WorkerReport
from anlan.risks.queries.detail import detail_of


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A copy of exactly what the printed notice says: no row leaves the elevated scope."""

    id: UUID
    number: str
    name: str
    enterprise: str
    enterprise_id: UUID
    unit: str
    place: str
    colour: str
    tier: str
    sources: list[str]
    accidents: list[str]
    controls: list[tuple[str, list[str]]]
    """By kind, in the usual order."""
    emergency: list[str]
    responsible: str
    responsible_phone: str
    emergency_phone: str
    active: bool = field(default=True)


def notice_of(point_id: UUID) -> Notice:
    """Of a point in use, whoever asks: the one place that looks past everybody's scope."""
    with transaction.atomic(), scope.elevated("a risk notice hangs where everybody may read it"):
        point = RiskPoint.objects.select_related("enterprise", "unit").filter(pk=point_id, active=True).first()
        if point is None:
            raise NotFound
        detail = detail_of(point)
        owner = point.enterprise
        controls = [one for source in detail.sources for one in source.controls]
        # The holder of the highest tier answers; without one the enterprise's safety manager does.
        holder = next((one.holder_name for one in controls if one.tier == point.tier and one.holder_name), "")
        words = {
            kind: list(dict.fromkeys(one.words for one in controls if one.kind == kind)) for kind, _ in CONTROL_KINDS
        }
        first = [point.emergency_measures] if point.emergency_measures else []
        return Notice(
            id=point.pk,
            number=point.number,
            name=point.name,
            enterprise=owner.name,
            enterprise_id=owner.pk,
            unit=point.unit.name if point.unit else "",
            place=point.place,
            colour=point.colour,
            tier=point.tier,
            sources=[one.source.name for one in detail.sources],
            accidents=detail.accidents,
            controls=[(kind, found) for kind, found in words.items() if found and kind != "emergency"],
            emergency=[*first, *words["emergency"]],
            responsible=holder or owner.safety_manager_name or owner.principal_name,
            responsible_phone="" if holder else owner.safety_manager_phone or owner.principal_phone,
            emergency_phone=point.emergency_phone,
        )


def report_state(point_id: UUID, report_id: UUID) -> tuple[str, str]:
    """State and answer of one report, for whoever keeps its address."""
    with transaction.atomic(), scope.elevated("whoever reported may read what became of it"):
        found = WorkerReport.objects.filter(pk=report_id, point_id=point_id).values_list("state", "answer").first()
    if found is None:
        raise NotFound
    state, answer = found
    return state, answer
