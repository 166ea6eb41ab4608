"""An operator's own Word template of a kind, for a territory and what lies below it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region")
class Template(models.Model):
    """One loaded template; a newer one takes its place, what was issued keeps the document that was made then."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=30)
    region = models.BigIntegerField()
    name = models.CharField(max_length=120, help_text=_("Of the file as it was loaded."))
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    used = models.JSONField(default=list, help_text=_("Codes of the fields it has places for."))
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region"], condition=models.Q(removed_at=None), name="template_once_a_kind_and_region"
            )
        ]
