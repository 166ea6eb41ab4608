"""The fixtures of the room."""

from tests.api.conftest import speak
from tests.sessions import signed_in

__all__ = ["signed_in", "speak"]
