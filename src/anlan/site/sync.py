"""
The one executor of what phones ask for (`kernel.commands`).

Each command is a transaction of its own, so the request stands outside the usual one (`identity.middleware.APART`): its effect, its
ledger entry and its stored answer are committed together. A server killed in the middle of a batch keeps what it had
finished; the phone, which got no answer, sends all again and is told `already` for those. One transaction for the whole
batch would be exactly once too, but a hundred commands would hold their locks (counters of a county, records, the
sequencer's horizon) until the last of them, and one unexpected fault would throw all away.

Nothing is kept of a command that did not go through, so that the same id may come again once the world has changed.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, ValidationError

from anlan.files.tus import files_by_hash
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.commands import Command, CommandKind, Done, command_kinds
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, Invalid, NotFound, Problem
from anlan.kernel.models import DoneCommand, Entry
from anlan.kernel.wording import field_errors
from anlan.site.faults import Busy, Unavailable, as_problem
from anlan.site.refusals import keep
from anlan.site.rendering import plain

log = structlog.get_logger(__name__)
WENT_THROUGH = frozenset({"applied", "already"})
TRIES = 3
WAIT = "5s"


class Sent(Protocol):
    """A command as it came in."""

    id: UUID
    seq: int
    kind: str
    subject: UUID
    base_version: int | None
    at: datetime
    payload: dict[str, Any]
    photos: list[str]


@dataclass(frozen=True, kw_only=True)
class Result:
    id: UUID
    status: str
    version: int | None = None
    record: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class _Waiting(Exception):
    """Photos are missing."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing


class _Reused(Exception):
    """The id stands for another command."""


def run_batch(
    *, actor: Actor, device: UUID, sent_at: datetime, commands: Sequence[Sent], received_at: datetime
) -> Iterator[Result]:
    """In the phone's own order. What follows on a record after a command that did not go through is not tried."""
    offset = received_at - sent_at
    stopped: set[UUID] = set()
    for sent in sorted(commands, key=lambda one: one.seq):
        if sent.subject in stopped:
            yield Result(id=sent.id, status="held", code="sync.held", detail=str(HELD))
            continue
        client_at = min(sent.at + offset, received_at)
        result = run_command(actor=actor, device=device, sent=sent, client_at=client_at)
        if result.status not in WENT_THROUGH:
            stopped.add(sent.subject)
        yield result


HELD = _("An earlier command of the same record did not go through.")
REUSED = _("This id was already used for a different command.")
WAITING = _("Photos are missing. Send them, then ask again.")
FAILED = _("Something went wrong on our side. Nothing was saved; it will be tried again.")
UNKNOWN = _("This server does not know “%(kind)s”. Bring the app and the server to the same version.")


def run_command(*, actor: Actor, device: UUID, sent: Sent, client_at: datetime) -> Result:
    """One command, exactly once; whatever is in the way becomes its result."""
    told: Problem
    for more in reversed(range(TRIES)):
        try:
            return _carry_out(actor, device, sent, client_at)
        except _Waiting as waiting:
            return Result(
                id=sent.id, status="waiting", code="sync.waiting", detail=str(WAITING), missing=waiting.missing
            )
        except _Reused:
            return Result(id=sent.id, status="reused", code="sync.reused", detail=str(REUSED))
        except Exception as error:
            if _taken(error):
                return Result(id=sent.id, status="reused", code="sync.reused", detail=str(REUSED))
            problem = as_problem(error)
            if isinstance(problem, Unavailable):
                raise  # no database, no answer: all of it comes again
            if problem is None:
                # One broken command must not keep the others on the phone for ever.
                log.exception("sync.failed", kind=sent.kind, command=str(sent.id))
                return Result(id=sent.id, status="held", code="sync.failed", detail=str(FAILED))
            told = problem
            if not isinstance(problem, Busy) or not more:
                break
    if isinstance(told, Busy):
        return Result(id=sent.id, status="held", code=told.code, detail=told.detail)
    return _refused(actor, sent, told)


def _taken(error: Exception) -> bool:
    """Somebody else's command has this id: its row is not seen, but its key is."""
    cause = error.__cause__
    return isinstance(cause, UniqueViolation) and cause.diag.constraint_name == "kernel_command_pkey"


