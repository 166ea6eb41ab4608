"""Taking a document in: it is read at once, and what the reader proposes is kept beside it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.directives import needs
from anlan.directives.models import Directive, Proposal
from anlan.directives.queries.twins import twin_of
from anlan.directives.reading import LONGEST, Reading, read
from anlan.directives.reading.shown import shown
from anlan.directives.reading.sources import MESSAGES, Source, open_document
from anlan.directives.rules import registers
from anlan.files.actions import link_files, store
from anlan.files.models import File
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.numbering import next_number
from anlan.kernel.refusals import Refused
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed

PREFIX, COUNTER = "LW", "directive"


def register(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Directive:  # noqa: A002
    """
    A text or a file (docx, PDF, picture) becomes a document with its proposals; facts a person gives win over those read.

    Raises Forbidden outside the office's territory, Invalid at the field for what cannot be read, Conflict for a document that the
    territory has.
    """
    checked = parsed(needs.Register, data)
    may_register(actor, checked.region)
    key = id or new_id()
    coming = Coming(id=key, region=checked.region, source=_source(actor, checked), file=checked.file)
    made = take_in(actor, checked, coming)
    if checked.file:  # a file is seen through its record, so that comes first
        link_files(
            actor=actor, ids=[checked.file], subject_type="directive", subject_id=key, field="file", documents=True
        )
    return made


@dataclass(frozen=True, kw_only=True)
class Coming:
    """What is about to become a document."""

    id: UUID
    region: int
    source: Source
    file: UUID | None


def may_register(actor: Actor, region: int) -> None:
    if not registers(actor, region):
        raise Forbidden(_("Only %(who)s may do this."), who=_("the committee office of the territory"))


def take_in(actor: Actor, head: needs.Head, coming: Coming) -> Directive:
    """It is read, registered, and its proposals stand beside it."""
    received = head.received_on or clock.today()
    text = coming.source.text
    reading = read(text, received=received)
    digest = sha256(text.encode()).hexdigest()
    one_at_a_time(f"directive {coming.region} {digest}")
    if Directive.objects.filter(region=coming.region, sha256=digest).exists():
        raise Conflict(_("This document was taken in already."), code="directive.exists")
    made = _directive(actor, head, coming, reading)
    _not_twice(made, another=head.another)
    made.received_on, made.sha256 = received, digest
    made.save(force_insert=True)
    _propose(made, reading)
    write_note(
        actor=actor,
        subject_type="directive",
        subject_id=made.pk,
        step="register_directive",
        data={
            "number": made.number,
            "reference": made.reference,
            "title": made.title,
            "sha256": digest,
            "proposals": len(reading.proposals),
        },
        region=made.region,
    )
    return made


def _not_twice(made: Directive, *, another: bool) -> None:
    """One number of one issuer is one document, unless a person says that it is another."""
    if another:
        return
    if twin := twin_of(made.region, made.reference, made.issuer):
        words = _(
            "%(number)s bears the same number and issuer: “%(title)s”. If this is another document, say so below."
        )
        facts = {"number": twin.number, "title": twin.title}
        raise Invalid(fields={"reference": [words % facts]})


def _source(actor: Actor, checked: needs.Register) -> Source:
    if bool(checked.text.strip()) == (checked.file is not None):
        raise Invalid(fields={"text": [_("Give either the text or the file.")]})
    if checked.file is None:
        if len(checked.text) > LONGEST:
            raise Invalid(fields={"text": [MESSAGES["directive.too_long"] % {"limit": LONGEST}]})
        return Source(checked.text, "text")
    file = own_file(actor, checked.file)
    try:
        return opened(file.sha256, file.name)
    except Refused as refused:
        raise Invalid(fields={"file": [refused.detail]}) from refused


def own_file(actor: Actor, file: UUID) -> File:
    """An upload of the actor's own that belongs to no record yet."""
    found = File.objects.filter(pk=file, uploader_id=actor.person, subject_id=None).first()
    if found is None:
        raise Invalid(fields={"file": [_("This file is not yours, or belongs to another record. Upload it again.")]})
    return found


def opened(digest: str, name: str) -> Source:
    """The text of a stored file. Raises Refused for what cannot be read."""
    with store().open(digest) as kept:
        data = kept.read()
    return open_document(data, name=name)


def _directive(actor: Actor, head: needs.Head, coming: Coming, reading: Reading) -> Directive:
    layout = reading.layout
    title = head.title or layout.title
    if not title:
        raise Invalid(fields={"title": [_("The document names no title. Type one.")]})
    return Directive(
        id=coming.id,
        number=next_number(PREFIX, COUNTER, region=coming.region, year=clock.today().year),
        reference=head.reference or layout.number[:60],
        title=title[:200],
        issuer=head.issuer or layout.issuer[:120],
        addressees=list(layout.addressees),
        dated=head.dated or layout.dated,
        limit=head.limit,
        region=coming.region,
        kind=coming.source.kind,
        file_id=coming.file,
        text=coming.source.text,
        normalised=reading.normal.text,
        changes=shown(reading)["changes"],
        registered_by=actor.person,
        created_at=clock.now(),
    )


def _propose(directive: Directive, reading: Reading) -> None:
    rows = shown(reading)["tasks"]
    Proposal.objects.bulk_create(
        Proposal(
            id=new_id(),
            directive=directive,
            region=directive.region,
            position=position,
            start=row["span"][0],
            end=row["span"][1],
            fields=row,
            confidence_permille=round(row["confidence"] * 1000),
        )
        for position, row in enumerate(rows, start=1)
    )
