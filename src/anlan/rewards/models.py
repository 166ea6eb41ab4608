"""The ledger of money: what a report earns by which rule, who approved it, how it was paid. Amounts are whole fen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped, unscoped

OVER = ["paid", "lapsed", "refused", "excluded"]
MINE = (
    "EXISTS (SELECT 1 FROM reports_seal s WHERE s.id = rewards_reward.seal_id"
    " AND s.person_id = (SELECT nullif(current_setting('anlan.person', true), '')::uuid))"
)

KEEPS = (
    "(SELECT current_setting('anlan.desk', true) IN ('all', 'verified') OR (current_setting('anlan.audits', true) = 'yes'"
    " AND nullif(current_setting('anlan.industries', true), '')::bigint <> 0))"
)
"""Who has business with money: the service's own posts and the office, and the auditor; not every post of the territory."""


@unscoped("what a report earns is published; it names nobody")
class RewardRule(models.Model):
    """
    What a kind of verified report earns, from–to. `formula` names how: a fixed amount, or a share of a fine with bounds.

    It holds for `region` with all below it; 0 is everywhere.
    """

    FORMULAS = [("fixed", _("fixed amount")), ("share", _("share of the fine"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=30)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=120)
    region = models.BigIntegerField()
    categories = models.JSONField(default=list, help_text=_("Codes of categories; empty: any."))
    grade = models.CharField(max_length=8, default="", blank=True, help_text=_("general or major; empty: any."))
    formula = models.CharField(max_length=8, choices=FORMULAS, default="fixed")
    amount_fen = models.BigIntegerField(default=0)
    share_permille = models.IntegerField(default=0)
    least_fen = models.BigIntegerField(default=0)
    most_fen = models.BigIntegerField(null=True)
    employee_uplift_permille = models.IntegerField(default=0)
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    basis = models.CharField(max_length=200, default="")
    evidence = models.CharField(max_length=4, default="K")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code", "from_day"], name="reward_rule_version")]


@scoped(region="region", once=KEEPS)
class Budget(models.Model):
    """What a territory may pay in a year."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    year = models.SmallIntegerField()
    fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "year"], name="budget_once_a_year")]


@scoped(region="region", once=KEEPS, extra=MINE)
class Reward(models.Model):
    """
    One reward of one reporter for one report. It names the seal, never the person. `computation` shows how the amount came
    about: rule, base, uplift, caps, exclusions looked at.
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

    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="+")
    seal_id = models.UUIDField()
    region = models.BigIntegerField()
    county = models.BigIntegerField()
    rule = models.ForeignKey("rewards.RewardRule", null=True, on_delete=models.PROTECT, related_name="+")
    budget = models.ForeignKey("rewards.Budget", null=True, on_delete=models.PROTECT, related_name="rewards")
    amount_fen = models.BigIntegerField()
    stated = models.JSONField(default=dict, help_text=_("What the proposer stated: a fine, kin, a penalty."))
    computation = models.JSONField(default=list)
    year = models.SmallIntegerField(help_text=_("Whose budget it is taken from."))
    proposer_id = models.UUIDField(null=True)
    barred_ids = models.JSONField(default=list, help_text=_("People who verified the report: they may not approve."))
    approver_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    claim_by = models.DateField(null=True)
    claimed_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=8, default="", blank=True)
    paid_at = models.DateTimeField(null=True)
    disputed = models.BooleanField(
        default=False, help_text=_("A payment of it contradicts itself: nothing is paid until that is settled.")
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "seal_id"], name="reward_once_a_reporter"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="reward_amount"),
        ]
        indexes = [
            models.Index(fields=["state", "-created_at", "-id"], name="reward_state"),
            models.Index(fields=["county", "-created_at", "-id"], name="reward_county"),
            models.Index(fields=["year", "region"], name="reward_budget"),
            models.Index(fields=["budget", "state"], name="reward_of_budget"),
            models.Index(fields=["seal_id"], name="reward_seal"),
            models.Index(fields=["-created_at", "-id"], name="reward_newest"),
            models.Index(fields=["paid_at"], name="reward_paid", condition=Q(paid_at__isnull=False)),
            models.Index(fields=["-created_at", "-id"], name="reward_disputed", condition=Q(disputed=True)),
        ]


