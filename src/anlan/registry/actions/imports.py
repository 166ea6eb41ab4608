"""A workbook sent in: checked, then loaded whole by a job. What is killed half-way leaves nothing and is done again."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.identity.acting import actor_in_office
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.text import clean_line
from anlan.registry import jobs, rules, shelf
from anlan.registry.kinds import kinds
from anlan.registry.loading import Outcome, run
from anlan.registry.models import Import
from anlan.registry.tidying import WAITING

log = structlog.get_logger(__name__)
TOLD_EVERY = 10_000
"""Rows between two words on the progress."""


def send_import(*, actor: Actor, kind: str, source: Path, name: str) -> Import:
    """Keep the workbook and have it checked by a job; nothing is loaded."""
    if kind not in kinds:
        raise NotFound
    if not rules.imports(actor, kind) or actor.person is None:
        raise Forbidden
    digest, size = shelf.keep(source)
    now = clock.now()
    sent = Import.objects.create(
        id=new_id(),
        kind=kind,
        file_name=clean_line(name)[:200],
        sha256=digest,
        size=size,
        person_id=actor.person,
        post_id=actor.post,
        actor_name=actor.name,
        region=actor.region,
        created_at=now,
        changed_at=now,
    )
    jobs.check_import.defer(import_id=str(sent.pk))
    return sent


def start_import(*, actor: Actor, sent: UUID) -> Import:
    """Load what was checked and found in order. Asking twice starts it once."""
    found = Import.objects.select_for_update().filter(pk=sent).first()
    if found is None:
        raise NotFound
    if not rules.imports(actor, found.kind):
        raise Forbidden
    if found.state in ("loading", "loaded"):
        return found
    if found.state not in ("ready", "failed"):
        raise Conflict(_("The file must be checked and free of faults before it can be loaded."))
    found.state, found.done, found.trouble, found.changed_at = "loading", 0, "", clock.now()
    found.save()
    jobs.load_import.defer(import_id=str(found.pk))
    return found


class _OvertakenError(Exception):
    """Another worker did the same job faster."""


def check_sent(import_id: UUID) -> None:
    """The job: everything that is wrong with the file, as its sender would meet it."""
    sent = _sent(import_id, "checking")
    if sent is None:
        return

    def settle(outcome: Outcome) -> None:
        report = outcome.report
        _change(
            import_id,
            state="ready" if report.ok else "faulty",
            report=report.as_dict(),
            total=sum(report.rows.values()),
            done=sum(report.rows.values()),
        )

    _run(sent, write=False, settle=settle)


def load_sent(import_id: UUID) -> None:
    """The job: the file is read and judged anew and loaded in one transaction with the word that it was."""
    sent = _sent(import_id, "loading")
    if sent is None:
        return

    def settle(outcome: Outcome) -> None:
        locked = Import.objects.select_for_update().get(pk=import_id)
        if locked.state != "loading":
            raise _OvertakenError
        rows = sum(outcome.report.rows.values())
        if not outcome.report.ok:
            _change(import_id, state="faulty", report=outcome.report.as_dict(), total=rows, done=rows)
            return
        note_import(actor=scope.current() or SYSTEM, sent=sent.pk, kind=sent.kind, digest=sent.sha256, outcome=outcome)
        _change(import_id, state="loaded", counts=outcome.counts, report=None, total=rows, done=rows)

    try:
        _run(sent, write=True, settle=settle)
    except _OvertakenError:
        return
    except IntegrityError:
        _fail(import_id, _("Somebody registered one of these in the meantime. Send the file again to see which."))
    if _sent(import_id, "loaded"):
        _clear(sent.sha256)


def note_import(*, actor: Actor, sent: UUID, kind: str, digest: str, outcome: Outcome) -> None:
    write_note(
        actor=actor,
        subject_type="import",
        subject_id=sent,
        step="load_import",
        data={"kind": kind, "sha256": digest, "counts": outcome.counts},
        region=actor.region,
    )


def _sent(import_id: UUID, state: str) -> Import | None:
    with scope.acting(SYSTEM):
        return Import.objects.filter(pk=import_id, state=state).first()


def _run(sent: Import, *, write: bool, settle: Callable[[Outcome], None]) -> None:
    try:
        actor = _sender(sent)
        path = shelf.path(sent.sha256)
        run(actor=actor, kind=sent.kind, path=path, write=write, progress=_teller(sent.pk), settle=settle)
    except FileNotFoundError:
        _fail(sent.pk, _("The file was cleared away in the meantime. Send it again."))
    except Problem as problem:
        if sent.state == "checking":
            with scope.acting(SYSTEM):
                _change(sent.pk, state="refused", trouble=problem.detail[:500])
        else:
            _fail(sent.pk, problem.detail)
    except (IntegrityError, _OvertakenError):
        raise
    except Exception:
        _fail(sent.pk, _("Something failed on our side. Nothing was saved; please try again in a moment."))
        raise


def _sender(sent: Import) -> Actor:
    """The sender as the post they sent it as, if they still hold it."""
    with scope.acting(SYSTEM):
        actor = actor_in_office(sent.post_id) if sent.post_id else None
    if actor is None or not rules.imports(actor, sent.kind):
        raise Forbidden(_("The post this file was sent as is no longer held."))
    return actor


class _teller:  # noqa: N801 -- a function with a memory
    def __init__(self, import_id: UUID) -> None:
        self.import_id, self.told = import_id, 0

    def __call__(self, done: int) -> None:
        if done - self.told >= TOLD_EVERY:
            self.told = done
            with scope.acting(SYSTEM):
                Import.objects.filter(pk=self.import_id).update(done=done)


def _change(import_id: UUID, **facts: object) -> None:
    Import.objects.filter(pk=import_id).update(**facts, changed_at=clock.now())


def _fail(import_id: UUID, words: object) -> None:
    with transaction.atomic(), scope.acting(SYSTEM):
        _change(import_id, state="failed", trouble=str(words)[:500])


def _clear(digest: str) -> None:
    """The ledger keeps the file's hash; the file itself is only kept while another import of it waits."""
    with scope.acting(SYSTEM):
        waiting = Import.objects.filter(sha256=digest, state__in=WAITING)
        if not waiting.exists():
            shelf.drop(digest)


def discard_import(*, actor: Actor, sent: UUID) -> None:
    """The sender gives it up; the file goes."""
    found = Import.objects.select_for_update().filter(pk=sent).first()
    if found is None:
        raise NotFound
    if found.state in ("loading", "loaded"):
        raise Conflict(_("It is loaded or being loaded already."))
    if found.person_id != actor.person:
        raise Forbidden
    found.delete()
    transaction.on_commit(lambda: _clear(found.sha256))


def import_file(*, actor: Actor, kind: str, path: Path, write: bool) -> Outcome:
    """The command line's way in: the same checks, in this process."""
    if kind not in kinds:
        raise Invalid(_("There is no such kind of import."))
    if not rules.imports(actor, kind):
        raise Forbidden
    digest, _size = shelf.keep(path)

    def settle(outcome: Outcome) -> None:
        if outcome.counts:
            note_import(actor=actor, sent=new_id(), kind=kind, digest=digest, outcome=outcome)

    try:
        return run(actor=actor, kind=kind, path=path, write=write, settle=settle)
    finally:
        _clear(digest)
