"""Accounts: opened, corrected, locked out and let in again by the security administrator."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.identity import factors
from anlan.identity.actions.common import kept_account, note_person, one_time_password
from anlan.identity.events import AccountChanged
from anlan.identity.models import ApiToken, Person
from anlan.identity.needs import AccountFacts, NewAccount, Reason
from anlan.identity.rules import require
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import mask_phone
from anlan.kernel.errors import Forbidden, Invalid, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.wording import parsed


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new account and its one-time password, which is shown once and stored only as a hash."""

    person: Person
    secret: str


def open_account(
    *,
    actor: Actor,
    data: NewAccount | dict[str, Any],
    region: int | None = None,
    password: str | None = None,
    encoded: str = "",
) -> Opened:
    """
    Open an account kept in `region` (default: the administrator's own territory).

    Only the platform itself may choose the `password` (the demo city's accounts), which then need not be changed; with
    its hash as `encoded` it is not hashed again, since hashing is slow on purpose.
    """
    require(actor, "open_account")
    facts = parsed(NewAccount, data)
    home = region or actor.region
    if home is None or not actor.covers(home):
        raise Invalid(fields={"region": [_("This place is outside your territory.")]})
    if (password or encoded) and not actor.is_system:
        raise Forbidden
    secret = password or one_time_password()
    person = Person(id=new_id(), region=home, created_at=clock.now(), **facts.model_dump())
    if password and encoded:
        person.password = encoded
    else:
        person.set_password(secret)
    person.must_change_password = password is None
    person.password_changed_at = clock.now()
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise Invalid(fields={"username": [_("This username is taken.")]}) from None
    note_person(actor, person, "open_account", certificate=person.certificate)
    return Opened(person=person, secret=secret)


def edit_account(*, actor: Actor, person: UUID, data: AccountFacts | dict[str, Any]) -> Person:
    facts = parsed(AccountFacts, data)
    account = kept_account(actor, person, "edit_account")
    changes = {}
    for field, value in facts.model_dump().items():
        before = getattr(account, field)
        if before != value:
            masked = field in ("phone", "email")
            changes[field] = [mask_phone(before), mask_phone(value)] if masked else [before, value]
            setattr(account, field, value)
    if changes:
        account.save()
        note_person(actor, account, "edit_account", changes=changes)
    return account


def reset_password(*, actor: Actor, person: UUID) -> str:
    """
    Replace the password by a one-time one, end every session, revoke every API token and lift the lock.

    Returns the password, which is shown once.
    """
    account = kept_account(actor, person, "reset_password")
    secret = one_time_password()
    account.set_password(secret)
    account.must_change_password = True
    account.password_changed_at = clock.now()
    account.save()
    _lift_lock(account)
    close_sessions(account)
    note_person(actor, account, "reset_password", revoked=_revoke_tokens(account))
    AccountChanged(person=account.pk, what="reset_password").emit()
    return secret


def reset_second_factor(*, actor: Actor, person: UUID, data: Reason | dict[str, Any]) -> Person:
    """Remove all second factors of somebody who lost them; the person sets up new ones after signing in."""
    why = parsed(Reason, data)
    account = kept_account(actor, person, "reset_second_factor")
    removed, _by_model = Authenticator.objects.filter(user_id=account.pk).delete()
    if not removed:
        raise WrongState(_("This account has no second factor."), code="identity.no_second_factor")
    factors.forgive(account.pk)
    note_person(actor, account, "reset_second_factor", reason=why.reason)
    AccountChanged(person=account.pk, what="reset_second_factor").emit()
    return account


def unlock(*, actor: Actor, person: UUID) -> Person:
    """Lift the lock that failed sign-ins or wrong codes have set."""
    account = kept_account(actor, person, "unlock")
    _lift_lock(account)
    note_person(actor, account, "unlock")
    return account


def deactivate(*, actor: Actor, person: UUID, data: Reason | dict[str, Any]) -> Person:
    """Nobody signs in with this account any more and its API tokens are revoked; its history and posts stay."""
    why = parsed(Reason, data)
    account = kept_account(actor, person, "deactivate")
    if not account.is_active:
        raise WrongState(_("This account is already closed."), code="identity.inactive")
    account.is_active = False
    account.save(update_fields=["is_active"])
    close_sessions(account)
    revoked = _revoke_tokens(account)
    note_person(actor, account, "deactivate", changes={"is_active": [True, False]}, reason=why.reason, revoked=revoked)
    return account


def reactivate(*, actor: Actor, person: UUID, data: Reason | dict[str, Any]) -> str:
    """Open a closed account again, with a fresh one-time password, which is returned."""
    why = parsed(Reason, data)
    account = kept_account(actor, person, "reactivate")
    if account.is_active:
        raise WrongState(_("This account is already open."), code="identity.active")
    account.is_active = True
    account.save(update_fields=["is_active"])
    note_person(actor, account, "reactivate", changes={"is_active": [False, True]}, reason=why.reason)
    return reset_password(actor=actor, person=person)


def end_sessions(*, actor: Actor, person: UUID) -> int:
    """Sign somebody out everywhere; returns how many sessions ended."""
    account = kept_account(actor, person, "end_sessions")
    ended = close_sessions(account)
    note_person(actor, account, "end_sessions", ended=ended)
    return ended


def revoke_tokens_of(*, actor: Actor, person: UUID) -> int:
    """Revoke every API token of somebody; returns how many."""
    account = kept_account(actor, person, "revoke_tokens_of")
    ended = _revoke_tokens(account)
    note_person(actor, account, "revoke_tokens", revoked=ended)
    return ended


def _revoke_tokens(account: Person) -> int:
    """Whoever got hold of a password or an account may have made tokens with it."""
    return ApiToken.objects.filter(person=account, revoked_at=None).update(revoked_at=clock.now())


def close_sessions(person: Person, *, keep: str | None = None) -> int:
    """End a person's sessions, all but the one whose key is `keep`."""
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep or "")
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended


def _lift_lock(person: Person) -> None:
    reset(username=person.username)
    factors.forgive(person.pk)
