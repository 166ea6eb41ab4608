"""An enterprise's risk points for the rooms beside the one that keeps them: that room answers here, no import runs sideways."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from anlan.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Point:
    """A risk point as others name it; `mark` is its risk in words."""

    id: UUID
    name: str
    place: str = ""
    mark: str = ""
    active: bool = True


class Keeper(Protocol):
    """The room that keeps risk points."""

    def find(self, actor: Actor, enterprise: UUID, words: str, limit: int) -> Sequence[Point]:
        """Points in use of the enterprise, as far as the actor sees them; without words the newest."""

    def named(self, enterprise: UUID, ids: Collection[UUID]) -> Sequence[Point]:
        """Of these ids the enterprise's own points in the present scope, those no longer in use too."""


_keepers: list[Keeper] = []


def risk_points_by(keeper: Keeper) -> None:
    """Call it from `AppConfig.ready`."""
    _keepers[:] = [keeper]


def find_points(actor: Actor, enterprise: UUID, words: str, *, limit: int = 24) -> list[Point]:
    return [point for keeper in _keepers for point in keeper.find(actor, enterprise, words, limit)]


def points_named(enterprise: UUID, ids: Collection[UUID]) -> list[Point]:
    return [point for keeper in _keepers for point in keeper.named(enterprise, ids)] if ids else []
