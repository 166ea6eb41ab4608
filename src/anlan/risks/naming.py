"""How other rooms find and name an enterprise's risk points (`registry.points`)."""

from collections.abc import Collection
from uuid import UUID

from anlan.kernel.actor import Actor
from anlan.registry.points import Point
from anlan.risks.models import RiskPoint
from anlan.risks.queries import Filters, points
from anlan.risks.wording import risk_words


class PointKeeper:
    def find(self, actor: Actor, enterprise: UUID, words: str, limit: int) -> list[Point]:
        return [_told(row) for row in points(actor, Filters(enterprise=enterprise, words=words), limit=limit).rows]

    def named(self, enterprise: UUID, ids: Collection[UUID]) -> list[Point]:
        rows = RiskPoint.objects.filter(enterprise_id=enterprise, pk__in=ids).order_by("name", "id")
        return [_told(row) for row in rows]


def _told(row: RiskPoint) -> Point:
    return Point(id=row.pk, name=row.name, place=row.place, mark=str(risk_words(row.colour)), active=row.active)
