"""Who may do what with a plan and its items: predicates over an actor and a record."""

from typing import Any

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor

UNIT_ROLES = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER})
"""Posts that answer for their unit."""
READERS = roles.OFFICIALS - {roles.EXPERT}
"""Posts of bodies that have a part in a campaign."""


def keeps(actor: Actor, region: int) -> bool:
    """The committee office of the campaign's territory writes the plan."""
    return actor.role == roles.OFFICE and actor.covers(region)


def documents(actor: Actor, sub_plan: Any) -> bool:
    """Who adds to a sub-plan's documents: the offices of the plan and of its own territory, and the unit that made it."""
    made = actor.organisation is not None and actor.organisation == sub_plan.unit_id and actor.role in UNIT_ROLES
    return made or keeps(actor, sub_plan.plan.region) or (sub_plan.kind == "district" and keeps(actor, sub_plan.region))


@rules.predicate
def is_keeper(actor: Actor, item: Any) -> bool:
    return actor.is_system or keeps(actor, item.plan.region)


@rules.predicate
def is_office(actor: Actor, item: Any) -> bool:
    """The office of the sub-plan's territory, or one above it."""
    return keeps(actor, item.issued_region)


@rules.predicate
def is_unit(actor: Actor, item: Any) -> bool:
    """A post of the unit that must do it."""
    return actor.organisation is not None and actor.organisation == item.unit_id and actor.role in UNIT_ROLES
