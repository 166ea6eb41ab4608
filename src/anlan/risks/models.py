"""Risk units, risk points, hazard sources, their assessments and what controls them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped, unscoped
from anlan.registry.models import Placed
from anlan.risks.models_map import MapCell, MapChange, MapDay, MapDelta, MapVersion

__all__ = [
    "Assessment", "Control", "HazardSource", "MapCell", "MapChange", "MapDay", "MapDelta", "MapVersion", "RiskPoint", "RiskUnit",
]  # fmt: skip

COLOURS = [("red", _("red")), ("orange", _("orange")), ("yellow", _("yellow")), ("blue", _("blue"))]
"""From worst to mildest: major, considerable, general and low risk."""
METHODS = [("ls", "LS"), ("lec", "LEC"), ("mes", "MES"), ("direct", _("direct determination"))]
TIERS = [
    ("company", _("company")),
    ("department", _("department or workshop")),
    ("team", _("team")),
    ("post", _("post")),
]
CONTROL_KINDS = [
    ("engineering", _("engineering")),
    ("management", _("management")),
    ("training", _("training")),
    ("protection", _("personal protection")),
    ("emergency", _("emergency response")),
]
CYCLES = [
    ("shift", _("each shift")),
    ("daily", _("daily")),
    ("weekly", _("weekly")),
    ("monthly", _("monthly")),
    ("quarterly", _("quarterly")),
    ("yearly", _("yearly")),
]


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class RiskUnit(models.Model):
    """A part of an enterprise (风险单元) that its risk points are grouped by: a workshop, a storage area, a site of works."""

    id = models.UUIDField(primary_key=True, default=new_id)
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="risk_units")
    name = models.CharField(max_length=120)
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="risk_unit_once_an_enterprise")]

    def __str__(self) -> str:
        return self.name


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class RiskPoint(Placed):
    """
    A risk point (风险点). `colour` and `tier` are those of its worst source, kept here by the verbs; "" before the first
    assessment. `morton` interleaves the bits of its web-mercator position (null when it has none): tiles are ranges of it.
    """

    KINDS = [("place", _("facility, position, place or area")), ("activity", _("operation or activity"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="risk_points")
    unit = models.ForeignKey("risks.RiskUnit", null=True, on_delete=models.PROTECT, related_name="points")
    site = models.ForeignKey("registry.Site", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=KINDS, default="place")
    place = models.CharField(max_length=200, default="", blank=True)
    region = models.BigIntegerField()
    county = models.BigIntegerField()
    industry = models.ForeignKey("registry.Industry", on_delete=models.PROTECT)
    industry_bit = models.SmallIntegerField()
    colour = models.CharField(max_length=8, choices=COLOURS, default="", blank=True)
    tier = models.CharField(max_length=12, choices=TIERS, default="", blank=True)
    assessed_on = models.DateField(null=True)
    reassess_by = models.DateField(null=True, help_text=_("The earliest day on which one of its sources is due again."))
    reminded_for = models.DateField(null=True, help_text=_("The due day its enterprise was reminded of last."))
    morton = models.BigIntegerField(null=True)
    emergency_phone = models.CharField(max_length=20, default="", blank=True)
    emergency_measures = models.TextField(default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "name"], condition=Q(active=True), name="risk_point_once_an_enterprise"
            )
        ]
        indexes = [
            models.Index(fields=["county", "id"], name="risk_point_county"),
            models.Index(fields=["industry_bit", "id"], name="risk_point_industry"),
            GinIndex(Func(F("name"), function="anlan_pairs"), name="risk_point_pairs"),
            models.Index(
                fields=["morton"],
                name="risk_point_map",
                condition=models.Q(active=True),
                include=["colour", "industry_bit", "region", "enterprise_id", "reassess_by"],
            ),
            models.Index(fields=["county", "colour", "id"], name="risk_point_county_colour"),
            models.Index(fields=["region", "id"], name="risk_point_region"),
            models.Index(fields=["industry_bit", "colour", "id"], name="risk_point_industry_colour"),
            models.Index(fields=["reassess_by", "id"], name="risk_point_reassess"),
            models.Index(fields=["enterprise", "id"], name="risk_point_enterprise"),
        ]

    def __str__(self) -> str:
        return self.name


@scoped(through="risks_riskpoint.point_id")
class HazardSource(models.Model):
    """What may cause harm at a point (危险源), with the kinds of accident of GB 6441 it may lead to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    point = models.ForeignKey("risks.RiskPoint", on_delete=models.PROTECT, related_name="sources")
    name = models.CharField(max_length=120)
    description = models.TextField(default="", blank=True)
    accidents = ArrayField(models.CharField(max_length=30), default=list)
    colour = models.CharField(max_length=8, choices=COLOURS, default="", blank=True)
    assessed_on = models.DateField(null=True)
    reassess_by = models.DateField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["point", "name"], condition=Q(active=True), name="hazard_source_once_a_point"
            )
        ]


