"""Numbered rules of accounts and posts; each `message` is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Person
from anlan.identity.roles import ADMINISTRATORS
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict
from anlan.kernel.flow import Check


class NotYourself(Check):
    """Nobody administers their own account."""

    message = _(
        "Nobody gives rights to themselves or administers their own account. Ask another security administrator."
    )

    def holds(self, record: Person, actor: Actor, data: Any | None) -> bool:
        return record.pk != actor.person


class SeparatedPowers(Check):
    """System, security and audit administration never meet in one person, nor with an operating post (三权分立)."""

    message = _(
        "This person already holds a post that cannot be combined with it: the system, security and audit administrator"
        " are three people, and none of them holds an operating post. End the other post first."
    )

    def holds(self, record: set[str], actor: Actor, data: str | None) -> bool:
        """`record`: the roles held at any time from now on; `data`: the role to be given."""
        held = record | ({data} if data else set())
        return len(held) < 2 or not held & ADMINISTRATORS


def hold(check: Check, record: Any, actor: Actor, data: Any = None) -> None:
    """Raise Conflict with the check's words and code unless it holds."""
    if not check.holds(record, actor, data):
        raise Conflict(check.words(record), code=check.code)
