"""Who may do what with a document and its tasks: predicates over an actor and a record."""

from typing import Any

import rules
from django.db.models import QuerySet

from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree

UNIT_ROLES = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER})
"""Posts that answer for their unit."""


def registers(actor: Actor, region: int) -> bool:
    """The committee office of the territory takes documents in and settles what is proposed."""
    return actor.role == roles.OFFICE and actor.covers(region)


def units_of(region: int) -> QuerySet[Organisation]:
    """Whom an office may give tasks to, whoever above it acts in its place."""
    low, high = subtree(region)
    return Organisation.objects.filter(active=True, region__gte=low, region__lt=high).exclude(kind="enterprise")


@rules.predicate
def is_giver(actor: Actor, task: Any) -> bool:
    """The office that gave the task, or one above it; the platform for what recurs."""
    return actor.is_system or registers(actor, task.issued_region)


@rules.predicate
def is_office(actor: Actor, task: Any) -> bool:
    return registers(actor, task.issued_region)


@rules.predicate
def is_unit(actor: Actor, task: Any) -> bool:
    """A post of the unit that was given the task."""
    return actor.organisation == task.unit_id and actor.role in UNIT_ROLES


READERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.AUDITOR})
"""Posts that have business with what comes from above."""
