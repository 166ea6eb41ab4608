"""What reports say downstream. The hearer runs in the same transaction, or neither happened."""

from dataclasses import dataclass, field
from uuid import UUID

from anlan.kernel.actor import Actor
from anlan.kernel.events import Event
from anlan.reports import needs
from anlan.reports.models import Report


@dataclass(frozen=True)
class ReportSubmitted(Event):
    """A report came in, with its photos and its seal."""

    report: Report


@dataclass
class Settled:
    """What became of a verified report downstream."""

    hazard_id: UUID | None = None
    number: str = ""
    joined: bool = False


@dataclass(frozen=True)
class ReportVerified(Event):
    """
    A unit found a report true. The hearer makes a hazard of it and says which by `settle`; the report is stored after that.

    `actor` is who looked on the spot and so found the hazard; `photos` are the report's and the check's, all in the actor's sight.
    """

    report: Report
    actor: Actor
    data: needs.Verify
    photos: tuple[UUID, ...] = ()
    settled: Settled = field(default_factory=Settled)

    def settle(self, hazard_id: UUID, number: str, joined: bool = False) -> None:
        self.settled.hazard_id, self.settled.number, self.settled.joined = hazard_id, number, joined


@dataclass(frozen=True)
class ReportHandled(Event):
    """Nothing more is to be done on the spot: true and settled, unfounded, the same as another, or declined."""

    report: Report


@dataclass(frozen=True)
class ReportAnswered(Event):
    """The reporter is told. Heard inside the clock's own transaction."""

    report: Report
