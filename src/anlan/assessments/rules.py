"""Who may do what with an assessment: predicates over an actor and an assessment."""

from typing import Any

import rules

from anlan.assessments.states import TOLD
from anlan.identity import roles
from anlan.kernel.actor import Actor

READERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.AUDITOR})
"""Who reads assessments: the offices, the units that are assessed, their leaders, the auditor."""
AT_WORK = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER})
"""Posts that answer for their unit."""


@rules.predicate
def is_unit(actor: Actor, record: Any) -> bool:
    """A post of the unit that is assessed."""
    return actor.role in AT_WORK and actor.organisation is not None and actor.organisation == record.unit_id


@rules.predicate
def is_office(actor: Actor, record: Any) -> bool:
    """The committee office of the territory that assesses or of one above it; never for its own unit."""
    return runs(actor, record.territory) and actor.organisation != record.unit_id


@rules.predicate
def opens(actor: Actor, record: Any) -> bool:
    return runs(actor, record.territory)


@rules.predicate
def publishes(actor: Actor, record: Any) -> bool:
    """All results of a round are published in one act, also that of a unit to which the actor belongs."""
    return runs(actor, record.territory)


def runs(actor: Actor, territory: int) -> bool:
    """The committee office of the territory, or of one above it."""
    return actor.role == roles.OFFICE and actor.covers(territory)


def sees_check(actor: Actor, record: Any) -> bool:
    """The unit and everybody around it learn of the check when it is notified, not before; who assesses knows at once."""
    return record.state in TOLD or (actor.covers(record.territory) and not is_unit(actor, record))
