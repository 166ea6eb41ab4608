"""The verbs of identity: the only code that changes people, posts, organisations and tokens."""

from anlan.identity.actions.accounts import (
    Opened,
    deactivate,
    edit_account,
    end_sessions,
    open_account,
    reactivate,
    reset_password,
    reset_second_factor,
    revoke_tokens_of,
    unlock,
)
from anlan.identity.actions.organisations import create_organisation, edit_organisation
from anlan.identity.actions.own import confirm_second_factor, issue_token, revoke_token
from anlan.identity.actions.posts import end_post, give_post

__all__ = [
    "Opened",
    "confirm_second_factor",
    "create_organisation",
    "deactivate",
    "edit_account",
    "edit_organisation",
    "end_post",
    "end_sessions",
    "give_post",
    "issue_token",
    "open_account",
    "reactivate",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "revoke_tokens_of",
    "unlock",
]
