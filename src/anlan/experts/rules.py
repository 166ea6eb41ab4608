"""Who keeps the pool, and small facts of it."""

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor

OFFICERS = frozenset({roles.INSPECTOR, roles.GROUP_LEADER, roles.REGULATOR})
"""Posts that may hold an enforcement certificate."""
READERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.GROUP_LEADER, roles.LEADER, roles.AUDITOR, roles.EXPERT})


@rules.predicate
def keeps_experts(actor: Actor, _target: object = None) -> bool:
    """The committee office of the territory keeps its experts and their groups."""
    return actor.role == roles.OFFICE or actor.is_system


@rules.predicate
def keeps_officers(actor: Actor, _target: object = None) -> bool:
    """Certificates and avoidances are kept by the office and the regulators of the territory."""
    return actor.role in {roles.OFFICE, roles.REGULATOR} or actor.is_system


def mask_of(bits: list[int]) -> int:
    """Bits of supervision fields as a mask; none means all."""
    mask = 0
    for bit in bits:
        mask |= 1 << bit
    return mask or -1


def bits_of(mask: int) -> list[int]:
    return [] if mask == -1 else [bit for bit in range(63) if (mask >> bit) & 1]
