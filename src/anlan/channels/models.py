"""What went out of the platform, and the tokens that outside services lend it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped, unscoped


@scoped(writable="true")
class Outgoing(models.Model):
    """
    One message to somebody outside: text message, subscribe message. Made in the transaction of what it tells about, sent
    by a job afterwards; only the platform itself reads it, for it holds addresses.
    """

    CHANNELS = [("sms", _("text message")), ("wechat", _("WeChat message"))]
    STATES = [("waiting", _("waiting")), ("sent", _("sent")), ("failed", _("failed")), ("lapsed", _("lapsed"))]
    id = models.UUIDField(primary_key=True, default=new_id)
    channel = models.CharField(max_length=8, choices=CHANNELS)
    template = models.CharField(max_length=40)
    to = models.CharField(max_length=64, help_text=_("Phone number or openid."))
    whom = models.CharField(
        max_length=32,
        default="",
        blank=True,
        help_text=_("Keyed digest of the number, another one each day, to count by."),
    )
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    tries = models.SmallIntegerField(default=0)
    receipt = models.CharField(max_length=80, default="", blank=True)
    problem = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="outgoing_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["whom"], name="outgoing_whom", condition=~models.Q(whom="")),
        ]


@scoped(writable="true")
class Acceptance(models.Model):
    """How many subscribe messages of a kind a WeChat account still accepts. One acceptance is one message."""

    id = models.UUIDField(primary_key=True, default=new_id)
    openid = models.CharField(max_length=64)
    template = models.CharField(max_length=40)
    left = models.IntegerField(default=0)
    long_term = models.BooleanField(
        default=False, help_text=_("Granted for good, as WeChat offers it to public services.")
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["openid", "template"], name="acceptance_once_a_template")]


@unscoped("access tokens of outside services; the running platform alone reads them")
class Lent(models.Model):
    """A token an outside service lent until a moment (WeChat's stable access token)."""

    name = models.CharField(primary_key=True, max_length=60)
    token = models.CharField(max_length=512)
    until = models.DateTimeField()
