"""What can be reported, and who receives it: data of the city."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped, unscoped


@unscoped("the kinds of report are public")
class Category(models.Model):
    """A kind of report as citizens choose it. Days are working days; `hazard_category` is what a verified one is registered as."""

    code = models.CharField(primary_key=True, max_length=30)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=60)
    hint_zh = models.CharField(max_length=200, default="", blank=True)
    hint_en = models.CharField(max_length=200, default="", blank=True)
    icon = models.CharField(max_length=40, default="alert-triangle")
    industry = models.ForeignKey("registry.Industry", null=True, on_delete=models.PROTECT, related_name="+")
    hazard_category = models.CharField(max_length=30, default="", blank=True)
    verify_days = models.SmallIntegerField(default=5)
    handle_days = models.SmallIntegerField(default=15)
    place = models.SmallIntegerField(default=0)
    evidence = models.CharField(max_length=4, default="K")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["place", "code"]


@scoped(region="region")
class Rule(models.Model):
    """
    One line of the routing table: category × territory × industry → unit. The first active one that fits wins, lowest
    `place` first; null in a condition means any.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField(help_text=_("The territory it holds for, with all below it."))
    category = models.ForeignKey("reports.Category", null=True, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey("registry.Industry", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField(default=100)
    remark = models.CharField(max_length=200, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "id"], name="report_rule_order", condition=models.Q(active=True))]
