"""
Proof of work instead of a puzzle: a device computes for a moment, nobody reads crooked letters.

A challenge is a salt that carries its own difficulty and end, keyed, so that nothing is stored until it is solved. Whoever finds
a number with which SHA-256 of `salt:number` begins with so many zero bits has proved it; the salt counts once. The difficulty rises
with what came from the same address lately: an honest telephone hardly notices, a flood pays for each of its drops.
"""

import hmac
import secrets
from datetime import UTC, datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Spent
from anlan.kernel import clock
from anlan.kernel.duties import duty
from anlan.kernel.errors import Problem
from anlan.kernel.keyed import keyed

LEAST, MOST = 14, 19
"""Leading zero bits: 2¹⁴ digests take a phone well under a second, 2¹⁹ some ten seconds."""
LASTS_SECONDS = 600
LONGEST = 200
_SALT_PARTS = 4


class ProofNeeded(Problem):
    code = "rate.proof_needed"
    status = 429
    retry_after = 1
    default_message = _("Many requests come from your network. Your device must compute for a moment; try again.")


def challenge(bits: int = LEAST) -> dict[str, object]:
    """A new salt with its difficulty, for the settings a client reads."""
    bits = max(LEAST, min(MOST, bits))
    body = f"{int(clock.now().timestamp()) + LASTS_SECONDS}.{bits}.{secrets.token_hex(8)}"
    return {"salt": f"{body}.{_seal(body)}", "bits": bits}


def accept(proof: str, *, bits: int = LEAST) -> bool:
    """Whether this is a proof of at least this difficulty that nobody brought before; it is used up."""
    salt, _colon, number = proof.rpartition(":")
    if len(proof) > LONGEST or not proof.isascii() or not number.isdigit():
        return False
    parts = salt.split(".")
    if len(parts) != _SALT_PARTS or not hmac.compare_digest(_seal(".".join(parts[:3])), parts[3]):
        return False
    until, asked = int(parts[0]), int(parts[1])
    if until < clock.now().timestamp() or asked < bits or zeros(sha256(proof.encode()).digest()) < asked:
        return False
    try:
        with transaction.atomic():
            Spent.objects.bulk_create([Spent(salt=parts[2], until=_moment(until))])
    except IntegrityError:
        return False
    return True


def solve(salt: str, bits: int) -> str:
    """What a client does; for tests and programs of our own."""
    number = 0
    while zeros(sha256(f"{salt}:{number}".encode()).digest()) < bits:
        number += 1
    return f"{salt}:{number}"


def zeros(digest: bytes) -> int:
    """Leading zero bits."""
    return len(digest) * 8 - int.from_bytes(digest, "big").bit_length()


def _seal(body: str) -> str:
    return keyed(b"proof:" + body.encode("utf-8", "replace"))[:24]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@duty("proofs", every=3600.0)
def forget_old() -> int:
    return Spent.objects.filter(until__lt=clock.now()).delete()[0]
