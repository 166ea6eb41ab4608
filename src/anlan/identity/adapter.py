"""How the sign-in library behaves here: nobody opens an account for themselves, and its words are ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from anlan.identity.addresses import client_ip
from anlan.identity.models import Person
from anlan.identity.passwords import one_time_is_over

SAID = {
    "account/messages/password_changed.txt": _("Your password was changed. Your other sessions have ended."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app was removed."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes were made; the old ones no longer work."),
    "mfa/messages/webauthn_added.txt": _("The security key was added."),
    "mfa/messages/webauthn_removed.txt": _("The security key was removed."),
}
"""The library's notices that are worth saying; the rest stays unsaid."""


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The username or the password is not right."),
        "invalid_login": _("The username or the password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
        "incorrect_code": _("This code is not valid. Codes change every 30 seconds and work once."),
        "same_as_current": _("Choose a password that differs from the present one."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "127.0.0.1"  # a unix socket: the proxy on this machine

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """The password was right; a one-time password lives a few days only (ASVS 6.4.1)."""
        if one_time_is_over(user):
            raise ImmediateHttpResponse(render(request, "identity/one_time_over.html", status=403))
        return super().pre_login(request, user, **kwargs)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)
