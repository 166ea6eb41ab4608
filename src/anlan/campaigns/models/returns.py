"""Monthly returns: one a unit and month, who confirmed which panel, and what was amended after it was locked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.campaigns.models.campaign import CONCERNED
from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


def nothing_written() -> dict[str, dict[str, object]]:
    return {"cells": {}, "rows": {}, "nothing": {}, "reasons": {}}


@scoped(region="region", once=CONCERNED)
class Return(models.Model):
    """
    What a unit hands in for a month. `values` holds every cell as typed, with what it was read as, who typed it, when and by which
    way (see `returns.kept`). `troubles` are those of the last check, `late` and `missing` facts and never blanks.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=10)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="returns")
    template = models.ForeignKey("campaigns.ReturnTemplate", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    filler = models.CharField(max_length=8)
    reviewer = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    territory = models.BigIntegerField(help_text=_("The campaign's own: its office locks and amends."))
    month = models.DateField(help_text=_("Its first day."))
    hand_in_by = models.DateTimeField()
    mend_by = models.DateTimeField(null=True, help_text=_("When what came back must be handed in again."))
    values = models.JSONField(default=nothing_written)
    troubles = models.JSONField(default=list)
    faults = models.JSONField(default=list, help_text=_("Checks that could not be computed on these figures."))
    counted = models.JSONField(
        default=dict, help_text=_("What the platform counted when it was checked last, by cell.")
    )
    filler_person_id = models.UUIDField(null=True, help_text=_("Who handed it in last."))
    reviewer_person_id = models.UUIDField(null=True, help_text=_("Who accepted it."))
    round = models.SmallIntegerField(default=0, help_text=_("How often it was handed in."))
    bounced = models.SmallIntegerField(default=0, help_text=_("How often a check sent it back."))
    sent_back = models.SmallIntegerField(default=0, help_text=_("How often a person sent it back."))
    amended = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=500, default="", blank=True, help_text=_("Why it was sent back last."))
    missing = models.BooleanField(default=False, help_text=_("Due, and never handed in."))
    was_late = models.BooleanField(default=False, help_text=_("It was not handed in when it was due."))
    handed_in_at = models.DateTimeField(null=True, help_text=_("For the first time."))
    accepted_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "unit", "month"], name="return_once_a_month")]
        indexes = [
            models.Index(fields=["campaign", "month", "region", "id"], name="return_month"),
            models.Index(fields=["unit", "-month", "id"], name="return_unit"),
            models.Index(fields=["reviewer", "month", "state"], name="return_reviewer"),
            models.Index(fields=["state", "-month", "id"], name="return_state"),
        ]

    @property
    def number(self) -> str:
        """What it is called: a unit hands in one a month."""
        return f"{self.month:%Y-%m} {self.unit.name}"


@never_changed
@scoped(through="campaigns_return.of_id")
class Confirmation(models.Model):
    """A panel that the reviewer looked at and found right, in one round of handing in; the next round asks anew."""

    id = models.UUIDField(primary_key=True, default=new_id)
    of = models.ForeignKey("campaigns.Return", on_delete=models.PROTECT, related_name="confirmations")
    panel = models.CharField(max_length=40)
    round = models.SmallIntegerField()
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60)
    remark = models.CharField(max_length=300, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "panel", "round"], name="confirmed_once_a_round")]


@never_changed
@scoped(through="campaigns_return.of_id")
class Amendment(models.Model):
    """A correction after the lock. `old` and `new` are as the return keeps a cell; `row` counts from one, 0: no row."""

    id = models.UUIDField(primary_key=True, default=new_id)
    of = models.ForeignKey("campaigns.Return", on_delete=models.PROTECT, related_name="amendments")
    cell = models.CharField(max_length=130)
    row = models.SmallIntegerField(default=0)
    old = models.JSONField(null=True)
    new = models.JSONField()
    reason = models.CharField(max_length=500)
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of", "at"], name="amendment_of")]
