"""A double random draw (双随机) in two acts: what may be drawn is announced, then the result follows from what nobody knew."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped


@never_changed
@scoped(region="region", industry="industry_bit")
class DrawNotice(models.Model):
    """
    The announcement: `published` holds the parameters, the candidates of both sides with reasons of exclusion, the pairs kept
    apart, and how large the ledger's signed head was then. `digest` is the SHA-256 of its canonical bytes. Its draw has the same id.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=120)
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField(null=True)
    published = models.JSONField()
    digest = models.CharField(max_length=64)
    entry_id = models.UUIDField(help_text=_("Its entry in the ledger: the head that gives the seed holds it."))
    announced_at = models.DateTimeField()
    announcer_id = models.UUIDField(null=True)
    announcer_name = models.CharField(max_length=60, default="")
    remark = models.CharField(max_length=300, default="", blank=True, help_text=_("What it is for."))


@never_changed
@scoped(region="region", industry="industry_bit")
class Draw(models.Model):
    """
    `published` holds everything the result follows from: rule version, what was announced, the signed head and the seed made of
    both. `digest` is the SHA-256 of its canonical bytes.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    notice = models.OneToOneField(
        DrawNotice,
        null=True,
        on_delete=models.PROTECT,
        related_name="draw",
        help_text=_("None: held by the first rule."),
    )
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