@scoped(through="rewards_reward.reward_id")
class Bill(models.Model):
    """
    One transfer through WeChat Pay, or one voucher. A reward has at most one bill that is not over; a new one only after the
    old one ended without payment. `state` is the service's own word (domain: transfer-bills).
    """

    WAYS = [("wechat", _("WeChat transfer")), ("voucher", _("voucher"))]
    ENDED = ["SUCCESS", "FAIL", "CANCELLED"]
    id = models.UUIDField(primary_key=True, default=new_id)
    reward = models.ForeignKey("rewards.Reward", on_delete=models.PROTECT, related_name="bills")
    way = models.CharField(max_length=8, choices=WAYS)
    out_bill_no = models.CharField(max_length=32, unique=True)
    transfer_bill_no = models.CharField(max_length=64, default="", blank=True)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=20, default="NEW")
    package = models.TextField(default="", blank=True, help_text=_("What the phone needs to confirm."))
    problem = models.CharField(max_length=200, default="", blank=True)
    attempts = models.SmallIntegerField(default=0, help_text=_("How often the service was asked to pay."))
    unclear = models.SmallIntegerField(default=0, help_text=_("Attempts of which nobody knows whether they arrived."))
    unclear_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    voucher = models.CharField(
        max_length=64, default="", blank=True, help_text=_("Keyed digest of the voucher's code.")
    )
    receipt = models.CharField(
        max_length=60, default="", blank=True, help_text=_("Number of the receipt or bank slip.")
    )
    payer_id = models.UUIDField(null=True)
    payer_name = models.CharField(max_length=60, default="", blank=True)
    stopped_at = models.DateTimeField(
        null=True, help_text=_("Since when it is not to be sent any more, and to be cancelled where it was.")
    )
    excess_fen = models.BigIntegerField(
        default=0,
        help_text=_("What went out by it beyond what the reward owed, and did not come back; settled by a person."),
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reward"], condition=~Q(state__in=["SUCCESS", "FAIL", "CANCELLED"]), name="bill_one_open"
            ),
            models.UniqueConstraint(fields=["reward"], condition=Q(state="SUCCESS"), name="bill_paid_once"),
            models.UniqueConstraint(fields=["voucher"], condition=~Q(voucher=""), name="bill_voucher"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="bill_open", condition=~Q(state__in=["SUCCESS", "FAIL", "CANCELLED"])
            ),
            models.Index(fields=["ended_at"], name="bill_ended", condition=Q(ended_at__isnull=False)),
        ]

    @property
    def open(self) -> bool:
        return self.state not in self.ENDED


@scoped(writable="true")
class Payee(models.Model):
    """Whom a transfer goes to: read by the platform alone, for it would tell who reported. Removed once its bill ended."""

    id = models.UUIDField(primary_key=True, default=new_id)
    bill = models.OneToOneField("rewards.Bill", on_delete=models.CASCADE, related_name="payee")
    openid = models.CharField(max_length=64)
    name = models.CharField(max_length=60, default="", blank=True)


@never_changed
@scoped(through="rewards_bill.bill_id")
class BillEvent(models.Model):
    """What was said of a bill: an answer, a query, a callback, an alarm. A callback's id is taken once."""

    SOURCES = [
        ("answer", _("answer")),
        ("query", _("query")),
        ("callback", _("callback")),
        ("refusal", _("refusal")),
        ("silence", _("no answer")),
        ("person", _("an official")),
        ("alarm", _("alarm")),
        ("finding", _("finding")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    bill = models.ForeignKey("rewards.Bill", on_delete=models.PROTECT, related_name="events")
    source = models.CharField(max_length=10)
    notice = models.CharField(max_length=64, null=True, unique=True)
    state = models.CharField(max_length=20)
    body = models.JSONField(default=dict)
    at = models.DateTimeField()


@scoped(region="region", once=KEEPS, writable="true")
class Reconciliation(models.Model):
    """One day's comparison of our bills with the service's list."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    day = models.DateField()
    ours = models.IntegerField()
    theirs = models.IntegerField()
    differences = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="reconciled_once_a_day")]
