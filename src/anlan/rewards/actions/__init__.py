"""The room's verbs. Everything else that writes a reward, a bill or a budget goes through one of these."""

from anlan.rewards.actions.billing import Ledger, look_after, request_cancel, take_callback, tend_bill
from anlan.rewards.actions.budgets import set_budget
from anlan.rewards.actions.claiming import claim, claim_by_code
from anlan.rewards.actions.proposing import propose, propose_for, take_step
from anlan.rewards.actions.reconciling import reconcile, reconcile_yesterday
from anlan.rewards.actions.ruling import load_rules

__all__ = [
    "Ledger", "claim", "claim_by_code", "load_rules", "look_after", "propose", "propose_for", "reconcile",
    "reconcile_yesterday", "request_cancel", "set_budget", "take_callback", "take_step", "tend_bill",
]  # fmt: skip
