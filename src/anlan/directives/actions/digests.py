"""The weekly digest: drafted from the records, edited by a person, issued once and then never changed."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pydantic import BaseModel

from anlan.directives import needs
from anlan.directives.models import Digest, DigestDraft
from anlan.directives.queries.board import monday
from anlan.directives.queries.drafting import draft
from anlan.directives.rules import registers
from anlan.directives.rulings import STEM
from anlan.files.actions import store
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.numbering import take_numbers
from anlan.kernel.papers import pdf, word
from anlan.kernel.papers.paper import Heading, Paper, Paragraph, official_number
from anlan.kernel.papers.printing import NoPdf
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.registry.queries import region_names

COUNTER = "directive_digest"


def draft_digest(*, actor: Actor, week: date | None = None) -> DigestDraft:
    """
    The draft of the week that a day lies in, made anew from the records: what was typed in an earlier one is lost.

    Raises Forbidden, Invalid for a week that has not begun.
    """
    region = actor.region
    if region is None or not registers(actor, region):
        raise Forbidden(_("Only %(who)s may do this."), who=_("the committee office"))
    first = monday(week or clock.today())
    if first > clock.today():
        raise Invalid(fields={"week": [_("This week has not begun.")]})
    one_at_a_time(f"digest {region} {first}")
    drafted = draft(actor, first)
    row = DigestDraft.objects.filter(region=region, week=first).first() or DigestDraft(
        id=new_id(), region=region, week=first, version=0
    )
    row.title, row.sections, row.facts = drafted.title, drafted.sections, drafted.facts
    row.version, row.person_id, row.changed_at = row.version + 1, actor.person, clock.now()
    row.save()
    return row


def save_digest(*, actor: Actor, draft_id: UUID, data: BaseModel | dict[str, Any]) -> DigestDraft:
    """What a person typed. Raises Conflict when somebody else saved meanwhile."""
    checked = parsed(needs.EditDigest, data)
    row = _held(actor, draft_id)
    if checked.version and checked.version != row.version:
        raise Conflict(_("Somebody else changed the draft meanwhile. Look at it anew."), code="digest.changed")
    row.title, row.reference = checked.title, checked.reference
    row.sections = [one.model_dump() for one in checked.sections]
    row.version, row.person_id, row.changed_at = row.version + 1, actor.person, clock.now()
    row.save()
    return row


def issue_digest(*, actor: Actor, draft_id: UUID) -> Digest:
    """
    The draft leaves as an official document, with the next number of the year unless one was typed. Both forms are kept by their
    content; where pages cannot be set there is only the Word one. Raises Conflict for a number that was given already.
    """
    row = _held(actor, draft_id)
    order, reference = _numbered(row)
    made = Digest(
        id=new_id(),
        region=row.region,
        week=row.week,
        order=order,
        title=row.title,
        reference=reference,
        organ=_organ(actor, row.region),
        sections=row.sections,
        facts=row.facts,
        issued_by=actor.person,
        issued_by_name=actor.name,
        issued_at=clock.now(),
    )
    made.docx_sha256, made.pdf_sha256 = _kept(paper_of(made))
    made.save(force_insert=True)
    row.delete()
    write_note(
        actor=actor,
        subject_type="digest",
        subject_id=made.pk,
        step="issue_digest",
        data={"reference": reference, "title": made.title, "docx": made.docx_sha256, "pdf": made.pdf_sha256},
        region=made.region,
    )
    return made


def _numbered(row: DigestDraft) -> tuple[int, str]:
    """Its place in the year and its number; numbers that were typed earlier are passed over."""
    year = clock.today().year
    issued = Digest.objects.filter(region=row.region)
    while True:
        order = take_numbers(COUNTER, region=row.region, year=year)
        reference = row.reference or official_number(str(value(STEM.key, row.region)), year, order)
        if not issued.filter(reference=reference).exists():
            return order, reference
        if row.reference:
            raise Conflict(_("A digest with this number was issued already."), code="digest.number")


def discard_digest(*, actor: Actor, draft_id: UUID) -> None:
    _held(actor, draft_id).delete()


def _organ(actor: Actor, region: int) -> str:
    """The office's own name; without one, that of the territory with what such offices are called."""
    return actor.organisation_name or f"{region_names([region]).get(region, '')}安全生产委员会办公室"


def paper_of(digest: Digest) -> Paper:
    """Sections without words are left out."""
    blocks: list[Heading | Paragraph] = []
    for one in digest.sections:
        lines = [line.strip() for line in one["text"].splitlines() if line.strip()]
        if lines:
            blocks.append(Heading(level=1, text=one["heading"]))
            blocks += [Paragraph(text=line) for line in lines]
    return Paper(
        organ=digest.organ,
        number=digest.reference,
        title=digest.title,
        signature=digest.organ,
        date=clock.day_of(digest.issued_at),
        blocks=tuple(blocks),
    )


def _kept(paper: Paper) -> tuple[str, str]:
    with override("zh-hans"):
        docx = store().put(word.write(paper))
        try:
            return docx, store().put(pdf.write(paper))
        except NoPdf:
            return docx, ""


def _held(actor: Actor, draft_id: UUID) -> DigestDraft:
    row = DigestDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if row is None:
        raise NotFound
    if not registers(actor, row.region):
        raise Forbidden(_("Only %(who)s may do this."), who=_("the committee office"))
    return row
