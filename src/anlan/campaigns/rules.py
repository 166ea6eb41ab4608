"""Who may do what with a return: predicates over an actor and a return."""

from typing import Any

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor

AT_WORK = frozenset({roles.OFFICE, roles.REGULATOR})
"""Posts that write and review returns for their unit."""
READERS = AT_WORK | {roles.AUDITOR}
"""Posts that have business with returns at all."""


@rules.predicate
def is_filler(actor: Actor, record: Any) -> bool:
    """A post of the unit that hands in."""
    return actor.role in AT_WORK and actor.organisation is not None and actor.organisation == record.unit_id


@rules.predicate
def is_office(actor: Actor, record: Any) -> bool:
    """The committee office of the campaign's territory or above it, unless the return is its own unit's."""
    return actor.role == roles.OFFICE and actor.covers(record.territory) and actor.organisation != record.unit_id


@rules.predicate
def is_reviewer(actor: Actor, record: Any) -> bool:
    """The district or department above the unit; where there is none, the office."""
    if record.reviewer_id is None:
        return bool(is_office(actor, record))
    return actor.role in AT_WORK and actor.organisation == record.reviewer_id


@rules.predicate
def sends_back(actor: Actor, record: Any) -> bool:
    """Before it is accepted its reviewer, afterwards the office."""
    return bool(is_office(actor, record) if record.state == "accepted" else is_reviewer(actor, record))


@rules.predicate
def opens(actor: Actor, record: Any) -> bool:
    return actor.is_system or runs(actor, record.territory)


def runs(actor: Actor, territory: int) -> bool:
    """Who sets up a campaign: the committee office of its territory."""
    return actor.role == roles.OFFICE and actor.covers(territory)