def _refused(actor: Actor, sent: Sent, problem: Problem) -> Result:
    """The record moved on: the phone decides what becomes of it. Anything else never passes as it is."""
    moved = isinstance(problem, Conflict | CalendarEnds)
    if isinstance(problem, Forbidden | NotFound):
        keep(actor, problem, method="COMMAND", path=f"/api/v1/sync {sent.kind} {sent.subject}")
    errors = [
        {"field": name, "message": str(message)} for name, messages in problem.fields.items() for message in messages
    ]
    return Result(
        id=sent.id,
        status="conflict" if moved else "rejected",
        version=_version(actor, sent.subject) if moved else None,
        code=problem.code,
        detail=problem.detail,
        errors=errors,
    )


def _version(actor: Actor, subject: UUID) -> int | None:
    """The record's present version: that of its last entry in the ledger, as far as the actor sees it."""
    with scope.acting(actor):
        found: int | None = Entry.objects.filter(subject_id=subject).aggregate(last=Max("version"))["last"]
    return found


def _carry_out(actor: Actor, device: UUID, sent: Sent, client_at: datetime) -> Result:
    digest, person = digest_of(sent), _person(actor)
    with scope.acting(replace(actor, client_at=client_at)):
        _one_at_a_time(sent.id)
        if kept := DoneCommand.objects.filter(pk=sent.id, person_id=person).first():
            if kept.digest != digest:
                raise _Reused
            return Result(id=sent.id, status="already", **kept.answer)
        kind = command_kinds.get(sent.kind)
        if kind is None:
            raise Invalid(UNKNOWN, code="sync.unknown_kind", kind=sent.kind)
        data = _checked(kind, sent.payload)
        photos = _photos(actor, sent, kind, data)
        command = Command(
            id=sent.id,
            device=device,
            seq=sent.seq,
            kind=sent.kind,
            subject=sent.subject,
            base_version=sent.base_version,
            client_at=client_at,
            files=tuple(photos[one] for one in sent.photos),
            photos=photos,
        )
        done = kind.run(replace(actor, client_at=client_at), command, data)
        answer = _plain(done)
        DoneCommand.objects.create(
            id=sent.id,
            person_id=person,
            post_id=actor.post,
            device=device,
            seq=sent.seq,
            kind=sent.kind,
            subject=sent.subject,
            digest=digest,
            answer=answer,
            client_at=client_at,
            at=clock.now(),
        )
    return Result(id=sent.id, status="applied", **answer)


def _person(actor: Actor) -> UUID:
    """Commands belong to a person; the platform itself has no phone."""
    if actor.person is None:
        raise Forbidden
    return actor.person


def digest_of(sent: Sent) -> str:
    """Of what is asked, whatever the order and spacing in which it was written, and in whichever batch it comes."""
    what = {
        "id": sent.id,
        "kind": sent.kind,
        "subject": sent.subject,
        "base_version": sent.base_version,
        "at": sent.at,
        "payload": sent.payload,
        "photos": sent.photos,
    }
    text = json.dumps(what, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _one_at_a_time(command: UUID) -> None:
    """The same command sent twice at once waits here for the first; its row, made at the end, may never be changed."""
    with connection.cursor() as cursor:
        # The limit holds for the whole command: who waits too long for any row gives way and is tried again.
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [WAIT, f"command {command}"],
        )


def _checked(kind: CommandKind, payload: dict[str, Any]) -> BaseModel:
    try:
        return kind.needs.model_validate(payload)
    except ValidationError as error:
        raise Invalid(fields=field_errors(error, kind.needs)) from None


def _photos(actor: Actor, sent: Sent, kind: CommandKind, data: BaseModel) -> dict[str, UUID]:
    wanted = list(dict.fromkeys([*sent.photos, *kind.names(data)]))
    found = files_by_hash(actor=actor, hashes=wanted, subject=sent.subject) if wanted else {}
    if missing := [one for one in wanted if one not in found]:
        raise _Waiting(missing)
    return found


def _plain(done: Done) -> dict[str, Any]:
    """As it is stored, so that the first answer and every later one are the same."""
    made: dict[str, Any] = json.loads(json.dumps({"version": done.version, "record": done.record}, default=plain))
    return made


def stored(actor: Actor, command: UUID) -> Result:
    """What was answered to one's own command."""
    with scope.acting(actor):
        kept = DoneCommand.objects.filter(pk=command, person_id=_person(actor)).first()
    if kept is None:
        raise NotFound
    return Result(id=kept.pk, status="already", **kept.answer)
