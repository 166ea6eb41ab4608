"""What the site record says, whatever it is written as. The fields follow the customary form [W]; the ministry's own is to be confirmed."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from anlan.files.actions import store
from anlan.files.models import File
from anlan.inspections import beside
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Visit
from anlan.inspections.queries import visits as queries
from anlan.inspections.rules import WORKING, members_of
from anlan.inspections.steps.recording import given
from anlan.inspections.wording import (
    answer_words,
    kind_words,
    listed,
    measure_words,
    moment_words,
    party_words,
    taken_on,
)
from anlan.kernel.ledger.read import newest_head
from anlan.registry.queries import region_names
from anlan.standards.rules import citation


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
    going = [one for one in members_of(visit) if one.role in WORKING]
    head = newest_head()
    size = head.size if head else 0
    names = beside.categories()
    return SiteRecord(
        title=TITLES[visit.kind](),
        number=visit.number,
        body=listed(bodies.get(str(one), "") for one in [visit.organisation_id, *visit.joined] if one),
        facts=[
            (_("Enterprise"), enterprise.name),
            (_("Unified social credit code"), enterprise.uscc),
            (_("Address"), f"{place}{enterprise.address}"),
            (_("Principal"), enterprise.principal_name),
            (_("Received by"), " ".join(filter(None, [visit.met_name, visit.met_title]))),
            (_("Phone"), visit.met_phone or enterprise.principal_phone),
            (_("Place of the inspection"), site.name if site else f"{place}{enterprise.address}"),
            (_("From – to"), f"{moment_words(visit.arrived_at)} – {moment_words(visit.left_at)}"),
            (_("Kind of visit"), kind_words(visit.kind)),
            (_("Formal basis"), visit.basis or "–"),
            (
                _("Officers and certificates"),
                listed(f"{one.name}（{one.certificate}）" if one.certificate else one.name for one in going),
            ),
        ],
        summary=visit.summary,
        findings=[_finding(one, names) for one in queries.findings_of(visit) if not one.withdrawn],
        answers=_answers(visit),
        measures=[
            " ".join(filter(None, [
                f"{measure_words(one.kind)}：{one.words}",
                _("(%(n)s people)") % {"n": one.people} if one.people is not None else "",
            ]))
            for one in queries.on_site_of(visit)
        ],
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
            "answer": _("Answer"),
            "remark": _("Remark"),
            "measures": _("On the spot"),
            "signatures": _("Signatures"),
            "none": _("None."),
            "unsigned": _("Not signed yet."),
            "number": _("Number"),
            "digest": _("Digest of the record"),
            "sealed": _("Entries sealed in the ledger"),
        },
    )  # fmt: skip


def _finding(one: Any, names: dict[str, str]) -> str:
    parts = [f"{one.place}：{one.description}"]
    if one.category:
        parts.append(f"[{names.get(one.category, one.category)}]")
    if one.major and one.clause:
        parts.append(_("(proposed as major by %(clause)s)") % {"clause": citation(one.clause)})
    if one.hazard_number:
        parts.append(one.hazard_number)
    return " ".join(parts)


def _answers(visit: Visit) -> list[tuple[str, str, str, str]]:
    answers = queries.answers_of(visit)
    found = []
    for item in items_of_visit(visit):
        answer = answers.get(item.pk)
        found.append(
            (item.code, item.zh, answer_words(answer.value) if answer else "–", answer.remark if answer else "")
        )
    return found


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
