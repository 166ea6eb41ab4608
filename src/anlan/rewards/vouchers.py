"""Codes of vouchers: made from the bill's id with the platform's key, so that only the keyed digest is stored."""

from uuid import UUID

from django.utils.crypto import salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH, GROUP = 12, 4
_READ = str.maketrans({"O": "0", "I": "1", "L": "1"})


def code_of(bill: UUID) -> str:
    """The code its holder shows, the same whenever it is asked for: `7K2M-9QXC-41TB`."""
    made = salted_hmac("anlan.rewards.voucher", f"voucher:{bill}", algorithm="sha256").digest()
    number = int.from_bytes(made[:8], "big")
    signs = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """What is stored of a code as somebody types it; empty for what cannot be one."""
    meant = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum()).translate(_READ)
    if len(meant) != LENGTH or set(meant) - set(ALPHABET):
        return ""
    return salted_hmac("anlan.rewards.voucher.kept", meant, algorithm="sha256").hexdigest()
