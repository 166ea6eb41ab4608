"""The room's tables."""

from anlan.assessments.models.assessment import Assessment, Case, CheckNote, ItemScore
from anlan.assessments.models.card import Round, ScoreCard, Standing

__all__ = ["Assessment", "Case", "CheckNote", "ItemScore", "Round", "ScoreCard", "Standing"]
