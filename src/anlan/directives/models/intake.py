"""What came in and is being read: it becomes a document when a person has looked at what the reader found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region")
class Intake(models.Model):
    """
    A text or a file on its way into the register; its id becomes the document's, and then the row is gone.

    `facts` is what the reader found in its head; `trouble` the code of the refusal (`reading.sources.MESSAGES`, or a file's).
    """

    STATES = [
        ("waiting", _("waits for its turn")),
        ("running", _("is being read")),
        ("done", _("was read")),
        ("failed", _("could not be read")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    file = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120, default="", blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True, help_text=_("Of the file's bytes."))
    kind = models.CharField(max_length=8, default="text")
    text = models.TextField(default="", blank=True)
    facts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=60, default="", blank=True)
    trouble_facts = models.JSONField(default=dict)
    person_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "-created_at"], name="intake_newest")]
