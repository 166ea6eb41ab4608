"""When a list is in force, how a clause is cited, who writes checklists, and to whom an item applies."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.standards.models import Checklist, Clause, CriteriaList, LawClause

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


def is_topic(clause: Clause) -> bool:
    """
    Only what the clause is about is loaded, not the condition under which a hazard is major: by itself it is no ground of a
    grade. It may be cited with the clause's own wording, as whoever grades read it in the document.
    """
    return bool(clause.scope.get("topic"))


def citation(clause: Clause) -> str:
    """The document with its number and the place in it, as a decision names it."""
    return f"《{clause.criteria.zh}》（{clause.criteria.number}）{number(clause)}"


def applies(predicate: Mapping[str, Collection[str]], facts: Mapping[str, Collection[str]]) -> bool:
    """Every key of the predicate fits by any of its values; an empty one fits all, an unknown fact fits nothing."""
    return all(not set(wanted).isdisjoint(facts.get(key, ())) for key, wanted in predicate.items() if wanted)


KINDS = ("self_check", "administrative", "supervision", "expert_help")
"""Kinds of visit a checklist may serve, as inspections name them; the first is the enterprise's own."""


def law_citation(clause: LawClause) -> str:
    """Articles by their number; parts of a standard or document by their name."""
    if clause.law.kind == "standard":
        return f"《{clause.law.zh}》（{clause.law.number}）第{clause.article}章"
    if not clause.article.isdigit():
        return f"《{clause.law.zh}》“{clause.article}”"
    return f"《{clause.law.zh}》第{clause.article}条"


def keeps(actor: Actor, checklist: Checklist) -> bool:
    """
    The office keeps every list of its territory; a regulator those of its industries there.

    Lists that are common to all industries belong to the regulator of the department that keeps them.
    """
    if actor.is_system:
        return True
    if actor.role not in {roles.OFFICE, roles.REGULATOR} or not actor.covers(checklist.region):
        return False
    if actor.role == roles.OFFICE:
        return True
    if checklist.industry is not None:
        return actor.covers(checklist.region, checklist.industry.bit)
    return checklist.organisation_id is not None and checklist.organisation_id == actor.organisation


@rules.predicate
def is_keeper(actor: Actor, edition: Any) -> bool:
    return keeps(actor, edition.checklist)


@rules.predicate
def is_system(actor: Actor, edition: Any) -> bool:
    return actor.is_system


@rules.predicate
def writes_checklists(actor: Actor, _target: object = None) -> bool:
    """Some checklist or other, in its territory and industries."""
    return actor.role in {roles.OFFICE, roles.REGULATOR} or actor.is_system
