"""What came in waits here while it is read; a person looks at what was found before it is registered."""

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pydantic import BaseModel

from anlan.directives import jobs, needs
from anlan.directives.actions.registering import Coming, may_register, opened, own_file, take_in
from anlan.directives.models import Directive, Intake
from anlan.directives.reading import read
from anlan.directives.reading.sources import Source
from anlan.files.actions import link_files
from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.refusals import Refused
from anlan.kernel.wording import parsed

log = structlog.get_logger(__name__)
SUBJECT = "directive_intake"
UNREADABLE = "directive.unreadable"


def bring_in(*, actor: Actor, data: BaseModel | dict[str, Any]) -> Intake:
    """
    A text or a file is put down to be read: a text at once, a file by a job, since parsing and recognising may take a minute.

    Raises Forbidden outside the office's territory, Invalid unless there is just one of text and file.
    """
    checked = parsed(needs.Register, data)
    may_register(actor, checked.region)
    if bool(checked.text.strip()) == (checked.file is not None):
        raise Invalid(fields={"text": [_("Give either the text or the file.")]})
    row = Intake(
        id=new_id(), region=checked.region, person_id=actor.person, created_at=clock.now(), changed_at=clock.now()
    )
    if checked.file is None:
        row.text = checked.text
        _settle(row, Source(checked.text, "text"))
    else:
        file = own_file(actor, checked.file)
        row.file_id, row.file_name, row.sha256 = file.pk, file.name, file.sha256
    row.save(force_insert=True)
    if checked.file:  # seen through its record, whoever of the office goes on with it
        link_files(
            actor=actor, ids=[checked.file], subject_type=SUBJECT, subject_id=row.pk, field="file", documents=True
        )
    if row.state == "waiting":
        jobs.read_intake.defer(intake_id=str(row.pk))
    return row


def read_waiting(intake: UUID) -> None:
    """The job: parse or recognise in the limited child, then read. Twice over it does nothing the second time."""
    with scope.acting(SYSTEM):
        row = Intake.objects.select_for_update().filter(pk=intake, state__in=("waiting", "running")).first()
        if row is None:
            return
        row.state, row.changed_at = "running", clock.now()
        row.save(update_fields=["state", "changed_at"])
    # Between the two transactions nothing is held: recognising a picture takes its time.
    try:
        _settle(row, opened(row.sha256, row.file_name))
    except Refused as refused:
        row.state, row.trouble = "failed", refused.code
        with override(settings.LANGUAGE_CODE):
            row.trouble_facts = {**refused.params, "detail": refused.detail}
    except Exception:
        log.exception("directives.intake_failed", intake=str(intake))
        row.state, row.trouble = "failed", UNREADABLE
    row.changed_at = clock.now()
    with scope.acting(SYSTEM):
        if Intake.objects.filter(pk=intake, state="running").exists():  # else somebody gave it up meanwhile
            row.save()


def _settle(row: Intake, source: Source) -> None:
    reading = read(source.text, received=clock.today())
    layout = reading.layout
    days = [one.when.due for one in reading.proposals if one.when and one.when.due]
    row.text, row.kind, row.state = source.text, source.kind, "done"
    row.facts = {
        "title": layout.title[:200],
        "reference": layout.number[:60],
        "issuer": layout.issuer[:120],
        "dated": layout.dated.isoformat() if layout.dated else None,
        "limit": max(days).isoformat() if days else None,
        "proposals": len(reading.proposals),
        "lost": len(reading.normal.damaged),
    }


def register_intake(*, actor: Actor, intake: UUID, data: BaseModel | dict[str, Any]) -> Directive:
    """
    What was read becomes a document, with the head a person looked at. Raises NotFound, Forbidden, Conflict while it is
    still being read, Invalid.
    """
    checked = parsed(needs.Head, data)
    row = _held(actor, intake)
    if row.state != "done":
        raise Conflict(_("It is not read yet."), code="directive.not_read")
    coming = Coming(id=row.pk, region=row.region, source=Source(row.text, row.kind), file=row.file_id)
    made = take_in(actor, checked, coming)
    if row.file_id:
        File.objects.filter(pk=row.file_id, subject_id=row.pk).update(subject_type="directive")
    row.delete()
    return made


def give_up(*, actor: Actor, intake: UUID) -> None:
    """It is not registered after all; its file stays in the store, tied to nothing."""
    _held(actor, intake).delete()


def _held(actor: Actor, intake: UUID) -> Intake:
    row = Intake.objects.select_for_update(of=("self",)).filter(pk=intake).first()
    if row is None:
        raise NotFound
    may_register(actor, row.region)
    return row
