"""What a phone asks for when it is back in the network: commands, never rows.

A room declares the kinds of command it takes, beside the verbs they call. The one executor (`site.sync`) gives each command its own
transaction in which its key, its effect, the ledger entry and the stored answer are made together, so that a command sent twice is done
once. Facts (answers, findings, photos) are only ever added and never conflict; transitions check `base_version`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from anlan.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command as it arrived. `files` are the ids of the photos it named by hash, in its order; all of them are here."""

    id: UUID
    device: UUID
    seq: int
    kind: str
    subject: UUID
    base_version: int | None
    client_at: datetime
    """The phone's clock, put right by the offset measured at sending."""
    files: tuple[UUID, ...] = ()
    photos: Mapping[str, UUID] = field(default_factory=dict)
    """Every photo by its SHA-256, those that the payload itself names (`CommandKind.names`) too."""

    def files_of(self, hashes: Iterable[str]) -> list[UUID]:
        return [self.photos[one] for one in hashes]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What the phone is told: the record's new version and whatever it should now show."""

    version: int | None = None
    record: dict[str, Any] = field(default_factory=dict)


Run = Callable[[Actor, Command, Any], Done]
Names = Callable[[Any], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class CommandKind:
    """`needs` is the shape of its payload. A `fact` needs no base version and is taken whatever happened meanwhile."""

    name: str
    needs: type[BaseModel]
    run: Run
    fact: bool = False
    names: Names = lambda _data: ()
    """Hashes of photos that stand in the payload: all of them must be here before it runs."""


command_kinds: dict[str, CommandKind] = {}


def command(
    name: str, needs: type[BaseModel], *, fact: bool = False, names: Names = lambda _data: ()
) -> Callable[[Run], Run]:
    """Declare the decorated `run(actor, command, data)` as what `name` does. It raises Problems and returns `Done`."""

    def declare(run: Run) -> Run:
        if name in command_kinds:
            raise ValueError(f"the command {name} is declared twice")
        command_kinds[name] = CommandKind(name=name, needs=needs, run=run, fact=fact, names=names)
        return run

    return declare
