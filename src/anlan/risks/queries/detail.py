"""One risk point with its sources, what holds them, and how they were judged."""

from dataclasses import dataclass, field
from uuid import UUID

from anlan.kernel.errors import NotFound
from anlan.kernel.ledger.read import Act, acts
from anlan.risks.models import Assessment, Control, HazardSource, RiskPoint, RiskUnit
from anlan.risks.rulings import tiers_of


@dataclass(frozen=True, kw_only=True)
class SourceDetail:
    source: HazardSource
    present: Assessment | None
    history: list[Assessment] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    unheld: list[str] = field(default_factory=list)
    """Tiers that answer for its colour and hold no control of it."""


@dataclass(frozen=True, kw_only=True)
class PointDetail:
    point: RiskPoint
    sources: list[SourceDetail]

    @property
    def accidents(self) -> list[str]:
        return list(dict.fromkeys(code for one in self.sources for code in one.source.accidents))


def point(point_id: UUID) -> RiskPoint:
    rows = RiskPoint.objects.select_related("enterprise", "unit", "site", "industry")
    found = rows.filter(pk=point_id).first()
    if found is None:
        raise NotFound
    return found


def source(source_id: UUID) -> HazardSource:
    found = HazardSource.objects.select_related("point__enterprise").filter(pk=source_id).first()
    if found is None:
        raise NotFound
    return found


def control_of(control_id: UUID) -> Control:
    found = Control.objects.select_related("source__point__enterprise").filter(pk=control_id).first()
    if found is None:
        raise NotFound
    return found


def detail_of(record: RiskPoint) -> PointDetail:
    """Its sources in use, in the order they came, with all that hangs on them: three queries."""
    sources = list(HazardSource.objects.filter(point=record, active=True).order_by("id"))
    ids = [one.pk for one in sources]
    judged: dict[UUID, list[Assessment]] = {}
    for row in Assessment.objects.filter(source_id__in=ids).order_by("-at", "-id"):
        judged.setdefault(row.source_id, []).append(row)
    held: dict[UUID, list[Control]] = {}
    for control in Control.objects.filter(source_id__in=ids, active=True).order_by("id"):
        held.setdefault(control.source_id, []).append(control)
    found = []
    for one in sources:
        history, controls = judged.get(one.pk, []), held.get(one.pk, [])
        tiers = {control.tier for control in controls}
        found.append(
            SourceDetail(
                source=one,
                present=history[0] if history else None,
                history=history,
                controls=controls,
                unheld=[tier for tier in tiers_of(one.colour, record.region) if tier not in tiers],
            )
        )
    return PointDetail(point=record, sources=found)


def history_of(record: RiskPoint) -> list[Act]:
    """What happened to it, oldest first, from the ledger."""
    return acts(record.pk)


def units_of(enterprise: UUID) -> list[RiskUnit]:
    return list(RiskUnit.objects.filter(enterprise_id=enterprise).order_by("name"))
