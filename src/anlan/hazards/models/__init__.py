"""The hazard and what hangs on it."""

from anlan.hazards.models.hazard import GRADES, LISTING_LEVELS, SOURCES, Hazard
from anlan.hazards.models.parts import SIGNERS, DueDate, Export, Photo, Recheck, SavedView, Signature
from anlan.hazards.models.tally import MonthDelta, MonthTally, Tally, TallyDelta

__all__ = [
    "GRADES",
    "LISTING_LEVELS",
    "SIGNERS",
    "SOURCES",
    "DueDate",
    "Export",
    "Hazard",
    "MonthDelta",
    "MonthTally",
    "Photo",
    "Recheck",
    "SavedView",
    "Signature",
    "Tally",
    "TallyDelta",
]
