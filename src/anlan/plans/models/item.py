"""What one unit must do this year, and how far it has come."""

from django.db import models

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped
from anlan.plans.models.tree import REGIONS, Charged

PLAN_SEEN = "EXISTS (SELECT 1 FROM plans_plan p WHERE p.id = plan_id)"
"""Nobody below reads the items of a plan that is not published."""


GIVEN_HERE = f"(issued_region <@ {REGIONS} AND {PLAN_SEEN})"
"""The office that gives and verifies it sees it, wherever the unit that does it lies."""


@scoped(region="region", once=PLAN_SEEN, extra=GIVEN_HERE)
class PlanItem(Charged):
    """
    A concrete item of one year under a work, in a sub-plan. Its life is `flow.py`; `due` is the day set, `due_at` when what it waits
    for now is due.

    `region` is that of the unit, `issued_region` that of the office that gives and verifies it. `achieved` counts in `target_unit`;
    `share` is how much of it is done, in permille, as last reported and worked out from `achieved` where there is a number.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)

    plan = models.ForeignKey("plans.Plan", on_delete=models.PROTECT, related_name="items")
    work = models.ForeignKey("plans.PlanNode", on_delete=models.PROTECT, related_name="items")
    sub_plan = models.ForeignKey("plans.SubPlan", on_delete=models.PROTECT, related_name="items")
    year = models.SmallIntegerField()
    region = models.BigIntegerField()
    issued_region = models.BigIntegerField()
    achieved = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    share = models.SmallIntegerField(default=0)
    report = models.TextField(default="", blank=True)
    reported_by = models.UUIDField(null=True)
    finished_on = models.DateField(null=True)
    remark = models.CharField(max_length=500, default="", blank=True)
    returns = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "year", "sub_plan", "code"], name="plan_item_code")]
        indexes = [
            models.Index(fields=["plan", "year", "order", "id"], name="plan_item_order"),
            models.Index(fields=["issued_region", "state", "due_at", "id"], name="plan_item_watched"),
            models.Index(fields=["unit", "state", "due_at", "id"], name="plan_item_of_unit"),
            models.Index(fields=["work"], name="plan_item_of_work"),
            models.Index(fields=["region", "year", "id"], name="plan_item_region"),
        ]


@never_changed
@scoped(through="plans_planitem.item_id")
class Progress(models.Model):
    """
    How far an item was at a moment: one row for every step and every report of progress, with the day that was set then.

    From the last row before a moment follow the figures of that moment (`queries.progress`).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    item = models.ForeignKey("plans.PlanItem", on_delete=models.PROTECT, related_name="progress")
    state = models.CharField(max_length=12)
    share = models.SmallIntegerField()
    achieved = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    due = models.DateField(null=True)
    words = models.TextField(default="", blank=True)
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["item", "at"], name="plan_progress_of")]
