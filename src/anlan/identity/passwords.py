"""Password complexity as 等保 2.0 level 3 (GB/T 22239-2019, 8.1.4.1) expects it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


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
