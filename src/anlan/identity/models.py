"""People, the posts they hold, where and for whom."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from anlan.identity.models_citizens import Citizen, PhoneCode, Spent, Try, WechatAccount
from anlan.identity.roles import ROLE_CHOICES
from anlan.kernel.ids import new_id
from anlan.kernel.scope import never_changed, scoped, unscoped

__all__ = [
    "ApiToken", "Citizen", "FactorTry", "Organisation", "Person", "PhoneCode", "Post", "Region", "SignIn", "Spent", "Try",
    "WechatAccount",
]  # fmt: skip


@unscoped("administrative divisions are public")
class Region(models.Model):
    """An administrative division by its 12-digit statistical code; all below it form one range."""

    code = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)


@scoped(region="region", enterprise="id")
class Organisation(models.Model):
    """A body that people hold posts in. An enterprise's row carries the enterprise's own id."""

    KINDS = [
        ("committee", _("work-safety committee office")),
        ("department", _("department")),
        ("government", _("government")),
        ("group", _("inspection group")),
        ("enterprise", _("enterprise")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=KINDS)
    region = models.BigIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    industries = models.BigIntegerField(default=0)
    phone = models.CharField(max_length=20, default="", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="organisation_once_a_region")]


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


BEFORE_A_SCOPE = "coalesce(current_setting('anlan.regions', true), '') = ''"
"""Signing in looks an account up before anybody acts; from then on the policy binds."""
HOLDS_A_POST_SEEN = "EXISTS (SELECT 1 FROM identity_post held WHERE held.person_id = identity_person.id)"


@scoped(region="region", person="id", extra=f"{BEFORE_A_SCOPE} OR {HOLDS_A_POST_SEEN}", writable="true")
class Person(AbstractBaseUser):
    """Somebody with an account. What they may see comes from their posts, never from here."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    region = models.BigIntegerField(
        null=True, help_text=_("The territory whose security administrator keeps this account.")
    )
    certificate = models.CharField(
        max_length=40, default="", blank=True, help_text=_("Enforcement certificate number.")
    )
    created_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="person_username_any_case")]
        indexes = [models.Index(fields=["region", "name", "id"], name="person_region")]

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = People()

    @property
    def is_staff(self) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


@scoped(region="region", person="person_id", enterprise="organisation_id")
class Post(models.Model):
    """One person in one office: role, territory, industries, organisation, from–to. People act as one post at a time."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    title = models.CharField(max_length=60, default="", blank=True)
    region = models.BigIntegerField()
    industries = models.BigIntegerField(default=-1, help_text=_("Bit mask of supervision fields; −1 means all."))
    organisation = models.ForeignKey("identity.Organisation", null=True, on_delete=models.PROTECT, related_name="posts")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="post_person"),
            models.Index(fields=["role", "region"], name="post_role_region"),
        ]


@unscoped("holds only hashes of secrets, looked up before a scope exists")
class ApiToken(models.Model):
    """A bearer token of one post; the secret itself is shown once and never stored."""

    id = models.UUIDField(primary_key=True, default=new_id)
    post_id = models.UUIDField()
    person = models.ForeignKey("identity.Person", on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


@never_changed
@scoped(region="region", person="person_id", writable="true")
class SignIn(models.Model):
    """One line of the sign-in history: who came in, failed, was locked out, left, and from where."""

    OUTCOMES = [
        ("in", _("signed in")),
        ("failed", _("wrong password")),
        ("code_failed", _("wrong second factor")),
        ("locked", _("locked out")),
        ("out", _("signed out")),
        ("idle", _("ended after idle time")),
        ("expired", _("ended after its full time")),
    ]
    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    person_id = models.UUIDField(null=True)
    name = models.CharField(
        max_length=60, default="", help_text=_("Empty when no such account exists; what was typed is not kept.")
    )
    region = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="sign_in_newest"),
            models.Index(fields=["person_id", "-at"], name="sign_in_person"),
        ]


@unscoped("counts tries of second factors before a scope exists; holds no secret")
class FactorTry(models.Model):
    """A second factor that was tried. `counter` is the 30-second period of an accepted code, which is never accepted again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    at = models.DateTimeField()
    good = models.BooleanField()
    counter = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "counter"], name="factor_code_once")]
        indexes = [models.Index(fields=["person_id", "-at"], name="factor_recent")]
