"""
Second factors: a code is accepted once, and only so many wrong ones are listened to.

Codes are checked against rows, not against a cache, so that several processes know the same. A wrong try is written on a
connection of its own: the refusal it causes rolls the request back, and the count must outlive that.
"""

import base64
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from anlan.identity.models import FactorTry
from anlan.kernel import clock
from anlan.kernel.errors import Problem
from anlan.kernel.ids import new_id

PERIOD_SECONDS = 30
DRIFT = (0, -1, 1)
"""Periods beside the present one that are accepted: clocks of phones are off by some seconds (RFC 6238, 5.2)."""
TRIES = 5
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)


class TooManyTries(Problem):
    code = "second_factor.too_many"
    status = 429
    default_message = _(
        "Too many wrong codes. Wait fifteen minutes, or ask the security administrator to unlock the account."
    )


class FactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted, so that a copy of the database signs nobody in."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"anlan.second-factor:" + settings.SECRET_KEY.encode()).digest()))


def accept_code(person: UUID, code: str) -> Authenticator | None:
    """
    The authenticator whose code this is, used up by this call; None when it is wrong or was used before.

    Raises TooManyTries after five wrong ones within fifteen minutes.
    """
    digits = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    if _is_tired(person):
        raise TooManyTries
    for authenticator in Authenticator.objects.filter(user_id=person).order_by("-type"):
        counter = _counter_of(authenticator, digits)
        if counter is not None and _use_up(person, counter):
            return authenticator
        if authenticator.type == Authenticator.Type.RECOVERY_CODES and _recovers(authenticator, digits):
            _use_up(person, None)
            return authenticator
    _remember_wrong(person)
    return None


def forgive(person: UUID) -> None:
    """Forget wrong tries: the security administrator unlocks."""
    FactorTry.objects.filter(person_id=person, good=False).delete()


def _is_tired(person: UUID) -> bool:
    recent = FactorTry.objects.filter(person_id=person, at__gt=clock.now() - WINDOW).order_by("-at", "-id")
    wrong = 0
    for good in recent.values_list("good", flat=True)[:TRIES]:
        if good:
            break
        wrong += 1
    return wrong >= TRIES


def _counter_of(authenticator: Authenticator, digits: str) -> int | None:
    """The period whose code this is, for an authenticator app."""
    if authenticator.type != Authenticator.Type.TOTP or len(digits) != 6:
        return None
    secret = decrypt(authenticator.data["secret"])
    present = int(clock.now().timestamp()) // PERIOD_SECONDS
    for drift in DRIFT:
        if constant_time_compare(format_hotp_value(hotp_value(secret, present + drift)), digits):
            return present + drift
    return None


def _recovers(authenticator: Authenticator, digits: str) -> bool:
    return bool(digits) and RecoveryCodes(authenticator).validate_code(digits)


def _use_up(person: UUID, counter: int | None) -> bool:
    """The unique constraint decides between two that bring the same code at once."""
    FactorTry.objects.filter(person_id=person, at__lt=clock.now() - KEPT).delete()
    try:
        with transaction.atomic():
            FactorTry.objects.create(id=new_id(), person_id=person, at=clock.now(), good=True, counter=counter)
    except IntegrityError:
        return False
    return True


def _remember_wrong(person: UUID) -> None:
    own = connections["default"].copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(
                "INSERT INTO identity_factortry (id, person_id, at, good) VALUES (%s, %s, %s, false)",
                [new_id(), person, clock.now()],
            )
    finally:
        own.close()
