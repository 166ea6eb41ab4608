"""The items' numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check
from anlan.plans.models import PlanItem


class EvidenceShown(Check):
    """Where the plan asks for something to be shown, a report without a file is none."""

    message = _("The plan asks for something to be shown. Add it to the report.")

    def holds(self, record: PlanItem, actor: Actor, data: Any) -> bool:
        return data is None or not record.evidence or bool(data.files)


class UnitKnown(Check):
    """Nobody signs for an item whose unit has no post here."""

    message = _("The responsible unit is not matched with one that the platform knows.")

    def holds(self, record: PlanItem, actor: Actor, data: Any) -> bool:
        return record.unit is not None and record.unit.active
