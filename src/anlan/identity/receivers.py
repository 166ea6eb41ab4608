"""What is heard from the sign-in libraries: history, the session's birth, the ledger's entries of changed credentials."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from anlan.identity.actions.common import note_person
from anlan.identity.history import known, remember
from anlan.identity.models import Person
from anlan.identity.sessions import own_scope
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor


def on_signed_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    request.session["began"] = request.session["seen"] = int(clock.now().timestamp())
    remember("in", request, person=user)


def on_signed_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    if user is not None and not getattr(request, "session_over", ""):
        remember("out", request, person=user)


def on_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None and not getattr(request, "axes_locked_out", False):
        remember("failed", request, person=known(credentials.get("username")))


def on_locked_out(sender: Any, request: HttpRequest, username: str, **kwargs: Any) -> None:
    remember("locked", request, person=known(username))


def on_wrong_code(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    remember("code_failed", request, person=user)


def on_password_changed(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    user.must_change_password = False
    user.password_changed_at = clock.now()
    user.save(update_fields=["must_change_password", "password_changed_at"])
    _note(request, user, "change_password")


def on_factor_added(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **kwargs: Any) -> None:
    _note(request, user, "add_second_factor", kind=str(authenticator.type))


def on_factor_removed(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **kwargs: Any) -> None:
    _note(request, user, "remove_second_factor", kind=str(authenticator.type))


def _note(request: HttpRequest, person: Person, step: str, **data: Any) -> None:
    actor: Actor = getattr(request, "actor", None) or own_scope(person)
    with scope.acting(actor):
        note_person(actor, person, step, **data)


def connect() -> None:
    for signal, hear in (
        (user_logged_in, on_signed_in),
        (user_logged_out, on_signed_out),
        (user_login_failed, on_failed),
        (user_locked_out, on_locked_out),
        (authentication_failed, on_wrong_code),
        (password_changed, on_password_changed),
        (authenticator_added, on_factor_added),
        (authenticator_removed, on_factor_removed),
    ):
        signal.connect(hear, dispatch_uid=f"identity.{hear.__name__}")
