"""When a list is in force, and how a clause is cited. Values in, values out."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal

from anlan.standards.models import Clause, CriteriaList

Standing = Literal["in_force", "not_yet", "ended", "undated"]


def standing(criteria: CriteriaList, day: date) -> Standing:
    """A list whose first day is unproven is `undated`: it can be named, never cited."""
    if criteria.in_force_from is None:
        return "undated"
    if criteria.in_force_to and criteria.in_force_to < day:
        return "ended"
    return "in_force" if criteria.in_force_from <= day else "not_yet"


def number(clause: Clause) -> str:
    """第五条 is written 第5条; an article that is one criterion has no item."""
    return f"第{clause.article}条第{clause.item}项" if clause.item else f"第{clause.article}条"


def citation(clause: Clause) -> str:
    """The document with its number and the place in it, as a decision names it."""
    return f"《{clause.criteria.zh}》（{clause.criteria.number}）{number(clause)}"


PREDICATE_KEYS = ("industry", "grade", "scale", "facility")
"""What an item's predicate may ask of an enterprise."""


def applies(predicate: Mapping[str, Collection[str]], facts: Mapping[str, Collection[str]]) -> bool:
    """Every key of the predicate fits by any of its values; an empty one fits all, an unknown fact fits nothing."""
    return all(not set(wanted).isdisjoint(facts.get(key, ())) for key, wanted in predicate.items() if wanted)
