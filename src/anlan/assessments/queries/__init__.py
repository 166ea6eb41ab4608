"""The only code that reads assessments for others."""

from anlan.assessments.queries.detail import Detail, assessment, detail, rows_behind
from anlan.assessments.queries.history import history
from anlan.assessments.queries.lists import (
    cards,
    mine,
    one_card,
    one_round,
    rounds,
    standings,
    states_of,
    unit_choices,
    units_of,
    waiting_for,
)
from anlan.assessments.queries.proving import Proof, proof

__all__ = [
    "Detail", "Proof", "assessment", "cards", "detail", "history", "mine", "one_card", "one_round", "proof", "rounds", "rows_behind",
    "standings", "states_of", "unit_choices", "units_of", "waiting_for",
]  # fmt: skip
