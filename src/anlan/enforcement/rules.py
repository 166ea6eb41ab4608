"""Who may do what with an instrument or a case: predicates over an actor and a record."""

from typing import Any

import rules

from anlan.enforcement.kinds import kinds
from anlan.identity import roles
from anlan.kernel.actor import Actor

DRAFTERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.INSPECTOR, roles.GROUP_LEADER})
REVIEWERS = frozenset({roles.OFFICE, roles.REGULATOR})
APPROVERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER})
ISSUERS = frozenset({*DRAFTERS, roles.LEADER, roles.AUDITOR})
"""Who reads the issuing side's instruments."""
READERS = ISSUERS | roles.ENTERPRISE_POSTS
SETTERS = frozenset({roles.OFFICE, roles.SYSTEM_ADMIN})


def covers(actor: Actor, record: Any) -> bool:
    """
    The issuing territory lies in the actor's, and its field, where it has one, and it lies on the desk of the actor's department;
    a unit is never inside what is written to it.
    """
    inside = actor.covers(record.issuer, record.industry_bit) and not _to_its_unit(actor, record)
    inside = inside and at_its_desk(actor, record)
    return actor.is_system or inside


def at_its_desk(actor: Actor, record: Any) -> bool:
    """Posts without a department read what their territory writes; a case belongs to the territory."""
    desks = getattr(record, "desks", None)
    if not desks or actor.organisation is None:
        return True
    return str(actor.organisation) in desks or actor.desk == "all" or actor.audits


def _to_its_unit(actor: Actor, record: Any) -> bool:
    unit = getattr(record, "unit_id", None)
    return unit is not None and unit == actor.organisation


TOLD_SOURCES = ("hazard", "visit", "instrument", "return", "directive_task", "plan_item")
"""Records an addressee knows of itself. Who else spoke, such as a citizen who reported, is never told."""


def known_source(record: Any) -> str:
    """The number of what it rests on, as its addressee may read it."""
    return str(record.source_number) if record.source_type in TOLD_SOURCES else ""


@rules.predicate
def may_draft(actor: Actor, record: Any) -> bool:
    """The platform drafts too, for a person to review."""
    return actor.is_system or (actor.role in DRAFTERS and covers(actor, record))


@rules.predicate
def may_write(actor: Actor, record: Any) -> bool:
    return actor.role in DRAFTERS and covers(actor, record)


@rules.predicate
def may_discard(actor: Actor, record: Any) -> bool:
    """The platform gives up what it drafted itself, once its ground is gone."""
    return actor.is_system or bool(may_write(actor, record))


@rules.predicate
def may_review(actor: Actor, record: Any) -> bool:
    return actor.role in REVIEWERS and covers(actor, record)


@rules.predicate
def may_approve(actor: Actor, record: Any) -> bool:
    return actor.role in APPROVERS and covers(actor, record)


@rules.predicate
def may_send_back(actor: Actor, record: Any) -> bool:
    return actor.role in (REVIEWERS | APPROVERS) and covers(actor, record)


@rules.predicate
def may_publish(actor: Actor, record: Any) -> bool:
    """Only kinds that are meant for everybody are published."""
    return kinds()[record.kind].published and bool(may_approve(actor, record))


@rules.predicate
def keeps_seal(actor: Actor, record: Any) -> bool:
    """Whoever is named for the organ's seal; where nobody is, the committee office of the territory."""
    if not covers(actor, record) or actor.person is None:
        return False
    keepers = record.organ.keepers if record.organ_id else []
    return str(actor.person) in keepers if keepers else actor.role == roles.OFFICE


@rules.predicate
def is_addressee(actor: Actor, record: Any) -> bool:
    """A post of the enterprise, or of the unit, it is addressed to."""
    if record.enterprise_id is not None:
        return record.enterprise_id in actor.enterprises
    return actor.organisation is not None and actor.organisation == record.unit_id


@rules.predicate
def may_answer(actor: Actor, record: Any) -> bool:
    """The addressee, or an official who enters what came in on paper."""
    return bool(is_addressee(actor, record) or may_write(actor, record))


@rules.predicate
def may_open_case(actor: Actor, record: Any) -> bool:
    return actor.role in DRAFTERS and covers(actor, record)


def sets_organ(actor: Actor, region: int) -> bool:
    """The committee office and the system administrator of the territory or of one above it."""
    return actor.is_system or (actor.role in SETTERS and actor.covers(region))
