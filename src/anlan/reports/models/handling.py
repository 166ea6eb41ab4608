"""What hangs on a report: where it was sent and who sent it back, what was found, what was held, what the reporter thought."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


@never_changed
@scoped(through="reports_report.report_id")
class Sending(models.Model):
    """One leg of a report's way: to a unit, or back with the reason. The trail is never shortened."""

    WAYS = [
        ("rule", _("by a rule")),
        ("suggested", _("as suggested")),
        ("hand", _("by hand")),
        ("returned", _("sent back")),
        ("again", _("once more after the review")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="sendings")
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=WAYS)
    rule = models.ForeignKey("reports.Rule", null=True, on_delete=models.PROTECT, related_name="+")
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    by_name = models.CharField(max_length=60, default="")
    by_post = models.CharField(max_length=120, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="report_sendings")]


@never_changed
@scoped(through="reports_report.report_id")
class Check(models.Model):
    """What the unit found on the spot: true or not, who looked, when."""

    RESULTS = [("verified", pgettext_lazy("report", "verified")), ("unfounded", _("unfounded"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="checks")
    result = models.CharField(max_length=10, choices=RESULTS)
    words = models.TextField()
    on = models.DateField()
    by_name = models.CharField(max_length=60)
    by_post = models.CharField(max_length=120, default="")
    at = models.DateTimeField()


@scoped(through="reports_report.report_id")
class Hold(models.Model):
    """Words or a picture that a check put aside for a person. Nothing is deleted: it is released, or kept from the plaza."""

    ENGINES = [("words", _("word list")), ("wechat", _("WeChat content check")), ("person", _("an official"))]
    STATES = [
        ("asked", _("asked outside")),
        ("waiting", _("waiting")),
        ("released", _("released")),
        ("kept", _("kept from the public")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="holds")
    engine = models.CharField(max_length=8, choices=ENGINES)
    what = models.CharField(max_length=8, default="words")
    photo = models.ForeignKey("reports.ReportPhoto", null=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=60, default="", blank=True)
    trace = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    settled_by = models.CharField(max_length=60, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trace"], condition=~models.Q(trace=""), name="hold_trace"),
        ]


@never_changed
@scoped(through="reports_report.report_id")
class Opinion(models.Model):
    """What the reporter said of the answer: satisfied or not, or contests it, once."""

    KINDS = [("rating", _("rating")), ("contest", _("objection"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=8, choices=KINDS)
    satisfied = models.BooleanField(null=True)
    words = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()
