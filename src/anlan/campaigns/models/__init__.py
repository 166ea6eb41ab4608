"""The room's tables."""

from anlan.campaigns.models.campaign import Campaign, Participant, ReturnTemplate
from anlan.campaigns.models.leaders import LeaderAct, LeaderOwed
from anlan.campaigns.models.returns import Amendment, Confirmation, Return

__all__ = [
    "Amendment",
    "Campaign",
    "Confirmation",
    "LeaderAct",
    "LeaderOwed",
    "Participant",
    "Return",
    "ReturnTemplate",
]
