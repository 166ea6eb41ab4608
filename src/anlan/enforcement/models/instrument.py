"""The instrument (文书): a letter, order, decision, its way from draft to file."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

_FIELDS = "(SELECT nullif(current_setting('anlan.industries', true), '')::bigint)"
_UNIT = "(SELECT nullif(current_setting('anlan.unit', true), '')::uuid)"
_REGIONS = "(SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange)"
ITS_FIELD = f"CASE WHEN industry_bit IS NULL THEN {_FIELDS} <> 0 ELSE (({_FIELDS} >> industry_bit) & 1) = 1 END"
"""What goes to a unit belongs to no supervision field: every post of the territory that has one sees it."""
NOT_TO_READER = f"(unit_id IS NULL OR {_UNIT} IS NULL OR unit_id <> {_UNIT})"
OF_ITS_DESKS = (
    f"(desks = '[]'::jsonb OR {_UNIT} IS NULL OR desks @> to_jsonb({_UNIT}::text)"
    " OR (SELECT 'all' = current_setting('anlan.desk', true) OR 'yes' = current_setting('anlan.audits', true)))"
)
"""As `rules.at_its_desk` says: the departments that write and decide it; the committee office and auditors read every department's."""
SEEN = f"{ITS_FIELD} AND (served_at IS NOT NULL OR ({NOT_TO_READER} AND {OF_ITS_DESKS}))"
"""A unit within the issuing territory reads what is written to it once it is served, and so do other departments."""
INSIDE = f"coalesce(issuer <@ {_REGIONS}, false) AND {ITS_FIELD} AND {NOT_TO_READER} AND {OF_ITS_DESKS}"
"""Whose own it is how an instrument came about: the issuing side, as `rules.covers` says."""


@scoped(region="region", once=SEEN, enterprise="known_to_id")
class Instrument(models.Model):
    """
    One instrument to one addressee. Its words are a kind's fields (`kinds.py`); every version of them is kept (`Text`).

    `region` is where it is seen: the issuing organ's territory until it is served, the addressee's from then on;
    `place` is the addressee's throughout. `known_to` is set when an enterprise is served.
    """

    WAYS = [
        ("direct", _("handed over")),
        ("left", _("left at the place")),
        ("post", _("by post")),
        ("electronic", _("electronically")),
        ("announcement", _("by announcement")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=10)
    version = models.IntegerField(default=0)
    clock = models.UUIDField(default=new_id)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)

    kind = models.CharField(max_length=30)
    organ = models.ForeignKey("enforcement.Organ", null=True, on_delete=models.PROTECT, related_name="+")
    issuer = models.BigIntegerField(help_text=_("Territory of the issuing side: its posts act on it."))
    region = models.BigIntegerField()
    place = models.BigIntegerField()
    county = models.BigIntegerField()
    industry_bit = models.SmallIntegerField(null=True)
    enterprise = models.ForeignKey(
        "registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="instruments"
    )
    unit = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    addressee = models.CharField(max_length=120)
    known_to_id = models.UUIDField(null=True)
    source_type = models.CharField(max_length=30, default="", blank=True)
    source_id = models.UUIDField(null=True)
    source_number = models.CharField(max_length=60, default="", blank=True)
    rung = models.SmallIntegerField(default=0, help_text=_("The rung of escalation it was drafted for; 0: none."))
    after = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="next")
    withdraws = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="withdrawals")
    case = models.ForeignKey("enforcement.Case", null=True, on_delete=models.PROTECT, related_name="instruments")

    fields = models.JSONField(default=dict)
    text_version = models.SmallIntegerField(default=0)
    text_digest = models.CharField(max_length=64, default="")
    drafter_ids = models.JSONField(default=list, help_text=_("Everybody who wrote on it."))
    drafter_name = models.CharField(max_length=60, default="")
    """Nobody's while only the platform wrote on it."""
    desks = models.JSONField(
        default=list, help_text=_("Ids of the departments that read it before it is served; none: the whole territory.")
    )
    reviewer_id = models.UUIDField(null=True)
    reviewer_name = models.CharField(max_length=60, default="")
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=60, default="")
    approved_digest = models.CharField(
        max_length=64, default="", blank=True, help_text=_("Digest of the text that was approved.")
    )
    reason = models.CharField(max_length=500, default="", blank=True)

    stem = models.CharField(max_length=24, default="", blank=True)
    year = models.SmallIntegerField(null=True)
    order = models.IntegerField(null=True)
    issued_on = models.DateField(null=True)
    sealed = models.BooleanField(default=False)
    sealer_id = models.UUIDField(null=True)
    docx = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    docx_digest = models.CharField(max_length=64, default="", blank=True)
    pdf = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    pdf_digest = models.CharField(max_length=64, default="", blank=True)
    issued = models.JSONField(
        default=dict, help_text=_("The page as it was issued; what is renamed later changes nothing.")
    )
    template_digest = models.CharField(
        max_length=64, default="", blank=True, help_text=_("Of the own Word template it was written by.")
    )
    publication = models.ForeignKey("enforcement.Publication", null=True, on_delete=models.PROTECT, related_name="+")

    served_on = models.DateField(null=True)
    served_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=12, choices=WAYS, default="", blank=True)
    refused = models.BooleanField(default=False)
    received_by = models.CharField(max_length=60, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True, help_text=_("When the addressee confirmed it in the platform."))
    answer_due = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "stem", "year", "order"], condition=Q(order__isnull=False), name="instrument_number"
            ),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, unit__isnull=True)
                | Q(enterprise__isnull=True, unit__isnull=False),
                name="instrument_one_addressee",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="instrument_newest"),
            models.Index(fields=["county", "-created_at", "-id"], name="instrument_county"),
            models.Index(fields=["state", "-created_at", "-id"], name="instrument_state"),
            models.Index(fields=["kind", "-created_at", "-id"], name="instrument_kind"),
            models.Index(fields=["enterprise", "kind", "-served_on"], name="instrument_enterprise"),
            models.Index(fields=["known_to_id", "-served_at"], name="instrument_known_to"),
            models.Index(fields=["unit", "-created_at"], name="instrument_unit"),
            models.Index(fields=["source_type", "source_id"], name="instrument_source"),
            models.Index(fields=["number"], name="instrument_by_number", opclasses=["varchar_pattern_ops"]),
        ]

    @property
    def title(self) -> str:
        from anlan.enforcement.kinds import kinds

        found = kinds().get(self.kind)
        return found.label if found else self.kind
