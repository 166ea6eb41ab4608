"""The weekly digest: a draft that is edited, and what was issued, which nobody changes any more."""

from django.db import models

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


@scoped(region="region")
class DigestDraft(models.Model):
    """One a week and office. `sections` are [{heading, text}], a line of `text` a paragraph; `facts` the rows it was drafted from."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    week = models.DateField(help_text="Its Monday.")
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=60, default="", blank=True)
    sections = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    person_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "week"], name="digest_draft_once_a_week")]


GIVES_A_TASK_SEEN = "EXISTS (SELECT 1 FROM directives_directivetask t WHERE t.issued_region = directives_digest.region)"
"""Whoever was given a task by the office may read what it says of all of them."""


@never_changed
@scoped(region="region", extra=GIVES_A_TASK_SEEN)
class Digest(models.Model):
    """As it was issued, with the bytes of both its forms in the store. A mistake is mended by a new one, never in this."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    week = models.DateField()
    order = models.SmallIntegerField(help_text="Which of the year.")
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=60)
    organ = models.CharField(max_length=120)
    sections = models.JSONField()
    facts = models.JSONField()
    docx_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, default="", blank=True)
    issued_by = models.UUIDField(null=True)
    issued_by_name = models.CharField(max_length=60, default="")
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "reference"], name="digest_reference_once")]
        indexes = [models.Index(fields=["region", "-week", "-issued_at"], name="digest_newest")]
