"""An organ that issues instruments: its word in numbers, its seal and who may use it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region")
class Organ(models.Model):
    """What a body needs to issue instruments. `region` is its territory; addressees lie in it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.OneToOneField("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    name = models.CharField(max_length=120, help_text=_("As it stands in the head and above the date."))
    word = models.CharField(max_length=12, help_text=_("The organ's word in document numbers (机关代字)."))
    seal = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    seal_mm = models.SmallIntegerField(default=42, help_text=_("Width of the seal in millimetres."))
    keepers = models.JSONField(default=list, help_text=_("Ids of the people who may use the seal."))
    review_body = models.CharField(
        max_length=120, default="", blank=True, help_text=_("Where review (复议) is asked for.")
    )
    court = models.CharField(max_length=120, default="", blank=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "word"], name="organ_word_once_a_region"),
            models.CheckConstraint(condition=models.Q(seal_mm__gte=10, seal_mm__lte=60), name="organ_seal_size"),
        ]

    def __str__(self) -> str:
        return self.name
