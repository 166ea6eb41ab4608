"""Campaigns, what they ask for each month, and of whom."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped, unscoped

UNIT = "(SELECT nullif(current_setting('anlan.unit', true), '')::uuid)"
FIELDED = "coalesce((SELECT nullif(current_setting('anlan.industries', true), '')::bigint), 0) <> 0"
OVERSEES = (
    "((SELECT current_setting('anlan.desk', true) = 'all' OR current_setting('anlan.audits', true) = 'yes')"
    f" AND {FIELDED})"
)
"""The committee office and the auditor of the territory; other departments have no business with one another's returns."""
CONCERNED = f"({OVERSEES} OR unit_id = {UNIT} OR reviewer_id = {UNIT})"


@unscoped("a campaign is published; it names nobody")
class Campaign(models.Model):
    """The three-year campaign, or a special rectification: of a territory and all below it, from–to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=160)
    region = models.BigIntegerField()
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    basis = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="campaign_code")]

    def runs_through(self, begins: date, ends: date) -> bool:
        """Whether it runs from the first day to the last, both counted."""
        return self.from_day <= begins and (self.to_day is None or self.to_day >= ends)


@never_changed
@unscoped("what is asked of every unit is published")
class ReturnTemplate(models.Model):
    """
    One version of what is asked, with its checks, both as texts of TOML. It holds from a month until the next version does; a
    return keeps the version with which it was opened.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="templates")
    code = models.CharField(max_length=40)
    version = models.IntegerField()
    from_month = models.DateField(help_text=_("First day of the month from which it holds."))
    template = models.TextField()
    checks = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code", "version"], name="return_template_version"),
            models.UniqueConstraint(fields=["campaign", "code", "from_month"], name="return_template_month"),
        ]


@scoped(region="region", once=CONCERNED)
class Participant(models.Model):
    """
    A unit that hands in returns, as what it fills them, and who looks at them first. Without `reviewer` it is the office of the
    campaign's territory.
    """

    FILLERS = [
        ("district", _("district or development zone")),
        ("system", _("department for its industry system")),
        ("unit", _("unit below a district or department")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="participants")
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    filler = models.CharField(max_length=8, choices=FILLERS)
    reviewer = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    from_month = models.DateField()
    to_month = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="participant_once"),
            models.CheckConstraint(condition=~Q(reviewer=models.F("unit")), name="participant_not_own_reviewer"),
        ]
        indexes = [models.Index(fields=["campaign", "region"], name="participant_region")]
