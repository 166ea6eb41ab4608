"""Who may do what with a hazard: predicates over an actor and a hazard."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import rules

from anlan.hazards.models import Hazard
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors

SIGNER_ROLES = {
    "principal": roles.PRINCIPAL,
    "inspector": roles.INSPECTOR,
    "group_leader": roles.GROUP_LEADER,
    "county_leader": roles.LEADER,
}


FINDERS = frozenset(
    {roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, roles.REGULATOR, roles.OFFICE, *roles.ENTERPRISE_POSTS}
)


def _covers(actor: Actor, hazard: Hazard) -> bool:
    return actor.covers(hazard.region, hazard.industry_bit)


def _serves(actor: Actor, hazard: Hazard, *wanted: str) -> bool:
    return actor.role in wanted and _covers(actor, hazard)


@rules.predicate
def is_finder(actor: Actor, hazard: Any) -> bool:
    """The finder, acting as a post that finds; the same person as auditor or citizen changes nothing."""
    return actor.person is not None and actor.person == hazard.finder_id and actor.role in FINDERS


@rules.predicate
def is_regulator(actor: Actor, hazard: Any) -> bool:
    return _serves(actor, hazard, roles.REGULATOR)


@rules.predicate
def is_office(actor: Actor, hazard: Any) -> bool:
    return _serves(actor, hazard, roles.OFFICE)


@rules.predicate
def is_inspector(actor: Actor, hazard: Any) -> bool:
    return _serves(actor, hazard, roles.INSPECTOR, roles.GROUP_LEADER)


@rules.predicate
def is_principal(actor: Actor, hazard: Any) -> bool:
    return actor.role == roles.PRINCIPAL and hazard.responsible_id in actor.enterprises


@rules.predicate
def is_responsible(actor: Actor, hazard: Any) -> bool:
    return actor.role in roles.ENTERPRISE_POSTS and hazard.responsible_id in actor.enterprises


@rules.predicate
def is_above_finder(actor: Actor, hazard: Any) -> bool:
    """A regulator or office whose territory takes in the finder's, and who is not the finder."""
    if not _serves(actor, hazard, roles.REGULATOR, roles.OFFICE) or actor.person == hazard.finder_id:
        return False
    finder = hazard.finder_region or hazard.county
    return actor.region is not None and actor.region in (finder, *ancestors(finder))


@rules.predicate
def is_required_signer(actor: Actor, hazard: Any) -> bool:
    return signer_of(actor, hazard) is not None


@rules.predicate
def takes_part(actor: Actor, hazard: Any) -> bool:
    return is_responsible(actor, hazard) or _serves(
        actor, hazard, roles.REGULATOR, roles.OFFICE, roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT
    )


@rules.predicate
def may_register(actor: Actor, hazard: Any) -> bool:
    """Officials within their territory, an enterprise's own people for their own enterprise, the platform itself."""
    if actor.is_system:
        return True
    if actor.role in roles.ENTERPRISE_POSTS:
        return hazard.enterprise_id in actor.enterprises
    return _serves(actor, hazard, roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, roles.REGULATOR, roles.OFFICE)


def signer_of(actor: Actor, hazard: Any) -> str | None:
    """Which required signature this actor can give in the present round, or None."""
    for kind in hazard.required_signers:
        if actor.role != SIGNER_ROLES[kind] or kind in signed_kinds(hazard):
            continue
        if kind == "principal":
            if hazard.responsible_id in actor.enterprises:
                return str(kind)
        elif _covers(actor, hazard):
            return str(kind)
    return None


def signed_kinds(hazard: Any) -> set[str]:
    """Whose signatures of the present round are given."""
    return {signer for signer, _person, refused in round_of(hazard) if not refused}


def round_of(hazard: Any) -> list[tuple[str, UUID, bool]]:
    """(signer, person, refused) of the present round; read once a record and kept on it."""
    kept = getattr(hazard, "round_kept", None)
    if kept is None or kept[0] != hazard.round:
        found = hazard.signatures.filter(round=hazard.round).values_list("signer", "person_id", "refused")
        kept = keep_round(hazard, found)
    return list(kept[1])


def keep_round(hazard: Any, signed: Iterable[tuple[str, UUID, bool]]) -> tuple[int, list[tuple[str, UUID, bool]]]:
    """What is known of the present round, so that it need not be read again."""
    hazard.round_kept = (hazard.round, list(signed))
    kept: tuple[int, list[tuple[str, UUID, bool]]] = hazard.round_kept
    return kept


def remember(hazard: Any, signer: str, person: UUID, *, refused: bool) -> None:
    """A signature given just now."""
    keep_round(hazard, [*round_of(hazard), (signer, person, refused)])
