"""Who may keep the registry."""

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.registry.models import Enterprise

IMPORTERS = {
    "organisations": frozenset({roles.SYSTEM_ADMIN}),
    "people": frozenset({roles.SECURITY_ADMIN}),
    "enterprises": frozenset({roles.OFFICE, roles.REGULATOR}),
}


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
    return actor.is_system or actor.role in IMPORTERS.get(kind, frozenset())
