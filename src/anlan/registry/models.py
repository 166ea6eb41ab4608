"""Who and where: supervision fields, enterprises, their sites."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped, unscoped


@unscoped("the supervision fields are public")
class Industry(models.Model):
    """A supervision field; its bit places rows in the scope mask and is never reused."""

    code = models.CharField(primary_key=True, max_length=30)
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=80)
    bit = models.SmallIntegerField(unique=True)
    department = models.CharField(max_length=80, default="")
    criteria = models.JSONField(default=list)
    evidence = models.CharField(max_length=4, default="K")
    active = models.BooleanField(default=True)


class Placed(models.Model):
    """A point on the ground: WGS 84 as used, the original pair and its system as given."""

    SYSTEMS = [("wgs84", "WGS 84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")]
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    original_lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    original_lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    original_system = models.CharField(max_length=8, choices=SYSTEMS, default="wgs84")

    class Meta:
        abstract = True


@scoped(region="region", industry="industry_bit", enterprise="id")
class Enterprise(Placed):
    """A production or business unit (生产经营单位) with its unified social credit code."""

    STATUSES = [("active", _("in operation")), ("suspended", _("suspended")), ("closed", _("closed"))]
    GRADES = [("", _("not graded")), ("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")]
    id = models.UUIDField(primary_key=True, default=new_id)
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=120)
    region = models.BigIntegerField()
    industry = models.ForeignKey("registry.Industry", on_delete=models.PROTECT, db_index=False)
    industry_bit = models.SmallIntegerField()
    address = models.CharField(max_length=200, default="", blank=True)
    principal_name = models.CharField(max_length=60, default="", blank=True)
    principal_phone = models.CharField(max_length=20, default="", blank=True)
    safety_manager_name = models.CharField(max_length=60, default="", blank=True)
    safety_manager_phone = models.CharField(max_length=20, default="", blank=True)
    employees = models.IntegerField(null=True, blank=True)
    scale = models.CharField(max_length=20, default="", blank=True)
    grade = models.CharField(max_length=1, choices=GRADES, default="", blank=True)
    facilities = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        help_text=_("Kinds of equipment, processes and places."),
    )
    status = models.CharField(max_length=10, choices=STATUSES, default="active")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        # Not `unique=True` on the field: Django would add a second index for LIKE, which the beginning of a code does not need.
        constraints = [models.UniqueConstraint(fields=["uscc"], name="enterprise_uscc")]
        indexes = [
            models.Index(fields=["region", "name"], name="enterprise_region_name"),
            models.Index(fields=["name", "id"], name="enterprise_name"),
            GinIndex(Func(F("name"), function="anlan_pairs"), name="enterprise_pairs"),
        ]

    def __str__(self) -> str:
        return self.name


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class Site(Placed):
    """A place of an enterprise: works, shop, pit, building."""

    id = models.UUIDField(primary_key=True, default=new_id)
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, default="", blank=True)
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="site_once_an_enterprise")]

    def __str__(self) -> str:
        return self.name


@scoped(person="person_id")
class Import(models.Model):
    """A workbook that somebody sent: what was found wrong with it, or what it brought."""

    STATES = [
        ("checking", _("being checked")),
        ("refused", _("cannot be read")),
        ("faulty", _("has faults")),
        ("ready", _("ready to load")),
        ("loading", _("being loaded")),
        ("loaded", _("loaded")),
        ("failed", _("failed")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16, help_text=_("One of `registry.kinds`."))
    state = models.CharField(max_length=10, choices=STATES, default="checking")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    done = models.IntegerField(default=0, help_text=_("Rows read in the present run."))
    total = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    report = models.JSONField(null=True)
    trouble = models.CharField(max_length=500, default="", blank=True)
    person_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    region = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person_id", "-created_at"], name="import_person")]


@scoped(person="person_id")
class Export(models.Model):
    """A long list on its way into a workbook, with the filters it was asked for."""

    STATES = [("waiting", _("waiting")), ("running", _("being written")), ("done", _("ready")), ("failed", _("failed"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    filters = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    person_id = models.UUIDField()
    post_id = models.UUIDField()
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
