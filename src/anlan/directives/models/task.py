"""What a unit must do because a document says so, once or again and again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region")
class Recurrence(models.Model):
    """
    A duty that comes again: the platform opens a task of it at the begin of each period (`recurring.py`), at `opens_on` the next.

    `rhythm` is what `reading.shown.rhythm` gives. `region` is that of the unit, `issued_region` that of the office that watches.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    directive = models.ForeignKey("directives.Directive", on_delete=models.PROTECT, related_name="recurrences")
    proposal = models.ForeignKey("directives.Proposal", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    issued_region = models.BigIntegerField()
    what = models.CharField(max_length=500)
    quote = models.TextField(default="", blank=True)
    partners = models.CharField(max_length=200, default="", blank=True)
    evidence = models.JSONField(default=list)
    rhythm = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    opens_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    skipped = models.JSONField(default=list, help_text=_("Periods left out: [{period, reason, by, at}]."))

    class Meta:
        indexes = [models.Index(fields=["opens_on"], name="recurrence_due", condition=Q(ended_at__isnull=True))]


@scoped(region="region")
class DirectiveTask(models.Model):
    """
    One thing for one unit. Its life is `flow.py`. `due` is the day set; `due_at` when what it waits for now is due.

    `region` is that of the unit, `issued_region` that of the office that gave it and verifies it.
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

    directive = models.ForeignKey("directives.Directive", on_delete=models.PROTECT, related_name="tasks")
    proposal = models.ForeignKey("directives.Proposal", null=True, on_delete=models.PROTECT, related_name="tasks")
    recurrence = models.ForeignKey("directives.Recurrence", null=True, on_delete=models.PROTECT, related_name="tasks")
    period = models.DateField(null=True, help_text=_("The first day of the period it is for."))
    unit = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.BigIntegerField()
    issued_region = models.BigIntegerField()
    what = models.CharField(max_length=500)
    quote = models.TextField(default="", blank=True, help_text=_("The document's own words."))
    partners = models.CharField(max_length=200, default="", blank=True)
    evidence = models.JSONField(default=list, help_text=_("What is to be shown, as the document calls it."))
    due = models.DateField(null=True)
    report = models.TextField(default="", blank=True)
    reported_by = models.UUIDField(null=True)
    finished_on = models.DateField(null=True)
    remark = models.CharField(max_length=500, default="", blank=True)
    returns = models.SmallIntegerField(default=0)
    wanted = models.SmallIntegerField(
        default=0, help_text=_("How often it is to be done within its time; 0: not counted.")
    )
    counted = models.SmallIntegerField(
        default=0, help_text=_("How often the unit has entered so far that it was done.")
    )
    heard_at = models.DateTimeField(null=True, help_text=_("When the unit last said anything on it."))
    combed_on = models.DateField(null=True, help_text=_("When the office last went through it."))
    comb_note = models.CharField(max_length=500, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recurrence", "period"], condition=Q(recurrence__isnull=False), name="task_once_a_period"
            ),
            models.UniqueConstraint(
                fields=["proposal", "unit"],
                condition=Q(recurrence__isnull=True, proposal__isnull=False),
                name="task_once_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["issued_region", "state", "due_at", "id"], name="task_watched"),
            models.Index(fields=["unit", "state", "due_at", "id"], name="task_of_unit"),
            models.Index(fields=["region", "-created_at", "-id"], name="task_newest"),
            models.Index(fields=["directive"], name="task_of_directive"),
            models.Index(fields=["region", "number"], name="task_number"),
        ]
