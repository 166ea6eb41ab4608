"""
Uploads that survive a bad network: the verbs behind tus 1.0 (core, creation, checksum, expiration).

`received` says how many bytes are on disk for good: they are written, flushed to the disk and only then counted, in one
short transaction that holds the upload's row. A server killed in between counted nothing, and what it wrote beyond is cut off by the next
piece. A piece counts whole or not at all. The last piece also takes the file in, in the same transaction.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from anlan.files import kinds
from anlan.files.actions import take_document, take_photo, take_video
from anlan.files.drawing import receive_photo
from anlan.files.jobs import ask_to_draw
from anlan.files.models import File, Upload
from anlan.files.refusals import RefusedFile, refuse
from anlan.identity import roles
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.duties import duty
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from anlan.kernel.ids import new_id
from anlan.kernel.turns import one_at_a_time

KEPT = timedelta(days=7)
MOST_OPEN, MOST_BYTES = 500, 400_000_000
"""Unfinished uploads of one person, and what they may come to together: more than a long day in the field takes."""
KEPT_FREE = 1_000_000_000
"""Bytes of the disk that no upload may take: the rest of the platform writes there too."""
SENDERS = frozenset(roles.ROLES) - {
    roles.AUDITOR, roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN, roles.AUDIT_ADMIN,
}  # fmt: skip
"""Posts that have a record to attach a photo to."""
MOST_ASKED = 100
_BLOCK = 1 << 16
PASSING = frozenset({"file.busy", "file.timeout", "file.memory"})
"""Refusals that a second try may pass: the last piece is then not counted, and may be sent again."""


class WrongOffset(Conflict):
    code = "upload.offset"
    default_message = _("The upload goes on at another place. Ask where, and go on from there.")


class Locked(Problem):
    code = "upload.locked"
    status = 423
    default_message = _("Another piece of this upload is being written just now.")


class BadChecksum(Problem):
    code = "upload.checksum"
    status = 460
    default_message = _("The piece did not arrive as it was sent. Send it again.")


class Gone(Problem):
    code = "upload.gone"
    status = 410
    default_message = _("What was received of this upload is no longer here. Begin it anew.")


class TooManyOpen(Problem):
    code = "upload.too_many"
    status = 429
    default_message = _("Too many uploads are unfinished. Finish some of them first.")


class NoRoom(Problem):
    code = "upload.no_room"
    status = 507
    default_message = _("The server has no room for this file now. Keep it, and try again later.")
    retry_after = 3600


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Bytes as they arrived, already compared with their checksum; `source` stands at their beginning."""

    at: int
    size: int
    source: IO[bytes]


def partial(upload: UUID) -> Path:
    return Path(settings.ANLAN_FILES) / "partial" / str(upload)


def begin_upload(*, actor: Actor, length: int, sha256: str, kind: str, name: str, media_type: str) -> Upload:
    """Announce a file: its size, its SHA-256, what it is called. Inside `scope.acting(actor)`."""
    if actor.person is None or actor.role not in SENDERS:
        raise Forbidden
    kinds.check_size(length)
    one_at_a_time("uploads are begun")  # what is promised to all is one sum
    _check_room(actor.person, length)
    moment = clock.now()
    return Upload.objects.create(
        id=new_id(),
        person_id=actor.person,
        kind=kind,
        name=kinds.clean_name(name)[: kinds.NAME_LENGTH],
        media_type=media_type[:80],
        length=length,
        sha256=sha256,
        began_at=moment,
        expires_at=moment + KEPT,
    )


def _check_room(person: UUID, length: int) -> None:
    """An upload takes its whole room from its beginning, so that no two are promised the same."""
    mine = Upload.objects.filter(person_id=person, file=None).aggregate(count=Count("id"), bytes=Sum("length"))
    if mine["count"] >= MOST_OPEN or (mine["bytes"] or 0) + length > MOST_BYTES:
        raise TooManyOpen
    with scope.elevated("what others are still sending needs room on the same disk"):
        open_ones = Upload.objects.filter(file=None).aggregate(coming=Sum(F("length") - F("received")))
    folder = Path(settings.ANLAN_FILES)
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if shutil.disk_usage(there).free - (open_ones["coming"] or 0) - length < KEPT_FREE:
        raise NoRoom


def upload_of(upload: UUID) -> Upload:
    found = Upload.objects.filter(pk=upload, expires_at__gt=clock.now()).first()
    if found is None:
        raise NotFound
    return found


