"""A citizen's report: what was seen and where, never by whom."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped
from anlan.registry.models import Placed

CHANNELS = [
    ("web", _("web page")),
    ("miniprogram", _("mini-program")),
    ("open311", _("Open311")),
    ("desk", _("taken down by an official")),
]
OUTCOMES = [
    ("", _("none yet")),
    ("verified", pgettext_lazy("report", "verified")),
    ("unfounded", _("unfounded")),
    ("duplicate", _("duplicate")),
    ("declined", _("not a matter of work safety")),
]
OVER = ["answered"]
MINE = (
    "EXISTS (SELECT 1 FROM reports_seal s WHERE s.report_id = reports_report.id"
    " AND s.person_id = (SELECT nullif(current_setting('anlan.person', true), '')::uuid))"
)
"""Its reporter sees it through the seal, which alone knows who that is."""
SENT = "unit_id IS NOT NULL OR returns > 0"
"""What was never sent to a unit is the desk's alone, whatever its field."""
AT_THE_DESK = (
    "region <@ (SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange) AND CASE"
    " (SELECT current_setting('anlan.desk', true)) WHEN 'all' THEN true WHEN 'verified' THEN outcome = 'verified'"
    " ELSE false END"
)
"""Who sorts sees its territory's reports of any field and of none; who pays, those that were found true."""
TO_OUR_UNIT = "unit_id = (SELECT nullif(current_setting('anlan.unit', true), '')::uuid)"


@scoped(
    region="region",
    industry="industry_bit",
    once=SENT,
    of_none=False,
    extra=f"({AT_THE_DESK}) OR {TO_OUR_UNIT} OR {MINE}",
    writable="true",
)
class Report(Placed):
    """
    One report. It names no reporter: that is in `Seal`. `words` and `address` stay as they were sent; the plaza shows
    `public_words` and `public_place`, which a person may edit.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)

    channel = models.CharField(max_length=12, choices=CHANNELS, default="web")
    category = models.ForeignKey("reports.Category", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    county = models.BigIntegerField()
    industry = models.ForeignKey("registry.Industry", null=True, on_delete=models.PROTECT, related_name="+")
    industry_bit = models.SmallIntegerField(null=True)
    words = models.TextField()
    address = models.CharField(max_length=200, default="", blank=True)
    accuracy_m = models.IntegerField(null=True, help_text=_("Metres, as the phone measured its position."))
    public_words = models.TextField(default="", blank=True)
    public_place = models.CharField(max_length=200, default="", blank=True)
    public = models.BooleanField(default=True, help_text=_("May stand on the plaza."))
    held = models.BooleanField(default=False, help_text=_("Waits for a person to look before anybody else sees it."))
    urgent = models.CharField(max_length=40, default="", blank=True, help_text=_("The urgent word it holds."))
    enterprise = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="+")
    wished_unit = models.ForeignKey(
        "identity.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The receiving unit the reporter chose."),
    )
    unit = models.ForeignKey(
        "identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+", help_text=_("Who handles it.")
    )
    suggested = models.JSONField(default=dict, help_text=_("Category and unit proposed, with confidence and why."))
    anonymous = models.BooleanField(default=False)
    reported_at = models.DateTimeField()
    client_at = models.DateTimeField(null=True)

    outcome = models.CharField(max_length=12, choices=OUTCOMES, default="", blank=True)
    reason = models.TextField(default="", blank=True, help_text=_("Why unfounded or declined; the reporter reads it."))
    answer = models.TextField(default="", blank=True, help_text=_("What the reporter is told."))
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    joined = models.IntegerField(default=0, help_text=_("How many others reported the same."))
    returns = models.SmallIntegerField(default=0)
    contested = models.SmallIntegerField(default=0)
    reopened = models.SmallIntegerField(default=0)
    satisfied = models.BooleanField(null=True)
    checker_id = models.UUIDField(null=True, help_text=_("Who looked on the spot, declined or merged it."))
    hazard_id = models.UUIDField(null=True)
    hazard_number = models.CharField(max_length=24, default="", blank=True)
    verified_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["county", "-reported_at", "-id"], name="report_county"),
            models.Index(fields=["unit", "-reported_at", "-id"], name="report_unit", condition=~Q(state__in=OVER)),
            models.Index(fields=["state", "-reported_at", "-id"], name="report_state"),
            models.Index(fields=["-reported_at", "-id"], name="report_newest"),
            models.Index(fields=["region", "-reported_at"], name="report_near"),
            models.Index(fields=["answered_at"], name="report_answered", condition=Q(answered_at__isnull=False)),
            models.Index(fields=["hazard_id"], name="report_hazard", condition=Q(hazard_id__isnull=False)),
            GinIndex(Func(F("number"), F("words"), F("address"), function="anlan_report_words"), name="report_words"),
        ]

    @property
    def open(self) -> bool:
        return self.state not in OVER

    @property
    def decided(self) -> bool:
        """Somebody has chosen what the public reads of it."""
        return bool(self.public_place)


@scoped(through="reports_report.report_id")
class ReportPhoto(models.Model):
    """A photo or short video of a report: as reported, as found by the unit, or after. `shown` ones may stand on the plaza."""

    PHASES = [("report", _("as reported")), ("check", _("as found")), ("after", _("afterwards"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="photos")
    file_id = models.UUIDField()
    phase = models.CharField(max_length=8, choices=PHASES, default="report")
    shown = models.BooleanField(default=False)
    likeness = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "file_id"], name="photo_once_a_report")]
