"""Writing a return, handing it in, and every step that is taken on it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Return
from anlan.kernel import scope
from anlan.kernel.actor import CLOCK, Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.take import take


def save(*, actor: Actor, record: UUID, data: BaseModel | dict[str, Any], version: int | None = None) -> Return:
    """
    Keep some boxes as they were typed; the others stay. `troubles` of the answer are what is wrong with it now. Two who write
    different boxes do not undo each other; `version` is for those who want to be told that somebody else wrote.
    """
    saved: Return = take(RETURN, record, "save", actor=actor, data=data, version=version)
    return saved


def hand_in(
    *, actor: Actor, record: UUID, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Return:
    """Hand it in; the checks pass or bounce it in the same transaction. A bounced one is not a refusal: it answers with its troubles."""
    take(RETURN, record, "hand_in", actor=actor, data=data, version=version)
    with scope.acting(CLOCK):
        judged: Return = take(RETURN, record, "judge", actor=CLOCK)
    return judged


def take_step(
    *, actor: Actor, record: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Return:
    """Take any step that people take."""
    if RETURN.has(step) and RETURN.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    if step == "hand_in":
        return hand_in(actor=actor, record=record, data=data, version=version)
    taken: Return = take(RETURN, record, step, actor=actor, data=data, version=version)
    return taken
