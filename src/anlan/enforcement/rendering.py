"""
The documents of an instrument, made once when it is numbered and kept by their digest: Word and PDF from one paper; by an operator's
own template Word alone, which then is the one that binds (docs/decisions/own-template-binds.md).
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anlan.enforcement.models import Instrument, Organ
from anlan.enforcement.papers import Issue, paper_of
from anlan.enforcement.rulings import kind_of, remedies
from anlan.enforcement.sheets import issued_sheet
from anlan.files.actions import store
from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.ids import new_id
from anlan.kernel.papers import pdf, word
from anlan.kernel.papers.paper import Paper, Seal
from anlan.kernel.papers.printing import NoPdf

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A document by an operator's own template, and the digest of that template."""

    docx: bytes
    template: str


OwnTemplate = Callable[[Instrument, Paper], Filled | None]
_own: list[OwnTemplate] = []


def written_by(fill: OwnTemplate) -> OwnTemplate:
    """Register who fills an operator's own docx template; None where there is none for the instrument's kind and territory."""
    _own.append(fill)
    return fill


def paper(instrument: Instrument, organ: Organ | None, *, seal: Seal | None = None) -> Paper:
    """The instrument as it stands, or as it was issued."""
    return paper_of(
        kind_of(instrument),
        instrument.fields,
        Issue(
            addressee=instrument.addressee,
            organ=organ.name if organ else "",
            day=instrument.issued_on or clock.today(),
            number=instrument.number,
            after=_number_of(instrument.after_id),
            remedies=remedies(instrument.issuer),
            seal=seal,
        ),
    )


def _number_of(instrument: UUID | None) -> str:
    if instrument is None:
        return ""
    with scope.elevated("an instrument names the earlier one by its number"):
        return Instrument.objects.values_list("number", flat=True).filter(pk=instrument).first() or ""


def seal_of(organ: Organ) -> Seal | None:
    """The picture of the organ's seal; only its keepers come here, by the step that numbers."""
    if organ.seal_id is None:
        return None
    with scope.elevated("the seal is pressed by the step that numbers, after its guards"):
        kept = File.objects.get(pk=organ.seal_id)
    with store().open(kept.sha256) as source:
        return Seal(image=source.read(), width=float(organ.seal_mm))


def by_own_template(instrument: Instrument, made: Paper) -> Filled | None:
    return next((found for fill in _own if (found := fill(instrument, made))), None)


def issue(instrument: Instrument, organ: Organ, *, actor: Actor) -> dict[str, File]:
    """
    The documents as files of the instrument, and what of them the record keeps besides.

    Without the PDF where an own template wrote the Word document, whose look no second writer would hit, and where this
    deployment sets no pages.
    """
    made = paper(instrument, organ, seal=seal_of(organ) if instrument.sealed else None)
    instrument.issued = issued_sheet(made, sealed=instrument.sealed)
    if own := by_own_template(instrument, made):
        instrument.template_digest = own.template
        return {"docx": _keep(instrument, own.docx, "docx", actor)}
    found = {"docx": _keep(instrument, word.write(made), "docx", actor)}
    with contextlib.suppress(NoPdf):
        found["pdf"] = _keep(instrument, pdf.write(made), "pdf", actor)
    return found


def _keep(instrument: Instrument, source: bytes, form: str, actor: Actor) -> File:
    facts: dict[str, Any] = {
        "kind": "document",
        "name": f"{kind_of(instrument).zh}-{instrument.number}.{form}"[:120],
        "media_type": MIMES[form],
        "size": len(source),
        "sha256": store().put(source),
    }
    return File.objects.create(
        id=new_id(),
        **facts,
        uploader_id=actor.person,
        uploaded_at=clock.now(),
        subject_type="instrument",
        subject_id=instrument.pk,
        purpose="instrument",
    )
