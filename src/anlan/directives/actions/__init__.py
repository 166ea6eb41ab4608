"""The room's verbs. Everything that writes a document, a proposal or a task goes through one of these."""

from anlan.directives.actions.digests import discard_digest, draft_digest, issue_digest, save_digest
from anlan.directives.actions.intake import bring_in, give_up, register_intake
from anlan.directives.actions.recurring import end_recurrence, open_recurring, skip_period
from anlan.directives.actions.registering import register
from anlan.directives.actions.ruling import accept, add, mend, refuse
from anlan.directives.actions.tasks import take_step

__all__ = [
    "accept",
    "add",
    "bring_in",
    "discard_digest",
    "draft_digest",
    "end_recurrence",
    "give_up",
    "issue_digest",
    "mend",
    "open_recurring",
    "refuse",
    "register",
    "register_intake",
    "save_digest",
    "skip_period",
    "take_step",
]
