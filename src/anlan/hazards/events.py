"""What hazards say of their end, of their coming back and of being late. The hearer runs in the same transaction, or neither happened."""

from collections.abc import Callable
from dataclasses import dataclass

from anlan.hazards.models import Hazard
from anlan.hazards.models.hazard import ENDED
from anlan.kernel.events import Event
from anlan.kernel.flow import Taking


@dataclass(frozen=True)
class HazardEnded(Event):
    """Closed off, dismissed, or transferred; a merged one is dismissed and names its survivor."""

    hazard: Hazard


@dataclass(frozen=True)
class HazardReopened(Event):
    """A look back found that the closing did not hold."""

    hazard: Hazard


@dataclass(frozen=True)
class HazardEscalated(Event):
    """A rung of the ladder was climbed: `to` is whom it told, as `rulings.recipients_of` names them."""

    hazard: Hazard
    level: int
    to: str


def and_say(then: Callable[[Taking], None]) -> Callable[[Taking], None]:
    """After what a step does otherwise: its hazard's end or its coming back is said, if it came to that."""

    def both(taking: Taking) -> None:
        then(taking)
        hazard: Hazard = taking.record
        was_over = set(taking.step.source) <= set(ENDED)
        if hazard.open == was_over:
            (HazardReopened(hazard) if was_over else HazardEnded(hazard)).emit()

    return both
