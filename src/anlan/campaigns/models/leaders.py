"""Leaders' duties in a campaign: what they did, and what was owed when a period ended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(region="region")
class LeaderAct(models.Model):
    """
    A leader heard the campaign, studied a matter or went on site, as the office (or the leader) wrote it down. `people` are the
    leaders that took part, `{"key", "name", "title"}`. A mistake is withdrawn with a reason; the row stays.
    """

    KINDS = [("hear", _("heard a report")), ("study", _("studied a matter")), ("visit", _("went on site"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="leader_acts")
    region = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=KINDS)
    on = models.DateField()
    topic = models.CharField(max_length=300)
    place = models.CharField(max_length=200, default="", blank=True)
    document = models.CharField(max_length=200, default="", blank=True)
    people = models.JSONField()
    recorded_by = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "region", "-on", "id"], name="leader_act_place")]


@scoped(region="region")
class LeaderOwed(models.Model):
    """
    A leader owed a duty near the end of a period (`announced_at`), and still did when it was over (`missed_at`, a fact that
    stays). `done` is how often it was done by then.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="leaders_owed")
    region = models.BigIntegerField()
    duty = models.CharField(max_length=20)
    begins = models.DateField()
    ends = models.DateField()
    leader = models.CharField(max_length=80, help_text=_("The key of the leader, see `leaders.people`."))
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=60, default="", blank=True)
    done = models.SmallIntegerField(default=0)
    least = models.SmallIntegerField()
    announced_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "duty", "begins", "leader"], name="leader_owed_once"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="leader_owed_period"),
        ]
        indexes = [models.Index(fields=["campaign", "region", "-ends"], name="leader_owed_place")]
