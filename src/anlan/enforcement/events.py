"""What instruments say of themselves. The hearer runs in the same transaction, or neither happened."""

from dataclasses import dataclass

from anlan.enforcement.models import Answer, Instrument
from anlan.kernel.events import Event


@dataclass(frozen=True)
class InstrumentServed(Event):
    """It reached its addressee, who is bound by it from now on."""

    instrument: Instrument


@dataclass(frozen=True)
class InstrumentAnswered(Event):
    """The addressee answered, made a statement, waived its days or asked for a hearing."""

    instrument: Instrument
    answer: Answer


@dataclass(frozen=True)
class InstrumentWithdrawn(Event):
    """A later instrument that names it was served in its place."""

    instrument: Instrument
    by: Instrument
