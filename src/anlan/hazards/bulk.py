"""One step for many hazards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anlan.hazards import needs
from anlan.hazards.actions import take_step
from anlan.hazards.models import Hazard
from anlan.hazards.steps.finding import check_due
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.wording import parsed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one hazard of many: dispatched, or why not."""

    number: str
    place: str
    id: UUID
    trouble: str = ""


def dispatch_many(*, actor: Actor, hazards: Sequence[UUID], data: dict[str, Any]) -> list[Outcome]:
    """
    Dispatch each to the enterprise it was found at, with one due date; each in its own savepoint, so that one that cannot
    go holds up no other. Raises Invalid when the date itself is wrong.
    """
    checked = parsed(needs.Dispatch, {"responsible": UUID(int=0), **data})
    check_due(checked.due, field="due")
    outcomes = []
    for row in Hazard.objects.filter(pk__in=hazards).order_by("-found_at", "-id"):
        trouble = ""
        try:
            if row.state == "dispatched" and row.dispatcher_id == actor.person and row.rectify_due == checked.due:
                outcomes.append(Outcome(number=row.number, place=row.place, id=row.pk))  # pressed twice
                continue
            with transaction.atomic():
                responsible = row.responsible_id or row.enterprise_id
                if responsible is None:
                    raise Invalid(_("It names no enterprise yet: dispatch it by itself."))
                take_step(actor=actor, hazard=row.pk, step="dispatch", data={**data, "responsible": responsible})
        except Problem as problem:
            reasons = [str(reason) for messages in problem.fields.values() for reason in messages]
            trouble = " ".join(reasons) or problem.detail
        outcomes.append(Outcome(number=row.number, place=row.place, id=row.pk, trouble=trouble))
    return outcomes
