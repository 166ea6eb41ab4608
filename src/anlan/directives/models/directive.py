"""Documents from above and what the reader proposes of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

HAS_A_TASK_SEEN = "EXISTS (SELECT 1 FROM directives_directivetask t WHERE t.directive_id = directives_directive.id)"
"""Whoever is given a task may read the document that gives it."""


@scoped(region="region", extra=HAS_A_TASK_SEEN)
class Directive(models.Model):
    """
    One incoming document. `text` is what was read, as it came; `normalised` is what offsets of proposals count in.

    `number` is ours, `reference` the issuer's. `limit` is the day by which all of it is due, when it names one.
    """

    KINDS = [("text", _("text")), ("docx", "docx"), ("pdf", "PDF"), ("picture", _("picture"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    reference = models.CharField(max_length=60, default="", blank=True)
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=120, default="", blank=True)
    addressees = models.JSONField(default=list)
    dated = models.DateField(null=True)
    received_on = models.DateField()
    limit = models.DateField(null=True)
    region = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=KINDS, default="text")
    file = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, help_text=_("Of the text as it came: the same document is taken in once."))
    text = models.TextField()
    normalised = models.TextField()
    changes = models.JSONField(default=list, help_text=_("What the reader took out or put right."))
    registered_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "sha256"], name="directive_once_a_region")]
        indexes = [
            models.Index(fields=["region", "-created_at", "-id"], name="directive_newest"),
            models.Index(fields=["limit"], name="directive_limit", condition=models.Q(limit__isnull=False)),
        ]


@scoped(region="region")
class Proposal(models.Model):
    """
    One task as the reader found it, until a person accepts, mends or refuses it. `fields` is what `reading.shown.task` gives.

    It lies where the document does: those who are given tasks do not see what was only proposed.
    """

    RULINGS = [
        ("", _("not decided on yet")),
        ("accepted", _("taken as proposed")),
        ("mended", _("taken with changes")),
        ("refused", _("not taken")),
        ("added", _("added by hand")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    directive = models.ForeignKey("directives.Directive", on_delete=models.CASCADE, related_name="proposals")
    region = models.BigIntegerField()
    position = models.SmallIntegerField()
    start = models.IntegerField()
    end = models.IntegerField()
    fields = models.JSONField()
    confidence_permille = models.SmallIntegerField()
    ruling = models.CharField(max_length=10, choices=RULINGS, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    ruled_by = models.UUIDField(null=True)
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["directive", "position"], name="proposal_place")]
        indexes = [models.Index(fields=["region", "directive"], name="proposal_open", condition=models.Q(ruling=""))]
