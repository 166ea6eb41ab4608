"""What a record says that an instrument may rest on, whatever is drafted from it. Rooms downstream register their own records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anlan.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One numbered problem: `basis` names document and clause, `due_on` is None while nobody has set it."""

    text: str
    basis: str = ""
    due_on: date | None = None
    place: str = ""
    done: bool = False
    """Closed off or accepted since: a recheck opinion proposes it as rectified."""


@dataclass(frozen=True, kw_only=True)
class Officer:
    name: str
    certificate: str = ""
    post: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """One source record. Enterprise or organisation is whom it is about; both may be None for what concerns a territory."""

    source: str
    """The record's kind: hazard, visit, report, return, directive_task, plan_item."""
    id: UUID
    number: str
    title: str
    url: str
    region: int
    industry_bit: int | None = None
    enterprise: UUID | None = None
    organisation: UUID | None = None
    place: str = ""
    day: date | None = None
    """When it was found, checked or fell due."""
    facts: str = ""
    problems: tuple[Problem, ...] = ()
    officers: tuple[Officer, ...] = ()
    measures: tuple[str, ...] = ()
    due_on: date | None = None
    late_days: int = 0
    """Working days past due."""
    responsible: str = ""
    """Who owes the next act, in words."""
    major: bool = False
    state: str = ""
    evidence: tuple[str, ...] = ()
    """What proves it, in words: records by number, photos counted."""


Read = Callable[[UUID], Grounds | None]
_sources: dict[str, Read] = {}


def source_by(kind: str) -> Callable[[Read], Read]:
    """Register how a kind of record is read, in the present scope: None for what is absent or out of sight."""

    def register(read: Read) -> Read:
        _sources[kind] = read
        return read

    return register


def known_sources() -> tuple[str, ...]:
    return tuple(_sources)


def grounds_of(kind: str, record: UUID) -> Grounds:
    """Raises NotFound for an unknown kind, for what does not exist and for what lies outside the scope alike."""
    read = _sources.get(kind)
    found = read(record) if read else None
    if found is None:
        raise NotFound
    return found
