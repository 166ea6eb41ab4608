"""The verbs of identity: the only code that changes people, posts, organisations and tokens."""

from anlan.identity.actions.own import confirm_second_factor

__all__ = ["confirm_second_factor"]
