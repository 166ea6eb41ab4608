"""Bulletins, what was written in them when, what stands behind each of their figures, and what reviewers remarked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped

DESK = (
    "((SELECT current_setting('anlan.desk', true) = 'all' OR current_setting('anlan.audits', true) = 'yes')"
    " AND coalesce((SELECT nullif(current_setting('anlan.industries', true), '')::bigint), 0) <> 0)"
)
"""The committee office and the auditor of the territory: a draft is theirs alone."""
CONCERNED = (
    "(state IN ('issued', 'withdrawn')"
    " AND coalesce((SELECT nullif(current_setting('anlan.industries', true), '')::bigint), 0) <> 0"
    " AND NOT isempty((SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange))"
    " AND int8range(region, beyond) @> (SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange))"
)
"""What was issued is read by every official post of the territory and below it."""


@scoped(region="region", person="signer_id", once=DESK, extra=CONCERNED)
class Bulletin(models.Model):
    """
    One bulletin of a campaign over whole months. `content` is a list of sections with blocks, whose texts name figures as
    `{code}`; `figures` and `tables` are what was computed when it was drafted or refreshed last, `typed` what a person wrote in
    a figure's place, with the reason. From its issue on nothing of it changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=10)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="bulletins")
    region = models.BigIntegerField(help_text=_("The campaign's territory."))
    beyond = models.BigIntegerField(help_text=_("The first region code that lies beyond it."))
    first_month = models.DateField()
    last_month = models.DateField()
    organ = models.CharField(max_length=100)
    title = models.CharField(max_length=120)
    addressees = models.CharField(max_length=300)
    number = models.CharField(max_length=60, default="", blank=True)
    year = models.SmallIntegerField(null=True)
    order = models.IntegerField(null=True)
    content = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    tables = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    changed = models.JSONField(default=list, help_text=_("What the last refresh changed."))
    edition = models.SmallIntegerField(default=1, help_text=_("How often its figures were computed."))
    counted_at = models.DateTimeField(help_text=_("Up to when its figures count."))
    writer_ids = models.JSONField(default=list, help_text=_("Who wrote in it: they neither review nor approve it."))
    reviewer_id = models.UUIDField(null=True)
    signer_id = models.UUIDField(null=True, help_text=_("The person asked to approve it."))
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    withdraws = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="withdrawn_by")
    issued_on = models.DateField(null=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "year", "order"], name="bulletin_number_once"),
            models.CheckConstraint(condition=Q(first_month__lte=models.F("last_month")), name="bulletin_months"),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "withdrawn"]) | ~Q(number="") & ~Q(digest=""),
                name="bulletin_numbered",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="bulletin_newest"),
            models.Index(fields=["campaign", "-last_month"], name="bulletin_of"),
        ]


@never_changed
@scoped(through="bulletins_bulletin.of_id")
class FigureRow(models.Model):
    """
    One row behind a figure as it was when the figure was computed; the values of a figure's rows of one edition add up to it.
    `kind` and `key` name the record it came from.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    of = models.ForeignKey("bulletins.Bulletin", on_delete=models.PROTECT, related_name="rows")
    edition = models.SmallIntegerField()
    figure = models.CharField(max_length=40)
    place = models.IntegerField(help_text=_("Its place among the figure's rows, the greatest first."))
    kind = models.CharField(max_length=12)
    key = models.UUIDField(null=True)
    label = models.CharField(max_length=200)
    note = models.CharField(max_length=300, default="", blank=True)
    region = models.BigIntegerField(null=True)
    month = models.DateField(null=True)
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "edition", "figure", "place"], name="figure_row_place")]


@never_changed
@scoped(through="bulletins_bulletin.of_id")
class Writing(models.Model):
    """A section as it stood after one saving: earlier versions are read and taken up again from here."""

    id = models.UUIDField(primary_key=True, default=new_id)
    of = models.ForeignKey("bulletins.Bulletin", on_delete=models.PROTECT, related_name="writings")
    section = models.CharField(max_length=40)
    version = models.IntegerField(help_text=_("Of the bulletin, after the saving."))
    text = models.TextField()
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of", "section", "-version"], name="writing_of")]


@never_changed
@scoped(through="bulletins_bulletin.of_id")
class Remark(models.Model):
    """What a reader of the draft said of a section; `settles` answers an earlier one and closes it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    of = models.ForeignKey("bulletins.Bulletin", on_delete=models.PROTECT, related_name="remarks")
    section = models.CharField(max_length=40)
    text = models.CharField(max_length=1000)
    settles = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="settled_by")
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of", "at"], name="remark_of")]
