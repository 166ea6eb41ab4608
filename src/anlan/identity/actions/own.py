"""What people do with their own account."""

from uuid import UUID

from anlan.identity import factors


def confirm_second_factor(*, person: UUID, code: str) -> bool:
    """Whether `code` is the person's present second factor: an authenticator app's code or an unused recovery code.

    The account's password never counts, and a code counts once. Raises TooManyTries (429) after five wrong ones.
    """
    return factors.accept_code(person, code) is not None
