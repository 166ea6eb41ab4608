"""Who may keep risk points, and who settles what workers report at them."""

from typing import Any

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor


@rules.predicate
def keeps_points(actor: Actor, _target: object = None) -> bool:
    """Keeps some points: those of its enterprise, or of its territory and fields."""
    return actor.is_system or actor.role in {roles.OFFICE, roles.REGULATOR, *roles.ENTERPRISE_POSTS}


@rules.predicate
def keeps(actor: Actor, point: Any) -> bool:
    """The very point (or an enterprise that carries the same columns as `enterprise_id`)."""
    if actor.role in roles.ENTERPRISE_POSTS:
        return point.enterprise_id in actor.enterprises
    return keeps_points(actor) and actor.covers(point.region, point.industry_bit)


@rules.predicate
def settles(actor: Actor, point: Any) -> bool:
    """Answers for what workers report there: the enterprise's own people."""
    return actor.role in roles.ENTERPRISE_POSTS and point.enterprise_id in actor.enterprises


IMPORTERS = frozenset({roles.OFFICE, roles.REGULATOR, *roles.ENTERPRISE_POSTS})
