"""A case of penalty (案件): from filing over notice and decision to its close; its instruments name it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

OVER = ["closed", "dropped"]


@scoped(region="region", industry="industry_bit")
class Case(models.Model):
    """One matter against one enterprise. Money in fen. The enterprise sees its served instruments, never the file of the case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=14)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)

    organ = models.ForeignKey("enforcement.Organ", null=True, on_delete=models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+")
    issuer = models.BigIntegerField()
    region = models.BigIntegerField()
    county = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    source_type = models.CharField(max_length=30, default="", blank=True)
    source_id = models.UUIDField(null=True)
    source_number = models.CharField(max_length=60, default="", blank=True)
    matter = models.CharField(max_length=300, help_text=_("What the case is about (案由)."))
    handlers = models.JSONField(default=list, help_text=_("Officers: [{name, certificate}]."))
    filed_on = models.DateField()
    decide_by = models.DateField()
    extended = models.CharField(max_length=300, default="", blank=True, help_text=_("Who approved more time, and why."))
    hearing_asked_on = models.DateField(null=True)
    hearing_on = models.DateField(null=True)
    heard = models.TextField(default="", blank=True)
    fine_fen = models.BigIntegerField(null=True)
    decided_on = models.DateField(null=True, help_text=_("The day the decision was served."))
    pay_by = models.DateField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    surcharge_fen = models.BigIntegerField(default=0)
    paid_on = models.DateField(null=True)
    receipt = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    opener_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["county", "-created_at", "-id"], name="case_county"),
            models.Index(fields=["enterprise", "-decided_on"], name="case_enterprise"),
            models.Index(fields=["-created_at", "-id"], name="case_newest"),
        ]
