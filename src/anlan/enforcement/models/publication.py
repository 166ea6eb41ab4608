"""What everybody may read of an instrument that is meant for all, and nothing else."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import unscoped


@unscoped("what everybody may read of an instrument, and nothing else")
class Publication(models.Model):
    """
    Public words of a served instrument. It names no record: the instrument points here, nothing points back.

    `code` is its address: drawn by lot, so that nobody counts on from one to the next.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    organ = models.CharField(max_length=120)
    addressee = models.CharField(max_length=120)
    region = models.BigIntegerField(help_text=_("County of the addressee."))
    words = models.TextField()
    issued_on = models.DateField()
    published_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)
    retracted_why = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(retracted_at=None), name="publication_newest")
        ]
