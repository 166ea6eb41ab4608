"""Codes by text message: six digits, five minutes, five tries, one a minute. Whether a number is known, nobody learns."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.channels import outgoing, setup
from anlan.identity import floods
from anlan.identity.citizens import accounts
from anlan.identity.models import Citizen, PhoneCode, Post
from anlan.identity.needs_citizens import CodeAsked, PhoneSignIn
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.duties import duty
from anlan.kernel.errors import Invalid
from anlan.kernel.keyed import keyed
from anlan.kernel.wording import parsed

VALID, WAIT = timedelta(minutes=5), timedelta(seconds=60)
TRIES = 5
DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Asked:
    wait_seconds: int = int(WAIT.total_seconds())
    valid_seconds: int = int(VALID.total_seconds())


def ask_code(*, data: CodeAsked | dict[str, Any], language: str = "") -> Asked:
    """Send a code. A number that is known and one that is not are answered alike."""
    phone = parsed(CodeAsked, data).phone
    setup.sms()  # refuses where no operator has set it up
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    now = clock.now()
    with scope.acting(SYSTEM):
        row = _held(digest_of(phone), now)
        row.digest, row.at, row.until, row.tries = digest_of(phone, code), now, now + VALID, 0
        row.save()
        facts = {"code": code, "minutes": int(VALID.total_seconds() // 60), "language": language}
        outgoing.send(channel="sms", template="code", to=phone, facts=facts)
    return Asked()


def _held(phone: str, now: datetime) -> PhoneCode:
    """
    The phone's row, locked. The minute between two codes is kept here: tries are counted when a request ends, so that of a
    hundred at once each would find none before it.
    """
    PhoneCode.objects.bulk_create([PhoneCode(phone=phone, digest="", at=now - WAIT, until=now)], ignore_conflicts=True)
    row = PhoneCode.objects.select_for_update().get(pk=phone)
    if now - row.at < WAIT and settings.ANLAN_FLOODS != "count":
        raise floods.too_soon(int((row.at + WAIT - now).total_seconds()) + 1)
    return row


def sign_in_by_phone(*, data: PhoneSignIn | dict[str, Any], guest: UUID | None = None) -> Post:
    """
    The post of whoever holds the phone; the account is made at the first time. A guest's account is taken into it.

    A wrong try counts even though it is refused, so this runs outside any transaction that a refusal would undo.
    """
    facts = parsed(PhoneSignIn, data)
    if not _redeem(facts.phone, "".join(facts.code.split())):
        raise Invalid(
            fields={"code": [_("This code is wrong or no longer valid. Ask for a new one.")]}, code="sign_in.bad_code"
        )
    with scope.acting(SYSTEM):
        post = accounts.with_phone(facts.phone)
        if guest is not None and Citizen.objects.filter(pk=guest, guest=True).exists():
            accounts.merge(kept=post.person_id, gone=guest)
    accounts.seen(post.person_id)
    return post


def _redeem(phone: str, code: str) -> bool:
    """Whether this is the code last sent there; it works once."""
    with scope.acting(SYSTEM):
        row = PhoneCode.objects.select_for_update().filter(pk=digest_of(phone)).first()
        if row is None or row.until < clock.now() or row.tries >= TRIES:
            return False
        if hmac.compare_digest(row.digest, digest_of(phone, code)):
            row.delete()
            return True
        row.tries += 1
        row.save(update_fields=["tries"])
        return False


def digest_of(*parts: str) -> str:
    """Keyed: numbers of eleven digits are soon counted through."""
    text = "\n".join(("phone", *parts)).encode("utf-8", "replace")
    return keyed(text)


@duty("codes", every=600.0)
def forget_old() -> int:
    return PhoneCode.objects.filter(until__lt=clock.now()).delete()[0]
