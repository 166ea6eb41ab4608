"""What identity tells downstream."""

from dataclasses import dataclass
from uuid import UUID

from anlan.kernel.events import Event


@dataclass(frozen=True)
class PostGiven(Event):
    post: UUID
    person: UUID


@dataclass(frozen=True)
class PostEnded(Event):
    post: UUID
    person: UUID


@dataclass(frozen=True)
class AccountChanged(Event):
    """Somebody else changed how a person signs in: the person should hear of it."""

    person: UUID
    what: str
