"""The catalogue of errors: a stable code, the status it answers with, and words that say what would make it pass.

The API renders a problem as RFC 9457 `application/problem+json`, pages through one component; neither invents words.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """Something is in the way."""

    code = "problem"
    status = 400
    retry_after: int | None = None
    """Seconds after which the same may pass."""

    def __init__(
        self,
        message: object = None,
        *,
        fields: Mapping[str, list[Any]] | None = None,
        code: str | None = None,
        **params: Any,
    ) -> None:
        self.message = message if message is not None else self.default_message
        self.fields = dict(fields or {})
        self.params = params
        if code:
            self.code = code
        super().__init__()

    default_message: Any = _("Something is in the way.")

    @property
    def detail(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text

    def __str__(self) -> str:
        return self.detail


class NotFound(Problem):
    code = "not_found"
    status = 404
    default_message = _("There is no such record, or it is outside what your post may see.")


class Forbidden(Problem):
    code = "forbidden"
    status = 403
    default_message = _("Your post may not do this.")


class SignInNeeded(Problem):
    code = "sign_in_needed"
    status = 401
    default_message = _("Sign in first, or send a valid token.")


class Invalid(Problem):
    """Fields are wrong; `fields` maps each to its reasons."""

    code = "invalid"
    status = 422
    default_message = _("Some fields need attention.")


class Conflict(Problem):
    code = "conflict"
    status = 409
    default_message = _("Somebody else changed this in the meantime. Look at the new state and try again.")


class WrongState(Conflict):
    code = "flow.wrong_state"


class NotNow(Conflict):
    """A rule of the step does not hold on this record; nobody changed anything."""

    code = "flow.not_now"
    default_message = _("This cannot be done now.")


class KeyReused(Problem):
    code = "idempotency.reused"
    status = 422
    default_message = _("This idempotency key was already used for a different request. Use a new key.")


class CalendarEnds(Problem):
    code = "calendar.exhausted"
    status = 409
    default_message = _("The working-day calendar does not reach that far. An administrator must load the next year.")
