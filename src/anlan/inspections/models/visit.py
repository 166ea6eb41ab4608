"""A visit: from plan to filed record."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

KINDS = [
    ("administrative", _("administrative inspection")),
    ("supervision", _("supervision of duties")),
    ("expert_help", _("expert help")),
]
"""They differ in law. The fourth kind, an enterprise's self-check, has its own table."""
CHECKS = [("county", _("County check")), ("group", _("Inspection group check")), ("expert", _("Expert group patrol"))]
"""Which of the four checks a visit counts as; the fourth is the self-check."""
STYLES = [
    ("notified", _("notified")),
    ("unannounced", _("unannounced")),
    ("covert", _("covert")),
    ("cross_region", _("cross-region")),
]
REASONS = [
    ("plan", _("plan")),
    ("draw", _("random draw")),
    ("campaign", _("special campaign")),
    ("complaint", _("complaint or report")),
    ("accident", _("accident")),
    ("follow_up", _("follow-up of a rectification")),
    ("request", _("request of the enterprise")),
]
OVER = ["filed", "cancelled"]
COMES_ALONG = (
    "(SELECT nullif(current_setting('anlan.person', true), '')::uuid) = ANY(member_ids)"
    " AND (SELECT coalesce(current_setting('anlan.enterprises', true), '') IN ('', '{}'))"
)
"""
Whoever goes sees the visit, also when their post lies in another region (异地交叉); but not while they act for an
enterprise, which must not learn of an unannounced visit by a second post of the same person.
"""


@scoped(region="region", industry="industry_bit", enterprise="known_to_id", extra=COMES_ALONG)
class Visit(models.Model):
    """
    One visit of one enterprise. `known_to` is the enterprise once it may know: when it was notified, or from arrival.

    Row security lets the enterprise see a visit by `known_to` alone, so an unannounced one is not there for it before.
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

    kind = models.CharField(max_length=16, choices=KINDS)
    check_kind = models.CharField(max_length=8, choices=CHECKS)
    style = models.CharField(max_length=16, choices=STYLES, default="notified")
    reason = models.CharField(max_length=12, choices=REASONS, default="plan")
    reason_words = models.CharField(max_length=300, default="", blank=True)
    basis = models.CharField(
        max_length=300, default="", blank=True, help_text=_("Formal basis; a cross-region visit needs one.")
    )
    cap_exception = models.CharField(
        max_length=300, default="", blank=True, help_text=_("Why it goes beyond the yearly cap of visits.")
    )
    campaign = models.CharField(
        max_length=60, default="", blank=True, help_text=_("The special campaign it belongs to.")
    )

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("registry.Site", null=True, on_delete=models.PROTECT, related_name="+")
    known_to = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="visits")
    region = models.BigIntegerField()
    county = models.BigIntegerField()
    industry = models.ForeignKey("registry.Industry", on_delete=models.PROTECT, related_name="+")
    industry_bit = models.SmallIntegerField()
    organisation = models.ForeignKey(
        "identity.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The body that visits."),
    )
    joined = models.JSONField(
        default=list, help_text=_("Ids of the departments that come along: one visit for several.")
    )
    apart = models.CharField(
        max_length=300, default="", blank=True, help_text=_("Why it was not made one visit with another department's.")
    )
    member_ids = ArrayField(models.UUIDField(), default=list, help_text=_("The people who go, for row security."))
    draw = models.ForeignKey("inspections.Draw", null=True, on_delete=models.PROTECT, related_name="visits")

    planned_on = models.DateField()
    planned_to = models.DateField(null=True)
    planner_id = models.UUIDField(null=True)
    planner_post_id = models.UUIDField(null=True)
    notified_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_lon = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    arrived_lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    arrived_by_code = models.BooleanField(default=False, help_text=_("The code at the gate was scanned."))
    arrived_distance_m = models.IntegerField(null=True, help_text=_("Metres from the registered place."))
    left_at = models.DateTimeField(null=True)
    summary = models.TextField(default="", blank=True)
    met_name = models.CharField(max_length=60, default="", blank=True, help_text=_("Who received the visit."))
    met_title = models.CharField(max_length=60, default="", blank=True)
    met_phone = models.CharField(max_length=20, default="", blank=True)
    recorded_at = models.DateTimeField(null=True)
    round = models.SmallIntegerField(
        default=0, help_text=_("How often the record was closed; signatures count for the round they were given in.")
    )
    record_digest = models.CharField(max_length=64, default="", blank=True)
    signed_at = models.DateTimeField(null=True)
    refused = models.BooleanField(default=False)
    filed_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=300, default="", blank=True)
    findings_count = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["county", "-planned_on", "-id"], name="visit_county"),
            models.Index(fields=["planned_on", "id"], name="visit_open", condition=~Q(state__in=OVER)),
            models.Index(fields=["state", "-planned_on", "-id"], name="visit_state"),
            models.Index(fields=["enterprise", "-planned_on"], name="visit_enterprise"),
            models.Index(fields=["-planned_on", "-id"], name="visit_newest"),
        ]

    @property
    def open(self) -> bool:
        return self.state not in OVER
