"""The room's readers: criteria for those who grade, checklists for those who visit."""

from anlan.standards.queries.checklists import editions_for, facts_of, items_for, items_of
from anlan.standards.queries.criteria import (
    Listed,
    clause,
    clauses_in_force,
    clauses_of,
    criteria_list,
    is_in_force,
    lists,
)

__all__ = [
    "Listed",
    "clause",
    "clauses_in_force",
    "clauses_of",
    "criteria_list",
    "editions_for",
    "facts_of",
    "is_in_force",
    "items_for",
    "items_of",
    "lists",
]
