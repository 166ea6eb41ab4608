"""What hangs on an instrument: every version of its words, every attempt to serve it, every answer. All only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.enforcement.models.instrument import INSIDE, Instrument
from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped

SEEN_TEXT = (
    "EXISTS (SELECT 1 FROM enforcement_instrument WHERE enforcement_instrument.id = enforcement_text.instrument_id"
    f" AND (text_version = enforcement_text.version OR ({INSIDE})))"
)
"""The issuing side sees every version; whoever else sees the instrument the one that was served."""


@never_changed
@scoped(extra=SEEN_TEXT, writable="true")
class Text(models.Model):
    """One version of an instrument's words: the canonical bytes (`anlan_verify.canonical`) and their SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id)
    instrument = models.ForeignKey("enforcement.Instrument", on_delete=models.PROTECT, related_name="texts")
    version = models.SmallIntegerField()
    body = models.TextField(help_text=_("Canonical JSON, exactly as it was hashed."))
    digest = models.CharField(max_length=64)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument", "version"], name="text_version_once")]


@never_changed
@scoped(through="enforcement_instrument.instrument_id")
class Service(models.Model):
    """One attempt to serve: how, when, to whom, with which proof, and how it ended."""

    OUTCOMES = [("received", _("received")), ("refused", _("refused")), ("failed", _("not reached"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    instrument = models.ForeignKey("enforcement.Instrument", on_delete=models.PROTECT, related_name="services")
    way = models.CharField(max_length=12, choices=Instrument.WAYS)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    on = models.DateField()
    place = models.CharField(max_length=200, default="", blank=True)
    receiver = models.CharField(max_length=60, default="", blank=True)
    receiver_title = models.CharField(max_length=60, default="", blank=True)
    post_number = models.CharField(max_length=60, default="", blank=True)
    witnesses = models.CharField(max_length=200, default="", blank=True)
    drawing = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=list, help_text=_("Ids of photos and documents that prove it."))
    remark = models.CharField(max_length=500, default="", blank=True)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()


@never_changed
@scoped(through="enforcement_instrument.instrument_id")
class Answer(models.Model):
    """What the addressee said: an answer, a statement in defence, a wish for a hearing, or that it waives its days."""

    id = models.UUIDField(primary_key=True, default=new_id)
    instrument = models.ForeignKey("enforcement.Instrument", on_delete=models.PROTECT, related_name="answers")
    words = models.TextField(default="", blank=True)
    waives = models.BooleanField(default=False)
    hearing = models.BooleanField(default=False)
    files = models.JSONField(default=list)
    on_paper = models.BooleanField(default=False, help_text=_("An official entered what came in on paper."))
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
