"""Duties (职责): who answers for which territory, sector and enterprise, and what each post of an enterprise must do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

OF_ALL_FIELDS = (
    "industry_bit IS NULL AND region <@ (SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange)"
)
"""Who answers for a territory as a whole is known to every post there, whatever fields it supervises."""


@scoped(region="region", industry="industry_bit", extra=OF_ALL_FIELDS)
class Duty(models.Model):
    """
    One duty. Territorial: a region, no industry. Sector: a region and an industry, held by one leading department and any
    number of cooperating ones; with `leader` set, the government leader in charge of the sector (三管三必须).

    A duty without `valid_to` runs on. `person_name` stands for holders without an account.
    """

    KINDS = [("territorial", _("territorial")), ("sector", _("sector")), ("committee", _("committee"))]
    PARTS = [
        ("lead", _("leads")),
        ("cooperate", _("cooperates")),
        ("leader", _("leader in charge")),
        ("director_party", _("director, party secretary")),
        ("director_government", _("director, head of government")),
        ("officer", _("officer on duty")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12, choices=KINDS)
    part = models.CharField(max_length=20, choices=PARTS)
    region = models.BigIntegerField()
    industry = models.ForeignKey("registry.Industry", null=True, on_delete=models.PROTECT, related_name="+")
    industry_bit = models.SmallIntegerField(null=True)
    organisation = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("identity.Post", null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=60, default="", blank=True)
    title = models.CharField(max_length=60, default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    matter = models.CharField(
        max_length=200,
        default="",
        blank=True,
        help_text=_("A part of the sector, when it is divided: gas use in restaurants."),
    )
    basis = models.CharField(max_length=300, default="", blank=True)
    evidence = models.CharField(max_length=4, default="K")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "industry_bit", "kind"], name="duty_place"),
            models.Index(fields=["organisation"], name="duty_organisation"),
        ]


@scoped(region="region", industry="industry_bit", enterprise="enterprise_id")
class DutyCard(models.Model):
    """One post's list of duties in an enterprise (全员责任清单) and its card (明白卡)."""

    LEVELS = [
        ("principal", _("principal")),
        ("safety_director", _("safety director")),
        ("safety_officer", _("safety officer")),
        ("manager", _("head of department or workshop")),
        ("team_leader", _("team leader")),
        ("worker", _("worker")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="duty_cards")
    region = models.BigIntegerField()
    industry_bit = models.SmallIntegerField()
    level = models.CharField(max_length=16, choices=LEVELS)
    title = models.CharField(max_length=60)
    holder_id = models.UUIDField(null=True)
    holder_name = models.CharField(max_length=60, default="", blank=True)
    duties = models.JSONField(default=list, help_text=_("What this post must do, a line each."))
    risks = models.JSONField(default=list, help_text=_("Ids of the risk points it looks after."))
    emergency = models.TextField(default="", blank=True)
    signed_on = models.DateField(null=True, help_text=_("When the holder acknowledged the card."))
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "title", "holder_name"], name="duty_card_once_a_post")
        ]
