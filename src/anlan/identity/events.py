"""What identity tells downstream."""

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class CitizensMerged(Event):
    """Two accounts turned out to be one citizen's: what hung on `gone` now hangs on `kept`, and `gone` is removed."""

    kept: UUID
    gone: UUID


@dataclass(frozen=True)
class Keepsake:
    """What somebody who leaves takes along: the number of a record of theirs, and the code that opens it without an account."""

    number: str
    code: str


@dataclass(frozen=True)
class CitizenLeaves(Event):
    """
    A citizen's account is about to be removed: by themselves, or because nobody used it for long. A hearer may refuse, or leave
    them a code by which what is theirs stays theirs.
    """

    person: UUID
    idle: bool
    keepsakes: list["Keepsake"] = field(default_factory=list)
