"""A campaign's plan: actions, their tasks, their works, and the sub-plans that units make of them year by year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

POSTED = (
    "(SELECT current_setting('anlan.enterprises', true) = '{}' AND (coalesce(current_setting('anlan.unit', true), '') <> ''"
    " OR coalesce(nullif(current_setting('anlan.industries', true), '')::bigint, 0) <> 0))"
)
"""Holds a post of a body of the city: enterprises and citizens do not."""
REGIONS = "(SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange)"
_SIZES = " ".join(f"WHEN region % {size} = 0 THEN {size}" for size in (10**10, 10**8, 10**6, 10**3))
BELOW = f"(NOT isempty({REGIONS}) AND int8range(region, region + CASE {_SIZES} ELSE 1 END) @> {REGIONS})"
"""The whole of the reader's territory lies in the plan's: a neighbour's plan is the neighbour's."""
PUBLISHED = f"published_at IS NOT NULL AND {POSTED} AND {BELOW}"


class Charged(models.Model):
    """
    What a line of the plan says, whatever its level: who must do what, how, how much of it, and by when.

    A unit stands by its `name` until it is matched with one that the platform knows. `target` counts in `target_unit`; `target_text`
    is the document or the event that the line asks for where it asks for no number.
    """

    MEASURES = [
        ("number", _("a number")),
        ("date", _("by a day")),
        ("document", _("a document")),
        ("none", _("none")),
    ]
    code = models.CharField(max_length=40)
    order = models.CharField(max_length=60, help_text=_("The code with its numbers padded, so that it sorts."))
    name = models.CharField(max_length=300)
    unit = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=120, default="", blank=True)
    partners = models.CharField(max_length=400, default="", blank=True)
    method = models.TextField(default="", blank=True)
    requirement = models.TextField(default="", blank=True)
    measure = models.CharField(max_length=8, choices=MEASURES, default="none")
    target = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    target_unit = models.CharField(max_length=20, default="", blank=True)
    target_text = models.CharField(max_length=300, default="", blank=True)
    starts_on = models.DateField(null=True)
    due = models.DateField(null=True)
    evidence = models.CharField(max_length=300, default="", blank=True)
    key = models.BooleanField(default=False)

    class Meta:
        abstract = True


@scoped(region="region", extra=PUBLISHED)
class Plan(models.Model):
    """The one tree of a campaign. Before it is published, only those of its own territory read it; then every post below does."""

    id = models.UUIDField(primary_key=True, default=new_id)
    campaign = models.OneToOneField("campaigns.Campaign", on_delete=models.PROTECT, related_name="plan")
    region = models.BigIntegerField()
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


@scoped(through="plans_plan.plan_id")
class PlanNode(Charged):
    """An action, one of its tasks, or one of a task's works: `1`, `1.1`, `1.1.1`."""

    LEVELS = [("action", _("action")), ("task", _("task")), ("work", _("key work"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(max_length=6, choices=LEVELS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="plan_node_code")]
        indexes = [models.Index(fields=["plan", "order"], name="plan_node_order")]


@scoped(through="plans_plan.plan_id")
class SubPlan(models.Model):
    """
    What a district, or a department for its industry system, makes of the plan in one year, as an approved document.

    `region` is the district's, or the campaign's for a system. The city's own items hang in a sub-plan of kind "own".
    """

    KINDS = [("district", _("district")), ("system", _("industry system")), ("own", _("the territory's own"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT, related_name="sub_plans")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=120, default="", blank=True)
    region = models.BigIntegerField()
    year = models.SmallIntegerField()
    document = models.CharField(max_length=120, default="", blank=True)
    approved_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "year", "code"], name="sub_plan_code")]
