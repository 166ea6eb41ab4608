"""What a phone may ask for a hazard: any step that people take."""

from typing import Annotated, Any

from pydantic import Field

from anlan.hazards.actions import take_step
from anlan.hazards.flow import HAZARD
from anlan.kernel.actor import Actor
from anlan.kernel.commands import Command, Done, command
from anlan.kernel.errors import Invalid
from anlan.kernel.inputs import Input


class HazardStep(Input):
    step: Annotated[str, Field(min_length=1, max_length=30)]
    data: dict[str, Any] = {}


@command("hazard.step", HazardStep)
def hazard_step(actor: Actor, asked: Command, data: HazardStep) -> Done:
    """Its photos come by hash beside the data; where the data names its own fields wrongly, the reason stands at `data.…`."""
    given = data.data | ({"photos": [str(one) for one in asked.files]} if asked.files else {})
    try:
        hazard = take_step(actor=actor, hazard=asked.subject, step=data.step, data=given, version=asked.base_version)
    except Invalid as invalid:
        invalid.fields = {f"data.{name}" if name else "data": words for name, words in invalid.fields.items()}
        raise
    return Done(
        version=hazard.version,
        record={
            "id": hazard.pk,
            "number": hazard.number,
            "state": hazard.state,
            "state_label": HAZARD.state(hazard.state).label,
            "due_at": hazard.due_at,
        },
    )
