"""What the room's verbs share: the locked point, what follows from its sources, the word in the ledger."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ledger.write import changed, write_note
from anlan.risks import rules
from anlan.risks.grading import worst
from anlan.risks.models import HazardSource, RiskPoint
from anlan.risks.rulings import tiers_of

SUBJECT = "risk_point"
M = TypeVar("M", bound=models.Model)

__all__ = ["SUBJECT", "given_of", "locked", "note", "refresh", "saved", "source_of"]


def locked(actor: Actor, point: UUID, *, version: int | None = None) -> RiskPoint:
    """The point, held until the transaction ends, when this actor keeps it and it is in use."""
    record = RiskPoint.objects.select_for_update().filter(pk=point).first()
    if record is None:
        raise NotFound
    if not rules.keeps(actor, record):
        raise Forbidden
    if not record.active:
        raise Conflict(_("The risk point is retired; its record is kept as it was."), code="risk.retired")
    if version is not None and version != record.version:
        raise Conflict
    return record


def source_of(actor: Actor, source: UUID) -> tuple[RiskPoint, HazardSource]:
    """A source in use with its point, the point locked first: two acts at one point wait for each other."""
    point_id = HazardSource.objects.filter(pk=source).values_list("point_id", flat=True).first()
    if point_id is None:
        raise NotFound
    point = locked(actor, point_id)
    found = HazardSource.objects.get(pk=source)
    if not found.active:
        raise Conflict(_("The source is retired; its history is kept."), code="risk.retired")
    return point, found


def refresh(point: RiskPoint) -> dict[str, list[Any]]:
    """A point is as bad as its worst source. Saves it and returns what of colour, tier and dates changed."""
    before = _judged(point)
    sources = list(HazardSource.objects.filter(point=point, active=True))
    point.colour = worst(one.colour for one in sources)
    point.tier = next(iter(tiers_of(point.colour, point.region)), "")
    point.assessed_on = max((one.assessed_on for one in sources if one.assessed_on), default=None)
    point.reassess_by = min((one.reassess_by for one in sources if one.reassess_by), default=None)
    touch(point)
    return changed(before, _judged(point))


def _judged(point: RiskPoint) -> dict[str, Any]:
    return {name: getattr(point, name) for name in ("colour", "tier", "assessed_on", "reassess_by")}


def touch(point: RiskPoint) -> None:
    point.version += 1
    point.changed_at = clock.now()
    point.save()


def saved(record: M, field: str, words: Any) -> M:
    """Save it; when another of the same name stands there already, say so at the field."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        raise Invalid(fields={field: [words]}) from None
    return record


def given_of(given: BaseModel) -> dict[str, Any]:
    """What was typed, for the ledger."""
    return given.model_dump(exclude_defaults=True)


def note(actor: Actor, point: RiskPoint, step: str, *, changes: Any = None, data: Any = None) -> None:
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=point.pk,
        step=step,
        changes=changes or {},
        data=data or {},
        region=point.region,
        industry_bit=point.industry_bit,
        enterprise_id=point.enterprise_id,
    )
