"""What hangs on a hazard: evidence, signatures, due dates, recheck rounds. All of it is only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped

SIGNERS = [
    ("principal", _("enterprise principal")),
    ("inspector", _("inspector")),
    ("group_leader", _("inspection group leader")),
    ("county_leader", _("county leader")),
]


@never_changed
@scoped(through="hazards_hazard.hazard_id")
class Photo(models.Model):
    """A file in its role: what was found, what it looks like now, what the recheck saw."""

    PHASES = [("before", _("before")), ("after", _("after")), ("recheck", _("recheck")), ("other", _("other"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    hazard = models.ForeignKey("hazards.Hazard", on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=8, choices=PHASES)
    version = models.IntegerField(help_text=_("The step that brought it."))
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hazard", "file", "phase"], name="photo_once")]


@never_changed
@scoped(through="hazards_hazard.hazard_id")
class Signature(models.Model):
    """One party's signature or refusal in one round, bound to the digest of exactly what was shown."""

    METHODS = [("drawn", _("drawn")), ("factor", _("second factor")), ("stated", _("stated"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    hazard = models.ForeignKey("hazards.Hazard", on_delete=models.PROTECT, related_name="signatures")
    round = models.SmallIntegerField()
    signer = models.CharField(max_length=14, choices=SIGNERS)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    post_id = models.UUIDField()
    post_label = models.CharField(max_length=200)
    method = models.CharField(max_length=8, choices=METHODS, default="drawn")
    drawing = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    shown = models.BinaryField(help_text=_("The canonical bytes of what was shown."))
    digest = models.CharField(max_length=64)
    refused = models.BooleanField(default=False)
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hazard", "round", "signer"], name="signature_once_a_round"),
            models.UniqueConstraint(fields=["hazard", "round", "person_id"], name="signature_one_party"),
        ]


@never_changed
@scoped(through="hazards_hazard.hazard_id")
class DueDate(models.Model):
    """A due date of rectification as it was set or extended, and why. The history is append-only."""

    id = models.UUIDField(primary_key=True, default=new_id)
    hazard = models.ForeignKey("hazards.Hazard", on_delete=models.PROTECT, related_name="due_dates")
    due = models.DateField()
    set_at = models.DateTimeField()
    step = models.CharField(max_length=30)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    reason = models.TextField(default="", blank=True)


@never_changed
@scoped(through="hazards_hazard.hazard_id")
class Recheck(models.Model):
    """One round of recheck: who went, what they saw, passed or not."""

    id = models.UUIDField(primary_key=True, default=new_id)
    hazard = models.ForeignKey("hazards.Hazard", on_delete=models.PROTECT, related_name="rechecks")
    number = models.SmallIntegerField()
    passed = models.BooleanField()
    remark = models.TextField()
    officers = models.JSONField(default=list)
    on_site = models.BooleanField(default=True)
    at = models.DateTimeField()


@scoped(person="person_id", writable="true")
class SavedView(models.Model):
    """A filter somebody keeps: a name and the query string of the list."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "page", "name"], name="view_once_a_name")]


@scoped(person="person_id")
class Export(models.Model):
    """A long list on its way into a workbook: the query string it was asked for, and whose scope it is read in."""

    STATES = [("waiting", _("waiting")), ("running", _("being written")), ("done", _("ready")), ("failed", _("failed"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    query = models.CharField(max_length=2000, default="", blank=True)
    done = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    person_id = models.UUIDField()
    post_id = models.UUIDField()
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
