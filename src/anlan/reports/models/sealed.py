"""Who reported: apart from the report, seen by nobody but the reporter, opened only by name, with a reason."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


@scoped(person="person_id", writable="true")
class Seal(models.Model):
    """
    The reporter of a report, or somebody who joined it. Without an account it holds the digest of a claim code instead.

    `digest` binds reporter and report: it stands in the ledger, so that an opened seal can be proved to be the one that was closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60, default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    verified = models.BooleanField(default=False, help_text=_("The real name was checked."))
    employee_of = models.UUIDField(null=True, help_text=_("The enterprise they say they work for."))
    claim = models.CharField(max_length=64, default="", blank=True, help_text=_("Keyed digest of the claim code."))
    first = models.BooleanField(default=True, help_text=_("The first reporter; others joined."))
    place = models.SmallIntegerField(default=0, help_text=_("Order of signatories of a joint report."))
    digest = models.CharField(max_length=64)
    retry = models.CharField(
        max_length=64,
        default="",
        blank=True,
        help_text=_("Keyed digest by which a sender without a name is known again for two days."),
    )
    seen_at = models.DateTimeField(null=True, help_text=_("When they last looked at it."))
    at = models.DateTimeField()
    anonymised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "person_id"], condition=models.Q(person_id__isnull=False), name="seal_once_a_person"
            ),
            models.UniqueConstraint(fields=["claim"], condition=~models.Q(claim=""), name="seal_claim"),
        ]
        indexes = [models.Index(fields=["person_id", "-at"], name="seal_person")]


@never_changed
@scoped(through="reports_report.report_id")
class SealOpening(models.Model):
    """That a seal was opened: by whom, as which post, why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="openings")
    person_id = models.UUIDField()
    name = models.CharField(max_length=60)
    post_label = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
