"""What an actor may do with a record now, and why not the rest: the one source of buttons."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.kernel.flow.declare import Flow, Step


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One step as one actor sees it on one record."""

    step: Step
    allowed: bool
    reason: str = ""

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def label(self) -> str:
        return str(self.step.label)


def offers(flow: Flow, record: Any, actor: Actor) -> list[Offer]:
    """The steps of the record's present state; those not allowed carry their reason in words."""
    return [offer(step, record, actor) for step in flow.steps if step.by_people and record.state in step.source]


def offer(step: Step, record: Any, actor: Actor) -> Offer:
    if not step.by(actor, record):
        return Offer(step=step, allowed=False, reason=_("Waits for %(who)s.") % {"who": step.who})
    for guard in step.guards:
        if not guard.holds(record, actor, None):
            return Offer(step=step, allowed=False, reason=str(guard.words(record)))
    return Offer(step=step, allowed=True)
