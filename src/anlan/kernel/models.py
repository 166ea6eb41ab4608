"""The kernel's tables: ledger, timers, calendar, city settings, idempotency, refusals."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped, unscoped


@never_changed
@scoped(
    region="region",
    industry="industry_bit",
    enterprise="enterprise_id",
    person="person_id",
    extra="anlan_entry_seen(subject_type, subject_id, step)",
    writable="true",
)
class Entry(models.Model):
    """One act: the exact canonical bytes that are hashed, and copies of a few facts to find them by."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    version = models.IntegerField()
    step = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    region = models.BigIntegerField(null=True)
    industry_bit = models.SmallIntegerField(null=True)
    enterprise_id = models.UUIDField(null=True)
    body = models.BinaryField()
    leaf = models.BinaryField(help_text=_("SHA-256 of 0x00 and the body, made by the database."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_id", "version"], name="entry_one_a_version")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="entry_newest"),
            models.Index(fields=["person_id", "-at"], name="entry_person"),
        ]


@scoped(writable="true")
class Pending(models.Model):
    """Entries that wait for the sequencer, with the transaction that wrote them."""

    entry_id = models.UUIDField(primary_key=True)
    txid = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["txid", "entry_id"], name="pending_order")]


@never_changed
@unscoped("positions and hashes only")
class Leaf(models.Model):
    """An entry's place in the tree."""

    index = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    leaf = models.BinaryField()


@never_changed
@unscoped("hashes only")
class Node(models.Model):
    """The hash of a complete subtree: `2**level` leaves from `index * 2**level`."""

    id = models.BigIntegerField(primary_key=True, help_text=_("level * 2**56 + index"))
    hash = models.BinaryField()


@never_changed
@unscoped("signed hashes only")
class Head(models.Model):
    """A signed tree head (RFC 6962 tree, Ed25519)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    document = models.JSONField()
    frontier = models.JSONField()


@unscoped("moments by record number, which only the clock reads")
class Timer(models.Model):
    """The next rung a waiting record climbs unless a step ends its waiting first. `wait` is empty for the state's own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    flow = models.CharField(max_length=40)
    record_id = models.UUIDField()
    wait = models.CharField(max_length=20, default="", blank=True)
    clock = models.UUIDField()
    level = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "wait"], name="timer_once_a_wait")]
        indexes = [models.Index(fields=["at"], name="timer_due")]


@unscoped("the calendar is public")
class CalendarYear(models.Model):
    """A year the calendar reaches, and on whose word."""

    year = models.SmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=[("official", _("official")), ("provisional", _("provisional"))])
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=120, default="")


@unscoped("the calendar is public")
class CalendarDay(models.Model):
    """A day that differs from Monday to Friday: a holiday, or a make-up workday (调休)."""

    day = models.DateField(primary_key=True)
    works = models.BooleanField()
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, default="")


@unscoped("a city's settings apply to everybody in it")
class CitySetting(models.Model):
    """One rule of one territory: who must sign, limits, ladders. The most specific territory wins."""

    id = models.UUIDField(primary_key=True, default=new_id)
    region = models.BigIntegerField()
    key = models.CharField(max_length=80)
    value = models.JSONField()
    basis = models.CharField(max_length=300, default="")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "key"], name="setting_once_a_region")]


@scoped(person="person_id", writable="true")
class IdempotencyKey(models.Model):
    """A write's key, what it asked for, and what it was answered: kept in the write's own transaction."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, default="")
    location = models.CharField(max_length=300, default="")
    answer = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["at"], name="idempotency_age")]


@never_changed
@scoped(person="person_id", writable="true")
class DoneCommand(models.Model):
    """A phone's command that was carried out, with what was answered: kept in the command's own transaction, for ever."""

    id = models.UUIDField(primary_key=True, help_text=_("Made by the phone."))
    person_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    device = models.UUIDField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    client_at = models.DateTimeField(help_text=_("The phone's clock, put right by its offset."))
    at = models.DateTimeField()

    class Meta:
        db_table = "kernel_command"
        indexes = [models.Index(fields=["person_id", "-at"], name="command_person")]


@never_changed
@scoped(region="region", person="person_id", writable="true")
class Refusal(models.Model):
    """A refused access: who tried what, and why not. Written apart from the refused transaction."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120, default="")
    role = models.CharField(max_length=40, default="")
    region = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    status = models.SmallIntegerField()
    code = models.CharField(max_length=60)
    detail = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="refusal_newest")]


@unscoped("counters only")
class Sequence(models.Model):
    """A running number, one a key; the row lock makes it gapless within a transaction."""

    key = models.CharField(primary_key=True, max_length=80)
    last = models.BigIntegerField()


@unscoped("times only")
class Pulse(models.Model):
    """When a background duty last ran: sequencer, clock, folding. `anlan doctor` reads it."""

    name = models.CharField(primary_key=True, max_length=30)
    at = models.DateTimeField()
    host = models.CharField(max_length=80, default="")
