"""An enterprise's own checks: daily control, weekly search, monthly review. A missed one is a fact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

CYCLES = [("daily", _("daily control")), ("weekly", _("weekly search")), ("monthly", _("monthly review"))]
"""日管控, 周排查, 月调度."""


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class SelfCheckPlan(models.Model):
    """Which cycle an enterprise keeps since when, who does it, and from which controls and checklists its items come."""

    id = models.UUIDField(primary_key=True, default=new_id)
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="self_check_plans")
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    cycle = models.CharField(max_length=8, choices=CYCLES)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    holder_id = models.UUIDField(null=True)
    holder_name = models.CharField(max_length=60, default="", blank=True)
    on_rest_days = models.BooleanField(
        default=False, help_text=_("Daily control also on days that are no working days.")
    )
    settled_to = models.DateField(null=True, help_text=_("Up to which day missed checks are written down."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "cycle"], condition=models.Q(ends_on=None), name="self_check_plan_one_running"
            )
        ]


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class SelfCheck(models.Model):
    """One period of a cycle: done, done late, or missed. "Nothing found" is a record like any other."""

    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey("inspections.SelfCheckPlan", on_delete=models.PROTECT, related_name="checks")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="self_checks")
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    cycle = models.CharField(max_length=8, choices=CYCLES)
    period = models.DateField(help_text=_("The day, the Monday of the week, or the first of the month."))
    state = models.CharField(max_length=8, help_text=_("done, late or missed"))
    version = models.IntegerField(default=1)
    answers = models.JSONField(
        default=list, help_text=_("[{control | item, words, value, remark, files}] as they were shown.")
    )
    nothing_found = models.BooleanField(default=False)
    words = models.TextField(default="", blank=True, help_text=_("Of a monthly review: its minutes."))
    files = models.JSONField(default=list)
    excuse = models.CharField(max_length=300, default="", blank=True, help_text=_("Why it was missed or late."))
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    client_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "cycle", "period"], name="self_check_once_a_period")
        ]
        indexes = [models.Index(fields=["region", "cycle", "-period"], name="self_check_region")]


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class SelfCheckMonth(models.Model):
    """
    How an enterprise's checks of a month went in one place, by cycle and (cycle empty) together: counted as checks are written
    (`self_check_months`), so that the list of who is behind does not read a month of every enterprise's days.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    cycle = models.CharField(max_length=8, default="", blank=True)
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    done = models.SmallIntegerField(default=0)
    late = models.SmallIntegerField(default=0)
    missed = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "month", "cycle", "region", "industry_bit"], name="self_check_month_once"
            )
        ]
        indexes = [models.Index(fields=["month", "cycle", "-missed", "enterprise"], name="self_check_month_missed")]
