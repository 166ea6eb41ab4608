"""Who may do what with a bulletin: predicates over an actor and a bulletin."""

from typing import Any

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor

READERS = roles.OFFICIALS
"""An issued bulletin is read by officials of its territory and below."""


@rules.predicate
def is_office(actor: Actor, bulletin: Any) -> bool:
    """The committee office of the campaign's territory."""
    return actor.role == roles.OFFICE and actor.covers(bulletin.region)


@rules.predicate
def approves(actor: Actor, bulletin: Any) -> bool:
    """Whom the reviewer asked; where nobody was named, the office."""
    if bulletin.signer_id is not None:
        return actor.person == bulletin.signer_id and actor.role in (roles.OFFICE, roles.LEADER)
    return bool(is_office(actor, bulletin))


@rules.predicate
def sends_back(actor: Actor, bulletin: Any) -> bool:
    return bool(is_office(actor, bulletin) or approves(actor, bulletin))
