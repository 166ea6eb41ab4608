"""Citizens: people who report what they see. Their accounts lie in region 0, which is in nobody's territory."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped, unscoped


@scoped(person="person_id", writable="true")
class Citizen(models.Model):
    """
    What is known of a citizen's account beside its name. A guest has neither phone nor WeChat and nothing more is known.

    Of the identity number only a keyed digest and the last four characters are kept.
    """

    person = models.OneToOneField("identity.Person", primary_key=True, on_delete=models.CASCADE, related_name="citizen")
    phone = models.CharField(max_length=20, default="", blank=True)
    guest = models.BooleanField(default=False)
    large_type = models.BooleanField(default=False)
    id_digest = models.CharField(max_length=64, default="", blank=True, help_text=_("Keyed digest."))
    id_last4 = models.CharField(max_length=4, default="", blank=True)
    verified_by = models.CharField(max_length=20, default="", blank=True, help_text=_("Who vouched for the name; empty when nobody did."))  # fmt: skip
    verified_at = models.DateTimeField(null=True)
    seen_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=~models.Q(phone=""), name="citizen_once_a_phone"),
        ]
        indexes = [models.Index(fields=["seen_on"], name="citizen_idle")]


@scoped(person="person_id", writable="true")
class WechatAccount(models.Model):
    """The WeChat account a citizen signs in with."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey("identity.Person", on_delete=models.CASCADE, related_name="+")
    openid = models.CharField(max_length=64, unique=True)
    unionid = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person"], name="wechat_person")]


@unscoped("keyed digests of phones and of codes sent to them, for five minutes; looked up before a scope exists")
class PhoneCode(models.Model):
    """A code that was sent to a phone. One row a phone: a new code ends the one before."""

    phone = models.CharField(primary_key=True, max_length=64, help_text=_("Keyed digest."))
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)


@unscoped(
    "that somebody tried, by keyed digests of a day's person, device and address: nothing of a report or a person"
)
class Try(models.Model):
    """One try to report, to sign in or to ask by claim code, kept or refused, for as long as tries are counted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    what = models.CharField(max_length=12)
    who = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["what", "who", "-at"], name="identity_try_recent"),
            models.Index(fields=["at"], name="identity_try_age"),
        ]


@unscoped("random salts of proofs that were brought, so that none counts twice")
class Spent(models.Model):
    """A proof of work that was accepted."""

    salt = models.CharField(primary_key=True, max_length=64)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="spent_age")]
