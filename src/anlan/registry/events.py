"""What the registry says downstream. The hearer runs in the same transaction, or neither happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.events import Event
from anlan.registry.models import Enterprise, Site

STEP = "follow_enterprise"
"""The ledger's word for a record whose place was changed because its enterprise's was."""


@dataclass(frozen=True, kw_only=True)
class EnterpriseMoved(Event):
    """
    An enterprise is kept in another region or under another industry: what copies either from it follows, unless it is
    history. Told after the enterprise itself is saved; `region` and `industry_bit` are what they were.
    """

    enterprise: Enterprise
    actor: Actor
    region: int
    industry_bit: int


@dataclass(frozen=True, kw_only=True)
class SiteMoved(Event):
    """A site lies in another region: what copies its place follows. `region` is what it was."""

    site: Site
    actor: Actor
    region: int


@contextmanager
def following() -> Iterator[None]:
    """Whoever moves a record covers both its places, not always the fields of all that depends on it."""
    with scope.elevated("what is kept of an enterprise follows it, also what the mover's fields do not reach"):
        yield