@never_changed
@scoped(through="risks_hazardsource.source_id")
class Assessment(models.Model):
    """One assessment of a source; the latest counts. It keeps the bands it was judged by."""

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.ForeignKey("risks.HazardSource", on_delete=models.PROTECT, related_name="assessments")
    method = models.CharField(max_length=8, choices=METHODS)
    factors = models.JSONField(default=dict, help_text=_("L, S; L, E, C; or M, E, S. Empty when determined directly."))
    score = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    colour = models.CharField(max_length=8, choices=COLOURS)
    bands = models.JSONField(default=list)
    direct_reason = models.CharField(max_length=300, default="", blank=True)
    remark = models.TextField(default="", blank=True)
    assessed_on = models.DateField()
    next_by = models.DateField(null=True)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()


@scoped(through="risks_hazardsource.source_id")
class Control(models.Model):
    """One measure that holds a source, the tier and the person who look after it, and how often they check."""

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.ForeignKey("risks.HazardSource", on_delete=models.PROTECT, related_name="controls")
    kind = models.CharField(max_length=12, choices=CONTROL_KINDS)
    words = models.CharField(max_length=400)
    tier = models.CharField(max_length=12, choices=TIERS)
    holder_id = models.UUIDField(null=True, help_text=_("The person's account, when there is one."))
    holder_name = models.CharField(max_length=60, default="", blank=True)
    cycle = models.CharField(max_length=10, choices=CYCLES, default="monthly")
    active = models.BooleanField(default=True)


@scoped(through="risks_riskpoint.point_id")
class WorkerReport(models.Model):
    """
    What somebody at the point wrote after scanning its notice, with or without a name. It waits until the enterprise has
    made a hazard of it or answered it with a reason; nothing is dropped. `sender` is a keyed digest of the address it came
    from: enough to count, too little to find anybody.
    """

    STATES = [("waiting", _("waiting")), ("hazard", _("registered as a hazard")), ("answered", _("answered"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    point = models.ForeignKey("risks.RiskPoint", on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    words = models.TextField()
    name = models.CharField(max_length=60, default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    photo_id = models.UUIDField(null=True)
    sender = models.CharField(max_length=32)
    at = models.DateTimeField()
    answer = models.TextField(default="", blank=True)
    hazard_id = models.UUIDField(null=True)
    hazard_number = models.CharField(max_length=24, default="", blank=True)
    settled_by = models.CharField(max_length=60, default="", blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["point", "-at"], name="worker_report_point"),
            models.Index(fields=["sender", "-at"], name="worker_report_sender"),
        ]


@unscoped("that somebody tried to report, by a keyed digest of a day's address: nothing of a report or a person")
class ReportTry(models.Model):
    """One try to report, kept or refused, for as long as tries are counted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    point_id = models.UUIDField()
    sender = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["point_id", "-at"], name="report_try_point"),
            models.Index(fields=["sender", "-at"], name="report_try_sender"),
        ]
