"""The hazard: one identity from finding to closing off."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped
from anlan.registry.models import Placed

SOURCES = [
    ("self", _("Enterprise self-check")),
    ("county", _("County check")),
    ("group", _("Inspection group check")),
    ("expert", _("Expert group patrol")),
    ("citizen", _("Citizen report")),
    ("system", _("Monitoring warning")),
    ("document", _("Document")),
]
GRADES = [("", _("not graded")), ("general", _("general hazard")), ("major", _("major hazard"))]
ENDED = ["closed", "dismissed", "transferred"]
STILL_OPEN = ~Q(state__in=ENDED)
LISTING_LEVELS = [("county", _("county")), ("city", _("city")), ("province", _("province"))]


@scoped(region="region", industry="industry_bit", enterprise="responsible_id")
class Hazard(Placed):
    """One hazard (隐患). `responsible` is set when it is made known to the enterprise that must rectify it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text=_("When what it waits for now is due."))
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0, help_text=_("Highest rung of escalation reached while waiting."))

    region = models.BigIntegerField()
    county = models.BigIntegerField()
    industry = models.ForeignKey("registry.Industry", on_delete=models.PROTECT)
    industry_bit = models.SmallIntegerField()
    enterprise = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("registry.Site", null=True, on_delete=models.PROTECT, related_name="+")
    responsible = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="hazards")
    risk_point = models.ForeignKey("risks.RiskPoint", null=True, on_delete=models.PROTECT, related_name="+")
    chain = models.JSONField(default=list, help_text=_("Who answered for its place and field when it was registered."))
    place = models.CharField(max_length=200)
    place_key = models.CharField(max_length=200, help_text=_("The place as compared: no spaces or punctuation."))

    source = models.CharField(max_length=10, choices=SOURCES)
    source_record = models.CharField(max_length=120, default="", blank=True)
    style = models.CharField(max_length=16, default="", blank=True)
    category = models.CharField(max_length=30)
    description = models.TextField()
    found_at = models.DateTimeField()
    finder = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    finder_name = models.CharField(max_length=60, default="")
    finder_post_id = models.UUIDField(null=True)
    finder_region = models.BigIntegerField(null=True)
    registered_at = models.DateTimeField()

    grade = models.CharField(max_length=8, choices=GRADES, default="", blank=True)
    clause = models.ForeignKey("standards.Clause", null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=300, default="", blank=True)
    graded_by_id = models.UUIDField(null=True)

    regulator_post_id = models.UUIDField(null=True)
    dispatcher_id = models.UUIDField(null=True, help_text=_("The person who dispatched it last."))
    dispatched_at = models.DateTimeField(null=True)
    regulator_name = models.CharField(max_length=120, default="", blank=True)
    required_signers = models.JSONField(default=list)
    round = models.SmallIntegerField(
        default=0, help_text=_("How often it was dispatched; signatures belong to a round.")
    )
    rectify_due = models.DateField(null=True)
    plan = models.JSONField(default=dict)
    asked_due = models.DateField(null=True)
    asked_reason = models.TextField(default="", blank=True)
    asked_at = models.DateTimeField(null=True)

    listing_level = models.CharField(max_length=10, choices=LISTING_LEVELS, default="", blank=True)
    listed_at = models.DateTimeField(null=True)
    listed_by_post_id = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    delisted_at = models.DateTimeField(null=True)
    use_stopped = models.BooleanField(default=False)
    stop_measure = models.CharField(max_length=300, default="", blank=True)

    measure_done = models.TextField(default="", blank=True)
    finished_on = models.DateField(null=True)
    cost_fen = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitter_id = models.UUIDField(null=True)
    rectifier_ids = models.JSONField(default=list)
    rechecker_ids = models.JSONField(default=list)
    rechecked_at = models.DateTimeField(null=True)
    failed_rounds = models.SmallIntegerField(default=0)
    closer_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    looked_back_at = models.DateTimeField(null=True)
    reopened = models.SmallIntegerField(default=0)

    reason = models.TextField(default="", blank=True, help_text=_("Why it was dismissed, refused or transferred."))
    transferred_to = models.CharField(max_length=120, default="", blank=True)
    recurrence = models.SmallIntegerField(default=0)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    survivor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    search = models.CharField(
        max_length=260, default="", blank=True, help_text=_("Its enterprises' names, kept by a trigger.")
    )

    class Meta:
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="hazard_newest"),
            models.Index(fields=["county", "-found_at", "-id"], name="hazard_county_newest"),
            models.Index(fields=["region", "-found_at", "-id"], name="hazard_region_newest"),
            models.Index(fields=["state", "-found_at", "-id"], name="hazard_state_newest"),
            models.Index(fields=["industry_bit", "-found_at", "-id"], name="hazard_industry_newest"),
            models.Index(fields=["responsible", "-found_at"], name="hazard_responsible"),
            models.Index(fields=["enterprise", "place_key"], name="hazard_same_place"),
            models.Index(fields=["county", "state", "-found_at", "-id"], name="hazard_county_state_newest"),
            models.Index(fields=["due_at", "id"], name="hazard_waiting", condition=STILL_OPEN),
            models.Index(fields=["county", "due_at", "id"], name="hazard_county_waiting", condition=STILL_OPEN),
            models.Index(fields=["state", "due_at", "id"], name="hazard_state_waiting", condition=STILL_OPEN),
            models.Index(
                fields=["county", "state", "due_at", "id"], name="hazard_county_state_waiting", condition=STILL_OPEN
            ),
            models.Index(fields=["due_at", "id"], name="hazard_listed", condition=STILL_OPEN & ~Q(listing_level="")),
            models.Index(fields=["due_at", "id"], name="hazard_major", condition=STILL_OPEN & Q(grade="major")),
            GinIndex(
                Func(F("number"), F("place"), F("description"), F("search"), function="anlan_hazard_words"),
                name="hazard_words",
            ),
        ]

    @property
    def open(self) -> bool:
        return self.state not in ENDED

    @property
    def major(self) -> bool:
        return self.grade == "major"

    @property
    def listed(self) -> bool:
        return bool(self.listing_level) and self.delisted_at is None
