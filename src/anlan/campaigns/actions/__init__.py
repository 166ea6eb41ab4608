"""The room's verbs. Everything else that writes a campaign or a return goes through one of these."""

from anlan.campaigns.actions.leaders import record_act, watch_leaders, withdraw_act
from anlan.campaigns.actions.opening import (
    ONLY_OFFICE,
    enrol,
    enrol_many,
    open_campaign,
    open_due_months,
    open_month,
    publish_template,
)
from anlan.campaigns.actions.returns import hand_in, save, take_step
from anlan.campaigns.actions.sheets import save_sheet

__all__ = [
    "ONLY_OFFICE",
    "enrol",
    "enrol_many",
    "hand_in",
    "open_campaign",
    "open_due_months",
    "open_month",
    "publish_template",
    "record_act",
    "save",
    "save_sheet",
    "take_step",
    "watch_leaders",
    "withdraw_act",
]
