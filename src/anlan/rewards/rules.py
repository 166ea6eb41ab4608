"""Who may do what with a reward: predicates over an actor and a reward."""

from typing import Any

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.reports.models import Seal

READERS = frozenset({roles.DISPATCHER, roles.FINANCE, roles.OFFICE, roles.AUDITOR})
"""Who reads the ledger of money: nobody else has business with it, though the rows lie in their territory."""
PROPOSERS = frozenset({roles.DISPATCHER, roles.OFFICE})


@rules.predicate
def is_proposer(actor: Actor, reward: Any) -> bool:
    """The office or the dispatcher of the territory, or the platform when a verified report was answered."""
    return actor.is_system or (actor.role in PROPOSERS and actor.covers(reward.region))


@rules.predicate
def is_office(actor: Actor, reward: Any) -> bool:
    return actor.role == roles.OFFICE and actor.covers(reward.region)


@rules.predicate
def is_finance(actor: Actor, reward: Any) -> bool:
    return actor.role == roles.FINANCE and actor.covers(reward.region)


@rules.predicate
def is_reporter(actor: Actor, reward: Any) -> bool:
    """
    Whose seal it is. A citizen without an account comes here only by the verb that was given their claim code: no session
    and no token makes an actor without a person.
    """
    if not actor.veiled:
        return False
    return actor.person is None or Seal.objects.filter(pk=reward.seal_id, person_id=actor.person).exists()


def sets_budget(actor: Actor, region: int) -> bool:
    """The committee office of the territory states what may be spent; who approves payments does not."""
    return actor.role == roles.OFFICE and actor.covers(region)
