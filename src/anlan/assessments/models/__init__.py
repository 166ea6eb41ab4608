"""The room's tables."""

from anlan.assessments.models.assessment import Assessment, Case, ItemScore
from anlan.assessments.models.card import Round, ScoreCard, Standing

__all__ = ["Assessment", "Case", "ItemScore", "Round", "ScoreCard", "Standing"]
