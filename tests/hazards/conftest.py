"""The fixtures of the room."""

from tests.sessions import SignedIn, signed_in

__all__ = ["SignedIn", "signed_in"]
