"""Who may keep the registry."""

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.registry.kinds import kinds
from anlan.registry.models import Enterprise


@rules.predicate
def keeps_enterprises(actor: Actor, _target: object = None) -> bool:
    """Registers enterprises in its territory and industries."""
    return actor.role in {roles.OFFICE, roles.REGULATOR} or actor.is_system


@rules.predicate
def keeps(actor: Actor, enterprise: Enterprise) -> bool:
    return keeps_enterprises(actor) and actor.covers(enterprise.region, enterprise.industry_bit)


@rules.predicate
def answers_for(actor: Actor, enterprise: Enterprise) -> bool:
    """A post of this very enterprise: may keep its contacts."""
    return actor.role in roles.ENTERPRISE_POSTS and enterprise.pk in actor.enterprises


@rules.predicate
def imports(actor: Actor, kind: str) -> bool:
    return kind in kinds and (actor.is_system or actor.role in kinds[kind].importers)
