"""What inspections say downstream. The hearer runs in the same transaction, or neither happened."""

from dataclasses import dataclass, field
from uuid import UUID

from anlan.inspections.models import Finding
from anlan.kernel.actor import Actor
from anlan.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class Order:
    """A measure ordered on the spot for a finding, and the posts of the officers there: first who ordered, then who records."""

    words: str
    officers: tuple[UUID, ...]


@dataclass
class Settled:
    """What became of a finding downstream."""

    hazard_id: UUID | None = None
    number: str = ""
    joined: bool = False


@dataclass(frozen=True)
class FindingRecorded(Event):
    """
    A finding of a recorded visit or of a self-check. The hearer makes a hazard of it and says which by `settle`.

    `actor` enters it, with the territory of what is visited; `finder` is who found it, when that is somebody else.
    """

    finding: Finding
    actor: Actor
    finder: Actor | None = None
    order: Order | None = None
    settled: Settled = field(default_factory=Settled)

    @property
    def source(self) -> str:
        """Which of the four checks it came from."""
        return self.finding.visit.check_kind if self.finding.visit else "self"

    @property
    def source_record(self) -> str:
        return self.finding.visit.number if self.finding.visit else ""

    @property
    def style(self) -> str:
        return self.finding.visit.style if self.finding.visit else ""

    def settle(self, hazard_id: UUID, number: str, joined: bool) -> None:
        self.settled.hazard_id, self.settled.number, self.settled.joined = hazard_id, number, joined
