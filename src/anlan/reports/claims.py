"""
Claim codes: how somebody without an account follows a report.

A code is made from the record's id with the platform's key, so that a retry gives the same one; only its keyed digest is stored.
"""

from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from anlan.kernel import scope
from anlan.kernel.errors import NotFound
from anlan.reports.models import Seal
from anlan.reports.rules import Claimant

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH, GROUP = 12, 4
_READ = str.maketrans({"O": "0", "I": "1", "L": "1"})
UNKNOWN = _("There is no report with this code. Check the code; capital and small letters are the same.")


def code_of(record: UUID) -> str:
    """The code of an anonymous report, or of an anonymous seal of somebody who joined: `7K2M-9QXC-41TB`."""
    number = int.from_bytes(
        salted_hmac("anlan.reports.claim", f"claim:{record}", algorithm="sha256").digest()[:8], "big"
    )
    signs = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def tidy(code: str) -> str:
    """As it was meant: spaces, hyphens and case aside, O for 0, I and L for 1. Empty when it is none."""
    found = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum()).translate(_READ)
    return found if len(found) == LENGTH and not set(found) - set(ALPHABET) else ""


def digest_of(code: str) -> str:
    """What is stored of a code; empty for what cannot be one."""
    meant = tidy(code)
    return salted_hmac("anlan.reports.claim.kept", meant, algorithm="sha256").hexdigest() if meant else ""


def seal_of(code: str) -> Seal:
    """The seal a code opens. NotFound alike for a code that is none and for one that nobody has."""
    digest = digest_of(code)
    with scope.elevated("a claim code proves whoever shows it"):
        found = Seal.objects.filter(claim=digest).first() if digest else None
    if found is None:
        raise NotFound(UNKNOWN, code="report.no_such_code")
    return found


def give_code(seal: Seal) -> str:
    """
    The code of a first reporter's seal that had none: for somebody who leaves, or who never had an account. Call it in the scope
    of the platform.
    """
    code = code_of(seal.report_id)
    Seal.objects.filter(pk=seal.pk, claim="").update(claim=digest_of(code))
    return code


def claimant(seal: Seal, person: UUID | None = None) -> Claimant:
    """Who acts by a claim code: the first reporter may contest and rate. `person` is whose files they bring, and written nowhere."""
    return Claimant(role="citizen", name="citizen", person=person, report=seal.report_id)
