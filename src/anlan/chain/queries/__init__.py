from anlan.chain.queries.answering import chain_for
from anlan.chain.queries.cards import LEVELS, Coverage, card, cards, coverage, firms
from anlan.chain.queries.checker import ENTERPRISE_KINDS, Fault, check, tallied
from anlan.chain.queries.duties import (
    COUNTED,
    DutyFilters,
    count_duties,
    duties,
    duty,
    holder_words,
    slot,
    title_words,
    walk,
)
from anlan.chain.queries.matrix import COMMITTEE, STATES, TERRITORY, Cell, Matrix, by_id, matrix, one_cell
from anlan.chain.queries.usual import Proposal, Usual, propose

__all__ = [
    "COMMITTEE",
    "COUNTED",
    "ENTERPRISE_KINDS",
    "LEVELS",
    "STATES",
    "TERRITORY",
    "Cell",
    "Coverage",
    "DutyFilters",
    "Fault",
    "Matrix",
    "Proposal",
    "Usual",
    "by_id",
    "card",
    "cards",
    "chain_for",
    "check",
    "count_duties",
    "coverage",
    "duties",
    "duty",
    "firms",
    "holder_words",
    "matrix",
    "one_cell",
    "propose",
    "slot",
    "tallied",
    "title_words",
    "walk",
]
