"""
Counts that do not grow with the table: each change adds a small delta, a job folds deltas into sums.

Rows are kept twice, by the hazard's own region and by its county, so that a city's board reads one row a county.
"""

from django.db import models

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


class Counted(models.Model):
    region = models.BigIntegerField()
    by_county = models.BooleanField()
    industry_bit = models.SmallIntegerField()
    source = models.CharField(max_length=10)
    grade = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    late = models.BooleanField()
    count = models.IntegerField()

    class Meta:
        abstract = True


@scoped(region="region", industry="industry_bit", writable="true")
class Tally(Counted):
    """Folded sums."""

    id = models.UUIDField(primary_key=True, default=new_id)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by_county", "region", "industry_bit", "source", "grade", "state", "late"], name="tally_once"
            )
        ]


@scoped(region="region", industry="industry_bit", writable="true")
class TallyDelta(Counted):
    """Changes not yet folded; written by the hazard table's trigger."""

    id = models.BigAutoField(primary_key=True)


@scoped(region="region", industry="industry_bit", writable="true")
class MonthTally(models.Model):
    """Found and closed a month, for the trend; folded with the rest."""

    id = models.UUIDField(primary_key=True, default=new_id)
    month = models.DateField()
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    found = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "region", "industry_bit"], name="month_tally_once")]


@scoped(region="region", industry="industry_bit", writable="true")
class MonthDelta(models.Model):
    """Changes of the trend not yet folded."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    found = models.SmallIntegerField(default=0)
    closed = models.SmallIntegerField(default=0)
