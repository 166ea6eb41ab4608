"""Every step that people take on an assessment."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.take import take


def take_step(
    *, actor: Actor, record: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Assessment:
    """Take any step that people take; publication is `publish_round`'s alone."""
    if ASSESSMENT.has(step) and ASSESSMENT.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    taken: Assessment = take(ASSESSMENT, record, step, actor=actor, data=data, version=version)
    return taken