def add_piece(*, actor: Actor, upload: UUID, piece: Piece) -> Upload:
    """
    Write a piece behind what is there. Raises NotFound, WrongOffset, Locked, Gone, RefusedFile.

    Opens its own transaction: a refused file is forgotten, which an error that rolls back would undo.
    """
    try:
        with scope.acting(actor):
            row = _held(upload)
            if row.received != piece.at:
                raise WrongOffset
            if piece.at + piece.size > row.length:
                raise Invalid(fields={"Upload-Offset": [_("There are more bytes than were announced.")]})
            path = partial(row.pk)
            if piece.size:
                _write(path, piece)
            if row.file_id is None and piece.at + piece.size == row.length:
                row.file = _take(actor, row, path)
            row.received = piece.at + piece.size
            row.save(update_fields=["received", "file"])
    except RefusedFile as refused:
        if refused.code not in PASSING:
            _forget(actor, upload)
        raise
    if row.file_id:
        path.unlink(missing_ok=True)
    return row


def _held(upload: UUID) -> Upload:
    try:
        rows = Upload.objects.select_for_update(nowait=True, of=("self",))
        found = rows.filter(pk=upload, expires_at__gt=clock.now()).first()
    except DatabaseError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Locked from None
        raise
    if found is None:
        raise NotFound
    return found


def _write(path: Path, piece: Piece) -> None:
    """Durable when it returns. Bytes beyond `at` were never counted and are cut off."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = piece.at == 0
    try:
        handle = os.open(path, os.O_RDWR | (os.O_CREAT if fresh else 0), 0o600)
    except FileNotFoundError:
        raise Gone from None
    with os.fdopen(handle, "r+b") as file:
        if file.seek(0, os.SEEK_END) < piece.at:
            raise Gone
        file.truncate(piece.at)
        file.seek(piece.at)
        while block := piece.source.read(_BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _take(actor: Actor, row: Upload, path: Path) -> File:
    """The whole file, in by the same door as any other. Sent a second time it is the same file."""
    with path.open("rb") as whole:
        found = file_digest(whole, "sha256").hexdigest()
    if found != row.sha256:
        raise refuse("file.sha256")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"file {actor.person} {found}"])
    same = File.objects.filter(uploader_id=actor.person, sha256=found, kind=row.kind).order_by("id").first()
    if same is not None:
        return same
    names: dict[str, Any] = {"name": row.name, "media_type": row.media_type}
    if row.kind in ("document", "video"):
        take = take_document if row.kind == "document" else take_video
        return take(actor=actor, source=path, **names)
    if row.kind == "photo" and actor.veiled:
        return receive_photo(actor=actor, source=path, **names)
    return take_photo(
        actor=actor, source=path, kind=row.kind, purpose="signature" if row.kind == "signature" else "", **names
    )


def _forget(actor: Actor, upload: UUID) -> None:
    with scope.acting(actor):
        Upload.objects.filter(pk=upload, file=None).delete()
    partial(upload).unlink(missing_ok=True)


def known(*, actor: Actor, hashes: Iterable[str]) -> list[str]:
    """Which of these the actor sent already."""
    wanted = list(dict.fromkeys(hashes))
    mine = File.objects.filter(uploader_id=actor.person, sha256__in=wanted)
    found = set(mine.values_list("sha256", flat=True))
    return [one for one in wanted if one in found]


def files_by_hash(*, actor: Actor, hashes: Iterable[str], subject: UUID) -> dict[str, UUID]:
    """
    For each hash the actor's file to use in a record: one not yet tied to any, else one tied to `subject` already, else a
    second row over the same bytes (one photo may show two things). What was never sent is missing from the answer.
    """
    wanted = sorted(set(hashes))
    # Rows are held, so that two commands that want the same photo at once do not both take it.
    mine = File.objects.filter(uploader_id=actor.person, sha256__in=wanted).order_by("sha256", "id").select_for_update()
    found: dict[str, list[File]] = {}
    for file in mine:
        found.setdefault(file.sha256, []).append(file)
    return {digest: _usable(files, subject).pk for digest, files in found.items()}


def _usable(files: list[File], subject: UUID) -> File:
    preferred: tuple[Callable[[File], bool], ...] = (
        lambda one: one.subject_id is None,
        lambda one: one.subject_id == subject,
    )
    for fits in preferred:
        if chosen := next(filter(fits, files), None):
            return chosen
    again = files[0]
    again.pk, again.subject_type, again.subject_id = new_id(), "", None
    again.uploaded_at = clock.now()
    again.save(force_insert=True)
    if again.undrawn:
        ask_to_draw(again.pk)
    return again


@duty("uploads", every=3600.0)
def forget_old_uploads() -> int:
    """Seven days after its beginning an upload is forgotten; so are pieces of uploads nobody knows."""
    moment = clock.now()
    with scope.acting(SYSTEM):
        old = list(Upload.objects.filter(expires_at__lte=moment).values_list("pk", flat=True)[:10_000])
        Upload.objects.filter(pk__in=old).delete()
    for one in old:
        partial(one).unlink(missing_ok=True)
    folder = Path(settings.ANLAN_FILES) / "partial"
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            if path.stat().st_mtime < (moment - KEPT - timedelta(days=1)).timestamp():
                path.unlink()
    return len(old)
