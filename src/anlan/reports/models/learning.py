"""What the platform learnt from the city's own reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region", writable="true")
class Learnt(models.Model):
    """A trained suggestion of category or unit with what it reached on reports it had not seen. The newest of a target counts."""

    TARGETS = [("category", _("category")), ("unit", _("unit"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    target = models.CharField(max_length=10, choices=TARGETS)
    weights = models.BinaryField()
    labels = models.JSONField()
    trained_on = models.IntegerField(help_text=_("Reports it learnt from."))
    held_out = models.IntegerField(help_text=_("Reports it was measured on."))
    figures = models.JSONField(help_text=_("Share right, share answered and share right of those, by threshold."))
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["target", "region", "-at"], name="learnt_newest")]
