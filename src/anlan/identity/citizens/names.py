"""Real names: a step that a city plugs its own check into. The number itself is never kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity.citizens import accounts
from anlan.identity.citizens.codes import digest_of
from anlan.identity.needs_citizens import RealName
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.wording import parsed


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check of name and number found. `by` names who vouches; empty: nobody does, only the check digit fits."""

    fits: bool
    by: str = ""


Checker = Callable[[str, str], Verdict]


def check_digit_only(name: str, id_number: str) -> Verdict:
    """Where no city plugged in more: the number could be one, whose it is remains unproved."""
    return Verdict(fits=True)


_checker: list[Checker] = [check_digit_only]


def real_name_by(check: Checker) -> Checker:
    """Let this function compare names with numbers from now on (a city's register, an outside service)."""
    _checker.append(check)
    return check


def real_name_of(person: UUID) -> str:
    """The name that somebody vouched for; empty when nobody did."""
    found = accounts.known(person)
    return found.name if found and found.verified else ""


def check_real_name(*, actor: Actor, data: RealName | dict[str, Any]) -> accounts.Known:
    """Keep the name with a keyed digest of the number. A name that somebody vouched for is not exchanged for another."""
    person = accounts.own(actor)
    facts = parsed(RealName, data)
    verdict = _checker[-1](facts.name, facts.id_number)
    if not verdict.fits:
        raise Invalid(fields={"id_number": [_("Name and number do not belong together.")]}, code="citizen.not_the_same")
    digest = digest_of("id", facts.id_number)
    with scope.acting(SYSTEM):
        row = accounts.held(person)
        if row.guest:
            raise Forbidden(_("Sign in with a phone first."), code="citizen.guest")
        if row.verified_at and row.id_digest != digest:
            raise Invalid(fields={"id_number": [_("This account was verified for somebody else.")]})
        row.person.name = facts.name
        row.person.save(update_fields=["name"])
        row.id_digest, row.id_last4 = digest, facts.id_number[-4:]
        row.verified_by, row.verified_at = verdict.by, clock.now() if verdict.by else None
        row.save(update_fields=["id_digest", "id_last4", "verified_by", "verified_at"])
        accounts.note(person, "give_real_name", verified=bool(verdict.by))
    found = accounts.known(person)
    assert found is not None  # noqa: S101 -- its row was locked a moment ago
    return found
