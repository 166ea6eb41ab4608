"""One unit's assessment of a year: its life, its scores, the cases held for or against it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped

UNIT = "(SELECT nullif(current_setting('anlan.unit', true), '')::uuid)"
FIELDED = "coalesce((SELECT nullif(current_setting('anlan.industries', true), '')::bigint), 0) <> 0"
OVERSEES = (
    "((SELECT current_setting('anlan.desk', true) = 'all' OR current_setting('anlan.audits', true) = 'yes')"
    f" AND {FIELDED})"
)
CONCERNED = f"({OVERSEES} OR unit_id = {UNIT})"
"""The committee office and the auditor of the territory, and the unit itself: others read what is published, and no more."""


@scoped(region="region", once=CONCERNED)
class Assessment(models.Model):
    """
    What became of one unit in one round. `inputs` are frozen when it is checked, `digest` is theirs and the card's; `lines` say how
    `total` came about, and `total` is their sum (see `scoring.computing`). After publication nothing of it changes.

    `region` is that of the unit, `territory` that of the office which assesses.
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

    round = models.ForeignKey("assessments.Round", on_delete=models.PROTECT, related_name="assessments")
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=120)
    region = models.BigIntegerField()
    territory = models.BigIntegerField()
    year = models.SmallIntegerField()
    self_by = models.DateField()
    counts_until = models.DateField()
    self_person_id = models.UUIDField(null=True, help_text=_("Who handed the self-score in."))
    self_words = models.TextField(default="", blank=True)
    unscored = models.BooleanField(default=False, help_text=_("The unit did not score itself in time."))
    unit_ids = models.JSONField(default=list, help_text=_("People who acted for the unit, in whatever post."))
    checker_ids = models.JSONField(default=list, help_text=_("People who gave check-scores."))
    checked_at = models.DateTimeField(null=True)
    appeal_by = models.DateField(null=True)
    agreed_at = models.DateTimeField(null=True, help_text=_("When the unit said that it has no objection."))
    appealed_at = models.DateTimeField(null=True)
    appeal = models.TextField(default="", blank=True)
    appeal_items = models.JSONField(default=list)
    decider_id = models.UUIDField(null=True)
    decision = models.TextField(default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True, help_text=_("Why it was sent back or left out."))
    self_total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    inputs = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, default="", blank=True)
    lines = models.JSONField(default=list)
    check_total = models.DecimalField(max_digits=6, decimal_places=2, null=True, help_text=_("Before any appeal."))
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    grade = models.CharField(max_length=40, default="", blank=True)
    rank = models.SmallIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="assessed_once_a_round")]
        indexes = [
            models.Index(fields=["round", "region", "id"], name="assessment_round"),
            models.Index(fields=["unit", "-year", "id"], name="assessment_unit"),
            models.Index(fields=["state", "region"], name="assessment_state"),
        ]


@scoped(through="assessments_assessment.assessment_id")
class ItemScore(models.Model):
    """One item as the unit sees it and as the office checked it. A computed item has words and files but no points of anybody's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="scores")
    item = models.CharField(max_length=40)
    self_points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    self_words = models.TextField(default="", blank=True)
    self_files = models.JSONField(default=list)
    self_name = models.CharField(max_length=60, default="", blank=True)
    check_points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    check_words = models.TextField(default="", blank=True, help_text=_("Needed where it differs from the self-score."))
    check_files = models.JSONField(default=list)
    check_name = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="item_scored_once")]


@never_changed
@scoped(through="assessments_assessment.assessment_id")
class CheckNote(models.Model):
    """
    What a step of the check said. The ledger is read by whoever may see the record, the unit among them, so it keeps the digest of
    this row instead, which nobody guesses without the row's id; the words are read once the unit is notified.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="check_notes")
    version = models.IntegerField(help_text=_("Of the assessment, after the step."))
    data = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "version"], name="check_note_once")]


@scoped(through="assessments_assessment.assessment_id")
class Case(models.Model):
    """
    One case of a deduction, a bonus or a veto, with its evidence; `code` is that of the card. One that was wrong is struck out with
    a reason, never removed.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="cases")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    words = models.TextField()
    document = models.CharField(max_length=120, default="", blank=True, help_text=_("Number of the document."))
    on = models.DateField(null=True, help_text=_("When it happened."))
    files = models.JSONField(default=list)
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_name = models.CharField(max_length=60, default="", blank=True)
    struck_reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["assessment", "at"], name="case_of")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["deduct", "bonus", "veto"]), name="case_kind"),
        ]
