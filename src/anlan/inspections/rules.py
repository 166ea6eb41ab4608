"""Who may do what with a visit: predicates over an actor and a visit."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import rules

from anlan.identity import roles
from anlan.inspections.models import Member, Visit
from anlan.kernel.actor import Actor
from anlan.registry.rules import keeps

PLANNERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.INSPECTOR, roles.GROUP_LEADER})
CERTIFIED = frozenset({roles.INSPECTOR, roles.GROUP_LEADER, roles.REGULATOR})
"""Posts that may carry an enforcement certificate on an administrative inspection."""
GOERS = frozenset({*PLANNERS, roles.EXPERT, roles.LEADER})
WORKING = frozenset({"leader", "officer", "expert"})


@dataclass(frozen=True, kw_only=True)
class Going:
    """One member as the rules ask."""

    person: UUID
    post: UUID | None
    name: str
    role: str
    certificate: str
    organisation: str


def members_of(visit: Visit) -> list[Going]:
    """Who goes, the leader first; read once a record and kept on it."""
    kept: list[Going] | None = getattr(visit, "members_kept", None)
    if kept is None:
        order = {"leader": 0, "officer": 1, "expert": 2, "observer": 3}
        rows = sorted(Member.objects.filter(visit_id=visit.pk), key=lambda one: (order[one.role], one.name))
        kept = [
            Going(
                person=one.person_id,
                post=one.post_id,
                name=one.name,
                role=one.role,
                certificate=one.certificate,
                organisation=one.organisation_name,
            )
            for one in rows
        ]
        visit.members_kept = kept  # type: ignore[attr-defined]
    return kept


def forget_members(visit: Visit) -> None:
    if hasattr(visit, "members_kept"):
        del visit.members_kept


def role_on(actor: Actor, visit: Visit) -> str:
    """The part somebody has in a visit, when they act as an official."""
    if actor.person is None or actor.role not in GOERS:
        return ""
    return next((one.role for one in members_of(visit) if one.person == actor.person), "")


@rules.predicate
def may_plan(actor: Actor, visit: Any) -> bool:
    """Officials who plan visits, within their territory and fields."""
    return actor.role in PLANNERS and actor.covers(visit.region, visit.industry_bit)


@rules.predicate
def moves_enterprise(actor: Actor, visit: Any) -> bool:
    """Whoever keeps the enterprise where it is now."""
    return bool(keeps(actor, visit.enterprise))


@rules.predicate
def is_visitor(actor: Actor, visit: Any) -> bool:
    """Somebody who goes and works there; observers look on."""
    return role_on(actor, visit) in WORKING


@rules.predicate
def is_leader(actor: Actor, visit: Any) -> bool:
    return role_on(actor, visit) == "leader"


@rules.predicate
def is_visited(actor: Actor, visit: Any) -> bool:
    """A post of the enterprise, once it may know."""
    return actor.role in roles.ENTERPRISE_POSTS and visit.known_to_id in actor.enterprises


def as_visitor(actor: Actor, *, region: int, industry_bit: int) -> Actor:
    """The same person with the territory of what they visit: a member from elsewhere acts there by the visit's own basis."""
    if actor.is_system or actor.covers(region, industry_bit):
        return actor
    return replace(
        actor, regions=(*actor.regions, (region, region + 1)), industries=actor.industries | (1 << industry_bit)
    )
