"""
What the four-colour map is read from: counts by cell that do not grow with the points, and what tells that they changed.

Each change of a point adds a small delta, a duty folds deltas into cells (`cells.py`). Rows are kept by township and field,
so that they carry the same scope as the points they count.
"""

from django.db import models

from anlan.kernel.scope import scoped, unscoped


class Counts(models.Model):
    """Points of each colour; `late_…` are those among them whose re-assessment is overdue. `grey` is not yet assessed."""

    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    cell = models.BigIntegerField()
    red = models.IntegerField(default=0)
    orange = models.IntegerField(default=0)
    yellow = models.IntegerField(default=0)
    blue = models.IntegerField(default=0)
    grey = models.IntegerField(default=0)
    late_red = models.IntegerField(default=0)
    late_orange = models.IntegerField(default=0)
    late_yellow = models.IntegerField(default=0)
    late_blue = models.IntegerField(default=0)
    late_grey = models.IntegerField(default=0)
    lon_sum = models.BigIntegerField(default=0)
    lat_sum = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


@scoped(region="region", industry="industry_bit", writable="true")
class MapCell(Counts):
    """Folded counts of one zoom level; level 0 has one cell for everything, points without a position included."""

    pk = models.CompositePrimaryKey("level", "cell", "region", "industry_bit")
    level = models.SmallIntegerField()


@scoped(region="region", industry="industry_bit", writable="true")
class MapDelta(Counts):
    """Changes not yet folded, by the finest cell (-1: without a position); written by the trigger of the points."""

    id = models.BigAutoField(primary_key=True)

    class Meta:
        indexes = [models.Index(fields=["cell"], name="map_delta_cell")]


@scoped(region="region", writable="true")
class MapVersion(models.Model):
    """How often anything a tile shows has changed, by block (a tile of zoom 10) and township: what ETags are made of."""

    pk = models.CompositePrimaryKey("block", "region")
    block = models.IntegerField()
    region = models.BigIntegerField()
    changes = models.BigIntegerField(default=0)


@scoped(region="region", writable="true")
class MapChange(models.Model):
    """One change, not yet folded into its block's version. Rows are counted, as their ids do not follow the commits."""

    id = models.BigAutoField(primary_key=True)
    block = models.IntegerField()
    region = models.BigIntegerField()


@unscoped("a single day")
class MapDay(models.Model):
    """The day up to which overdue re-assessments are counted: time alone makes a point overdue, and no row changes then."""

    only_one = models.BooleanField(primary_key=True, default=True)
    day = models.DateField()
