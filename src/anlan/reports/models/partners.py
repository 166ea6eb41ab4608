"""Programs of others that hand in reports by Open311."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import unscoped


@unscoped("holds only hashes of keys, looked up before a scope exists")
class Partner(models.Model):
    """A program that may hand in reports, by its key; the key itself is shown once and never stored."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    hourly = models.IntegerField(default=300, help_text=_("Reports it may hand in within an hour."))
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


@unscoped("which program handed in which report, by random ids; nothing of the report and nobody's name")
class PartnerReport(models.Model):
    """That a partner handed in a report: by which it is known again when it is sent twice, and shown to that partner."""

    report_id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey("reports.Partner", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, help_text=_("Digest of the key that the partner gave this request."))
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "key"], name="partner_report_once")]
        indexes = [models.Index(fields=["partner", "-at"], name="partner_recent")]
