"""Score cards, the yearly rounds that use them, and the results as they are announced."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, unscoped


@never_changed
@unscoped("by what every unit is assessed is published")
class ScoreCard(models.Model):
    """One version of a territory's card for a year, as `scoring.card` reads it. A round keeps the version with which it was opened."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    code = models.CharField(max_length=40)
    year = models.SmallIntegerField()
    version = models.SmallIntegerField()
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    definition = models.JSONField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the definition."))
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code", "year", "version"], name="score_card_version")]


@unscoped("a round is announced to all whom it assesses; it holds no result")
class Round(models.Model):
    """One territory's assessment of a year by one card: all its units are published at once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    year = models.SmallIntegerField()
    card = models.ForeignKey("assessments.ScoreCard", on_delete=models.PROTECT, related_name="rounds")
    code = models.CharField(max_length=40, help_text=_("The card's."))
    basis = models.CharField(max_length=200, default="", blank=True, help_text=_("The document that calls for it."))
    counts_until = models.DateField(help_text=_("The last day that counts; nothing is checked before it is over."))
    self_by = models.DateField(help_text=_("Until when the units score themselves."))
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60, default="", blank=True)
    document = models.CharField(max_length=60, default="", blank=True, help_text=_("Number of the announcement."))
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code", "year"], name="round_once_a_year")]
        indexes = [models.Index(fields=["-year", "region", "code"], name="round_newest")]


@never_changed
@unscoped("a result that was published is announced to everybody; how it came about is not here")
class Standing(models.Model):
    """A unit's result as it was announced, with its place among all. Equal points share a place."""

    id = models.UUIDField(primary_key=True, default=new_id)
    round = models.ForeignKey("assessments.Round", on_delete=models.PROTECT, related_name="standings")
    assessment_id = models.UUIDField(unique=True)
    unit_id = models.UUIDField()
    unit_name = models.CharField(max_length=120)
    total = models.DecimalField(max_digits=6, decimal_places=2)
    grade = models.CharField(max_length=40)
    rank = models.SmallIntegerField()
    groups = models.JSONField(help_text=_("Points by group of the card."))
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["round", "rank", "unit_name"], name="standing_rank")]
