"""Password complexity and age as 等保 2.0 level 3 (GB/T 22239-2019, 8.1.4.1) expects them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anlan.identity.models import Person
from anlan.kernel import clock


class ThreeKinds:
    """At least three of: lower case, upper case, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = [
            any(sign.islower() for sign in password),
            any(sign.isupper() for sign in password),
            any(sign.isdigit() for sign in password),
            any(not sign.isalnum() for sign in password),
        ]
        if sum(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Use at least three of: lower case, upper case, digits, other signs.")


ONE_TIME_DAYS = 7


def change_due(person: Person) -> str:
    """Why the password must be changed before anything else: `first` after a one-time password, `age`, or nothing."""
    if person.must_change_password:
        return "first"
    days = settings.ANLAN_PASSWORD_DAYS
    if days and person.password_changed_at and clock.now() - person.password_changed_at > timedelta(days=days):
        return "age"
    return ""


def one_time_is_over(person: Person) -> bool:
    """Whether this account still waits on a one-time password that is too old to be used."""
    if not person.must_change_password or person.password_changed_at is None:
        return False
    return clock.now() - person.password_changed_at > timedelta(days=ONE_TIME_DAYS)
