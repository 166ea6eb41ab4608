"""What hangs on a visit: who comes, with which checklists, what was answered, found, ordered and signed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


@scoped(through="inspections_visit.visit_id")
class Member(models.Model):
    """Somebody who comes along. An officer's certificate is noted as it was on the day of assignment."""

    ROLES = [("leader", _("leader")), ("officer", _("officer")), ("expert", _("expert")), ("observer", _("observer"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=8, choices=ROLES)
    person_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60)
    organisation_name = models.CharField(max_length=120, default="", blank=True)
    certificate = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "person_id"], name="member_once_a_visit")]
        indexes = [models.Index(fields=["person_id"], name="member_person")]


@scoped(through="inspections_visit.visit_id")
class VisitChecklist(models.Model):
    """The published version a visit uses; it stays this version whatever is published later."""

    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", on_delete=models.PROTECT, related_name="checklists")
    edition = models.ForeignKey("standards.Edition", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "edition"], name="edition_once_a_visit")]


@scoped(through="inspections_visit.visit_id")
class Answer(models.Model):
    """The present answer to one item; the ledger keeps what it was before."""

    VALUES = [
        ("yes", _("conforms")),
        ("no", _("does not conform")),
        ("na", _("not involved")),
        ("unseen", _("not inspected")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey("standards.Item", on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=6, choices=VALUES)
    remark = models.CharField(max_length=500, default="", blank=True)
    files = models.JSONField(default=list, help_text=_("Ids of photos."))
    person_id = models.UUIDField(null=True)
    client_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="answer_once_an_item")]


OF_A_VISIT_SEEN = "EXISTS (SELECT 1 FROM inspections_visit parent WHERE parent.id = visit_id)"


@scoped(region="region", industry="industry_bit", enterprise="known_to_id", extra=OF_A_VISIT_SEEN)
class Finding(models.Model):
    """
    Something found wrong (排查) on a visit or a self-check; at the record it becomes a hazard, whose id it then carries.

    `hazard_id` is no foreign key: this room does not know what lies downstream, only which record answered its event.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", null=True, on_delete=models.PROTECT, related_name="findings")
    self_check = models.ForeignKey(
        "inspections.SelfCheck", null=True, on_delete=models.PROTECT, related_name="findings"
    )
    item = models.ForeignKey("standards.Item", null=True, on_delete=models.PROTECT, related_name="+")
    risk_point = models.ForeignKey("risks.RiskPoint", null=True, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+")
    known_to_id = models.UUIDField(null=True)
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    place = models.CharField(max_length=200)
    category = models.CharField(max_length=30)
    description = models.TextField()
    clause = models.ForeignKey("standards.Clause", null=True, on_delete=models.PROTECT, related_name="+")
    major = models.BooleanField(default=False, help_text=_("The finder proposes it as major, by the clause."))
    files = models.JSONField(default=list)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    found_at = models.DateTimeField()
    finder_id = models.UUIDField(null=True)
    finder_name = models.CharField(max_length=60, default="")
    withdrawn = models.CharField(
        max_length=300, default="", blank=True, help_text=_("Why it was taken back before the record.")
    )
    hazard_id = models.UUIDField(null=True)
    hazard_number = models.CharField(max_length=24, default="", blank=True)
    joined = models.BooleanField(default=False, help_text=_("It joined a hazard that was open already."))

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "-found_at"], name="finding_enterprise"),
            models.Index(fields=["finder_id", "-found_at"], name="finding_finder"),
            models.Index(fields=["hazard_id"], name="finding_hazard"),
        ]


@never_changed
@scoped(through="inspections_visit.visit_id")
class OnSite(models.Model):
    """What was done on the spot: a measure ordered (evacuation, stop of use), or a training given."""

    KINDS = [
        ("evacuate", _("people evacuated")),
        ("stop_use", _("use suspended")),
        ("stop_work", _("business suspended")),
        ("training", _("training on site")),
        ("other", _("other measure")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", on_delete=models.PROTECT, related_name="on_site")
    kind = models.CharField(max_length=10, choices=KINDS)
    finding = models.ForeignKey("inspections.Finding", null=True, on_delete=models.PROTECT, related_name="measures")
    words = models.TextField()
    people = models.IntegerField(null=True, help_text=_("How many were trained or withdrawn."))
    until = models.DateField(null=True)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()


@never_changed
@scoped(through="inspections_visit.visit_id")
class RecordedSheet(models.Model):
    """The bytes that both sides were shown when the record was closed, round by round: what its signatures are bound to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", on_delete=models.PROTECT, related_name="sheets")
    round = models.SmallIntegerField()
    form = models.SmallIntegerField()
    shown = models.TextField(help_text=_("Canonical JSON, exactly as it was hashed."))
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "round"], name="sheet_once_a_round")]


@never_changed
@scoped(through="inspections_visit.visit_id")
class VisitSignature(models.Model):
    """A signature under the record, or a refusal noted by the officers, bound to the digest of what was shown."""

    PARTIES = [
        ("officer", _("officer")),
        ("enterprise", _("enterprise")),
        ("expert", _("expert")),
        ("witness", _("witness")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    visit = models.ForeignKey("inspections.Visit", on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10, choices=PARTIES)
    person_id = models.UUIDField(
        null=True, help_text=_("Who signed with their own account. Null: somebody without one, or on another's device.")
    )
    for_id = models.UUIDField(null=True, help_text=_("The member whose signature it is, whoever's device took it."))
    taken_by_id = models.UUIDField(null=True, help_text=_("The member on whose device another member's was taken."))
    round = models.SmallIntegerField(default=0, help_text=_("The round of the record it was given in."))
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=60, default="", blank=True)
    drawing = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    refused = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, default="", blank=True)
    witnesses = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
