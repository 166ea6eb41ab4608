"""Experts, their groups and availability; officers' certificates; whom somebody must not check."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region", person="person_id")
class Expert(models.Model):
    """Somebody of the expert pool. `industries` is a mask of supervision fields, `specialties` kinds of facility and process."""

    LEVELS = [
        ("province", _("provincial expert")),
        ("city", _("city expert")),
        ("county", _("county expert")),
        ("retired", _("retired technician")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField(null=True, help_text=_("The account, when there is one."))
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=LEVELS)
    region = models.BigIntegerField(help_text=_("The territory whose office keeps this entry."))
    industries = models.BigIntegerField(default=-1)
    specialties = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    title = models.CharField(max_length=60, default="", blank=True, help_text=_("Professional title."))
    employer = models.CharField(max_length=120, default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    remark = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "level", "name"], name="expert_region")]

    def __str__(self) -> str:
        return self.name


@scoped(region="region")
class ExpertGroup(models.Model):
    """Experts who go out together."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    region = models.BigIntegerField()
    industries = models.BigIntegerField(default=-1)
    leader = models.ForeignKey("experts.Expert", null=True, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField("experts.Expert", through="experts.GroupMember", related_name="groups")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="expert_group_once_a_region")]


@scoped(through="experts_expertgroup.group_id")
class GroupMember(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    group = models.ForeignKey("experts.ExpertGroup", on_delete=models.PROTECT)
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "expert"], name="group_member_once")]


@scoped(through="experts_expert.expert_id")
class Absence(models.Model):
    """Days on which an expert cannot come."""

    id = models.UUIDField(primary_key=True, default=new_id)
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=200, default="", blank=True)


@scoped(region="region", person="person_id")
class Certificate(models.Model):
    """An officer's enforcement certificate (行政执法证). Inspections need two officers whose certificates hold on the day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    number = models.CharField(max_length=40)
    issuer = models.CharField(max_length=120, default="", blank=True)
    region = models.BigIntegerField()
    industries = models.BigIntegerField(default=-1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="certificate_number")]
        indexes = [models.Index(fields=["person_id"], name="certificate_person")]


@scoped(region="region", person="person_id")
class Avoidance(models.Model):
    """Why somebody must not check an enterprise (回避): kin, former employment, holdings, or the person's own declaration."""

    KINDS = [
        ("kin", _("kin in office there")),
        ("employed", _("was employed there")),
        ("holding", _("holds a share")),
        ("declared", _("declared by the person")),
        ("other", _("other")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    reason = models.CharField(max_length=200, default="", blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "enterprise"], name="avoidance_pair")]
