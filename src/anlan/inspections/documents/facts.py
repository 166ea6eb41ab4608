"""What the site record says, whatever it is written as. The fields follow the customary form [W]; the ministry's own is to be confirmed."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from anlan.files.actions import store
from anlan.files.models import File
from anlan.inspections.models import Visit
from anlan.inspections.paper import found_words, measure_line, paper, photo_words
from anlan.inspections.queries import visits as queries
from anlan.inspections.steps.recording import given
from anlan.inspections.wording import (
    kind_words,
    party_words,
    style_words,
    taken_on,
)
from anlan.kernel.ledger.read import newest_head
from anlan.kernel.phrases import listed, moment_words
from anlan.kernel.text import whole_address
from anlan.registry.queries import region_names


@dataclass(frozen=True, kw_only=True)
class Signature:
    party: str
    name: str
    at: str
    said: str
    """Of a refusal: its reason and its witnesses; of one taken on another member's device: whose."""
    drawing: bytes | None


@dataclass(frozen=True, kw_only=True)
class SiteRecord:
    title: str
    number: str
    body: str
    facts: list[tuple[str, str]]
    summary: str
    findings: list[str]
    answers: list[tuple[str, str, str, str]]
    measures: list[str]
    signatures: list[Signature]
    digest: str
    size: int
    code: str
    """What the QR code says: number, digest of the record, entries sealed in the ledger."""
    words: dict[str, str] = field(default_factory=dict)
    """The form's own words, translated."""


TITLES = {
    "administrative": lambda: _("Site inspection record"),
    "supervision": lambda: _("Supervision record"),
    "expert_help": lambda: _("Expert help record"),
}


def site_record(visit: Visit) -> SiteRecord:
    """Call with the language of the document active."""
    enterprise = queries.enterprises_of([visit])[visit.enterprise_id]
    site = queries.site_of(visit)
    bodies = queries.bodies_of([visit])
    place = region_names([visit.region]).get(visit.region, "")
    head = newest_head()
    size = head.size if head else 0
    signed = paper(visit)
    hazards = {str(one.pk): one.hazard_number for one in queries.findings_of(visit)}
    return SiteRecord(
        title=TITLES[visit.kind](),
        number=visit.number,
        body=listed(bodies.get(str(one), "") for one in [visit.organisation_id, *visit.joined] if one),
        facts=[
            (_("Enterprise"), signed.enterprise),
            (_("Unified social credit code"), enterprise.uscc),
            (_("Address"), whole_address(place, enterprise.address)),
            (_("Principal"), enterprise.principal_name),
            (_("Received by"), signed.met),
            (_("Place of the inspection"), site.name if site else whole_address(place, enterprise.address)),
            (_("From – to"), signed.when or f"{moment_words(visit.arrived_at)} – {moment_words(visit.left_at)}"),
            (_("Kind of visit"), signed.kind or kind_words(visit.kind)),
            (_("Style"), signed.style or style_words(visit.style)),
            (_("Formal basis"), signed.basis or visit.basis or "–"),
            (_("Officers and certificates"), listed(signed.officers)),
        ],
        summary=signed.summary,
        findings=[" ".join(filter(None, [found_words(one), hazards.get(one.id, "")])) for one in signed.findings],
        answers=[
            (one.code, one.text, one.words, " ".join(filter(None, [one.remark, photo_words(one.photos)])))
            for one in signed.answers
        ],
        measures=[measure_line(one) for one in signed.measures],
        signatures=[_signature(visit, one) for one in given(visit)],
        digest=visit.record_digest,
        size=size,
        code=f"ANLAN1 {visit.number} {visit.record_digest} {size}",
        words={
            "seen": _("What was seen"),
            "findings": _("Findings"),
            "nothing": _("Nothing found."),
            "answers": _("Checklist"),
            "item": _("Item"),
            "answer": _("What was answered"),
            "remark": _("Remark"),
            "measures": _("On the spot"),
            "signatures": _("Signatures"),
            "none": _("None."),
            "unsigned": _("Not signed yet."),
            "number": _("Number"),
            "digest": _("Digest of the record"),
            "sealed": _("Entries sealed in the ledger"),
        },
    )


def _signature(visit: Visit, one: Any) -> Signature:
    said = ""
    if one.refused:
        said = _("Refuses to sign: %(why)s") % {"why": one.reason}
        if one.witnesses:
            said = f"{said}；" + _("witnessed by %(who)s") % {"who": one.witnesses}
    if who := taken_on(visit, one):
        said = _("taken on %(who)s's device") % {"who": who}
    return Signature(
        party=party_words(one.party),
        name=" ".join(filter(None, [one.name, one.title])),
        at=moment_words(one.at),
        said=said,
        drawing=_drawing(one.drawing_id),
    )


def _drawing(file_id: Any) -> bytes | None:
    file = File.objects.filter(pk=file_id).first() if file_id else None
    if file is None or file.display_sha256 not in store():
        return None
    with store().open(file.display_sha256) as stream:
        return bytes(stream.read())
