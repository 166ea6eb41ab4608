"""What the platform counts for an assessment from its own records, each figure with the rows behind it."""

from anlan.assessments.measures import directives, hazards, instruments, leaders, plans, reports, returns
from anlan.assessments.measures.measuring import Measure, Measured, Of, Row, measured, measures

__all__ = [
    "Measure",
    "Measured",
    "Of",
    "Row",
    "directives",
    "hazards",
    "instruments",
    "leaders",
    "measured",
    "measures",
    "plans",
    "reports",
    "returns",
]
