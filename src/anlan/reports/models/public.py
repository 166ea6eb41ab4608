"""
What everybody may read of a report: tables of their own, which hold nothing else.

The database writes them from the report itself (`plaza/keeping.py`), the application may only read them. So a page with a wrong
filter shows too many public reports at worst: a held or private one, its original words, its exact place are not in here.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _

from anlan.kernel.scope import unscoped


@unscoped("what everybody may read of a report, and nothing else")
class PublicReport(models.Model):
    """A report as the plaza shows it; it exists as long as the report is public and not held, and was looked at by a person."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12, default="", blank=True)
    category = models.ForeignKey("reports.Category", null=True, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey("registry.Industry", null=True, on_delete=models.PROTECT, related_name="+")
    county = models.BigIntegerField()
    town = models.BigIntegerField(help_text=_("The township, never the village."))
    words = models.TextField()
    place = models.CharField(max_length=200, default="", blank=True)
    lon = models.DecimalField(max_digits=6, decimal_places=3, null=True, help_text=_("Rounded to about 100 m."))
    lat = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    unit = models.CharField(max_length=120, default="", blank=True)
    answer = models.TextField(default="", blank=True)
    joined = models.IntegerField(default=0)
    reported_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    cover = models.UUIDField(null=True, help_text=_("Its first picture."))
    search = models.TextField(
        default="", blank=True, help_text=_("Number, words and place, folded as it is looked for.")
    )

    class Meta:
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="public_newest"),
            models.Index(fields=["county", "-reported_at", "-id"], name="public_county"),
            models.Index(fields=["category", "-reported_at", "-id"], name="public_category"),
            models.Index(fields=["state", "-reported_at", "-id"], name="public_state"),
            GinIndex(Func(F("search"), function="anlan_bigrams"), name="public_search"),
        ]


@unscoped("pictures that may be shown to everybody, by the digests of their copies without metadata")
class PublicPhoto(models.Model):
    """A picture of a public report. It knows the copies that were made for showing, not the original."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey("reports.PublicReport", on_delete=models.PROTECT, related_name="photos")
    phase = models.CharField(max_length=8)
    display_sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="public_photos")]


@unscoped("that the plaza changed, nothing of what")
class PlazaChange(models.Model):
    """One change, not yet folded into the version. Rows are counted, as their ids do not follow the commits."""

    id = models.BigAutoField(primary_key=True)


@unscoped("a single number")
class PlazaVersion(models.Model):
    """How often the plaza has changed, but for the changes not yet folded: what kept pages are known by."""

    only_one = models.BooleanField(primary_key=True, default=True)
    changes = models.BigIntegerField(default=0)


@unscoped("sums over the whole city by day, with no record among them")
class DayFigure(models.Model):
    """What one day brought. `waits` counts the reports answered that day by the days they had waited."""

    day = models.DateField(primary_key=True)
    users = models.IntegerField(default=0)
    reports = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    verified = models.IntegerField(default=0)
    rewards = models.IntegerField(default=0)
    rewards_fen = models.BigIntegerField(default=0)
    waits = models.JSONField(default=dict)
    counted_at = models.DateTimeField()
