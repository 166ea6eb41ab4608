"""A double random draw (双随机) whose result anyone can compute again from what is published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


@never_changed
@scoped(region="region", industry="industry_bit")
class Draw(models.Model):
    """
    `published` holds everything the result follows from: rule version, seed and where it came from, the candidates of both
    sides with reasons of exclusion, and the parameters. `digest` is the SHA-256 of its canonical bytes.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=120)
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField(null=True)
    seed = models.CharField(max_length=64)
    published = models.JSONField()
    result = models.JSONField()
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawer_id = models.UUIDField(null=True)
    drawer_name = models.CharField(max_length=60, default="")
    remark = models.CharField(max_length=300, default="", blank=True, help_text=_("What it is for."))

    class Meta:
        indexes = [models.Index(fields=["-drawn_at", "-id"], name="draw_newest")]
