"""What a phone sends when it is back in the network: commands in, one result each out."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output, ProblemError
from anlan.kernel.inputs import Input, Moment
from anlan.site.sync import Result, run_batch, stored

router = Router(tags=["sync"])
MOST = 100
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SentCommand(Input):
    """One command. The same id is the same command for ever: sent again, it is answered as the first time."""

    id: UUID
    seq: Annotated[int, Field(ge=0, lt=2**53)] = Field(description="The phone's own order.")
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    subject: UUID = Field(description="The record it is about; of a fact that makes a record, the id the phone made.")
    base_version: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    at: Moment = Field(description="When it was done, by the phone's clock.")
    payload: dict[str, Any] = {}
    photos: Annotated[list[Sha256], Field(max_length=50)] = []


class SyncBatch(Input):
    device: UUID
    sent_at: Moment = Field(description="Now, by the phone's clock: the difference to ours puts `at` right.")
    commands: Annotated[list[SentCommand], Field(max_length=MOST)]


class CommandResult(Output):
    """
    `applied`, `already` (sent before: the stored answer); `waiting` (photos missing), `conflict` (the record moved on), `rejected`
    (never passes as it is), `held` (not tried, or to be tried again as it is), `reused` (the id stands for another command).
    """

    id: UUID
    status: Literal["applied", "already", "waiting", "conflict", "rejected", "held", "reused"]
    version: int | None = None
    record: dict[str, Any] = {}
    code: str = ""
    detail: str = ""
    errors: list[ProblemError] = []
    missing: list[str] = []


class SyncAnswer(Output):
    received_at: datetime
    results: list[CommandResult]


def _actor(request: HttpRequest) -> Actor:
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def _told(result: Result) -> CommandResult:
    return CommandResult(**vars(result) | {"errors": [ProblemError(**one) for one in result.errors]})


@router.post("sync", response=SyncAnswer, operation_id="sync", summary="Send a phone's commands")
def sync(request: HttpRequest, batch: Body[SyncBatch]) -> SyncAnswer:
    """In the order of `seq`, each exactly once. What was answered `applied` or `already` is done; the rest left nothing behind."""
    moment = clock.now()
    results = run_batch(
        actor=_actor(request),
        device=batch.device,
        sent_at=batch.sent_at,
        commands=batch.commands,
        received_at=moment,
    )
    return SyncAnswer(received_at=moment, results=[_told(one) for one in results])


@router.get(
    "sync/commands/{uuid:command_id}",
    response=CommandResult,
    operation_id="sync_command",
    summary="What was answered to a command",
)
def command(request: HttpRequest, command_id: UUID) -> CommandResult:
    """One's own; 404 when it was never carried out."""
    return _told(stored(_actor(request), command_id))
