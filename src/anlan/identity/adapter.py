"""How the sign-in library behaves here: nobody opens an account for themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        return False
