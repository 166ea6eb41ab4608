"""
Lending a picture to a service outside: an address that opens for a few minutes to whoever has it, signed with the platform's
key. Only copies without metadata are lent, never an original, and the address says nothing of the record they belong to.
"""

from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from anlan.files.models import File
from anlan.kernel import clock
from anlan.kernel.errors import NotFound

LENT_FOR = timedelta(minutes=15)
SALT = "anlan.files.lent"


def lend(file: File) -> str:
    """The path under which its copy for showing can be fetched. Raises NotFound where there is none."""
    if not file.display_sha256:
        raise NotFound
    until = int((clock.now() + LENT_FOR).timestamp())
    return reverse("files:lent", args=[_signer().sign(f"{file.display_sha256}.{until}")])


def borrowed(token: str) -> str:
    """The digest that is lent under a token. NotFound alike for one that is over and for one that never was."""
    try:
        digest, _stop, until = _signer().unsign(token).partition(".")
    except BadSignature:
        raise NotFound from None
    if int(until) < clock.now().timestamp():
        raise NotFound
    return digest


def _signer() -> Signer:
    return Signer(salt=SALT, sep="~")
