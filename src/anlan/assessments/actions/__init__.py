"""The room's verbs."""

from anlan.assessments.actions.assessing import take_step
from anlan.assessments.actions.cards import publish_card
from anlan.assessments.actions.rounds import open_round, publish_round

__all__ = ["open_round", "publish_card", "publish_round", "take_step"]
