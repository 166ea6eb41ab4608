"""Visits, what was answered and found on them, draws, and an enterprise's own checks."""

from anlan.inspections.models.draw import Draw, DrawNotice
from anlan.inspections.models.parts import (
    Answer,
    Finding,
    Member,
    OnSite,
    RecordedSheet,
    VisitChecklist,
    VisitSignature,
)
from anlan.inspections.models.self_check import SelfCheck, SelfCheckMonth, SelfCheckPlan
from anlan.inspections.models.visit import OVER, Visit

__all__ = [
    "OVER",
    "Answer",
    "Draw",
    "DrawNotice",
    "Finding",
    "Member",
    "OnSite",
    "RecordedSheet",
    "SelfCheck",
    "SelfCheckMonth",
    "SelfCheckPlan",
    "Visit",
    "VisitChecklist",
    "VisitSignature",
]
