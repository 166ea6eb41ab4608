"""Every step that people take on an item."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.take import take
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import PlanItem


def take_step(
    *, actor: Actor, item: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> PlanItem:
    if PLAN_ITEM.has(step) and not PLAN_ITEM.step(step).by_people:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    found: PlanItem = take(PLAN_ITEM, item, step, actor=actor, data=data, version=version)
    return found
