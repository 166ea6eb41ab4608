"""Who may do what with a report: predicates over an actor and a report."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rules

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.reports import rulings
from anlan.reports.models import Report, Seal

DESK = frozenset({roles.DISPATCHER, roles.OFFICE})
"""Posts that sort what citizens send."""
UNIT = frozenset({roles.REGULATOR, roles.INSPECTOR})
"""Posts of a unit that go and look."""
READERS = roles.OFFICIALS | roles.INTAKE
"""Officials who may have reports in sight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant(Actor):
    """Whoever showed the claim code of one report: a citizen of whom nothing more is known."""

    report: UUID


def _covers(actor: Actor, report: Report) -> bool:
    """By territory alone: the desk sorts for every field."""
    return actor.covers(report.region)


@rules.predicate
def may_submit(actor: Actor, report: Any) -> bool:
    """A citizen, for themselves; the desk for whoever calls or writes; the platform for its doors to other systems."""
    if report.channel == "desk":
        return actor.role in DESK and _covers(actor, report)
    return actor.role == roles.CITIZEN or actor.is_system


@rules.predicate
def is_desk(actor: Actor, report: Any) -> bool:
    return actor.role in DESK and _covers(actor, report)


@rules.predicate
def is_office(actor: Actor, report: Any) -> bool:
    return actor.role == roles.OFFICE and _covers(actor, report)


@rules.predicate
def is_unit(actor: Actor, report: Any) -> bool:
    """Of the unit that has it now: what was sent back, or came back to the desk after an answer, is no longer theirs."""
    theirs = actor.organisation is not None and actor.organisation == report.unit_id
    return actor.role in UNIT and theirs and report.state == "dispatched"


@rules.predicate
def is_system(actor: Actor, _report: Any) -> bool:
    return actor.is_system


@rules.predicate
def is_citizen(actor: Actor, _report: Any) -> bool:
    return actor.role == roles.CITIZEN


@rules.predicate
def is_reporter(actor: Actor, report: Any) -> bool:
    """The first reporter, by account or by claim code."""
    if isinstance(actor, Claimant):
        return actor.report == report.pk
    if actor.role != roles.CITIZEN or actor.person is None:
        return False
    return Seal.objects.filter(report_id=report.pk, person_id=actor.person, first=True).exists()


@rules.predicate
def may_open_seal(actor: Actor, report: Any) -> bool:
    """The posts that the city names, in their own territory."""
    return actor.role in value(rulings.OPENERS.key, report.region) and _covers(actor, report)
