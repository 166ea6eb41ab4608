"""
The canonical sheet of a visit: what both sides sign, the same bytes on the phone and on the server.

It is live until the record is closed; from then on the very bytes of that round are kept (`RecordedSheet`) and answered for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from anlan.files.models import File
from anlan.inspections.models import Answer, Finding, OnSite, RecordedSheet, Visit
from anlan.inspections.rules import WORKING, members_of
from anlan.kernel import scope
from anlan.registry.models import Enterprise
from anlan_verify import canonical

FORM = 2
"""The first form had no time, kind, style, category, photo or end of a measure; what was signed in it is still read."""
Met = tuple[str, str, str]


@dataclass(frozen=True)
class Sheet:
    facts: dict[str, Any]
    shown: bytes
    digest: str


def sheet(visit: Visit, *, summary: str | None = None, met: Met | None = None, left: datetime | None = None) -> Sheet:
    """As the visit stands, or as its record would stand with these words, people met and time of leaving."""
    answers = list(Answer.objects.filter(visit_id=visit.pk))
    findings = list(Finding.objects.filter(visit_id=visit.pk, withdrawn=""))
    digests = photo_digests([*files_of(answers), *files_of(findings)])

    def photos(files: list[str]) -> list[str]:
        return sorted({digests[one] for one in files})

    return made(
        {
            "answers": _by(
                "item",
                (
                    {"item": str(one.item_id), "photos": photos(one.files), "remark": one.remark, "value": one.value}
                    for one in answers
                ),
            ),
            "arrived": minute(visit.arrived_at),
            "basis": visit.basis,
            "check": visit.check_kind,
            "enterprise": name_of(visit),
            "findings": _by(
                "id",
                (
                    {
                        "category": one.category,
                        "clause": _id(one.clause_id),
                        "description": one.description,
                        "id": str(one.pk),
                        "item": _id(one.item_id),
                        "major": one.major,
                        "photos": photos(one.files),
                        "place": one.place,
                        "risk_point": _id(one.risk_point_id),
                    }
                    for one in findings
                ),
            ),
            "form": FORM,
            "kind": visit.kind,
            "left": minute(visit.left_at if left is None else left),
            "met": list(met if met is not None else (visit.met_name, visit.met_title, visit.met_phone)),
            "number": visit.number,
            "officers": _officers(visit),
            "on_site": _by(
                "id",
                (
                    {
                        "finding": _id(one.finding_id),
                        "id": str(one.pk),
                        "kind": one.kind,
                        "people": one.people,
                        "until": one.until.isoformat() if one.until else None,
                        "words": one.words,
                    }
                    for one in OnSite.objects.filter(visit_id=visit.pk)
                ),
            ),
            "style": visit.style,
            "summary": visit.summary if summary is None else summary,
            "visit": str(visit.pk),
        }
    )


def standing(visit: Visit) -> Sheet:
    """What is signed: of a closed record the bytes that were kept, of an open one the sheet as it is now."""
    if not visit.record_digest:
        return sheet(visit)
    kept = RecordedSheet.objects.filter(visit_id=visit.pk, round=visit.round).first()
    if kept is None:
        return _first_form(visit)  # closed before sheets were kept
    shown = kept.shown.encode()
    return Sheet(facts=canonical.loads(shown), shown=shown, digest=sha256(shown).hexdigest())


def keep(visit: Visit, shown: Sheet, at: datetime) -> None:
    """For good, with the round it belongs to: signatures name its digest."""
    row = RecordedSheet(
        visit=visit, round=visit.round, form=shown.facts["form"], shown=shown.shown.decode(), digest=shown.digest, at=at
    )
    RecordedSheet.objects.bulk_create([row])


def made(facts: dict[str, Any]) -> Sheet:
    shown = canonical.dumps(facts)
    return Sheet(facts=facts, shown=shown, digest=sha256(shown).hexdigest())


def minute(moment: datetime | None) -> str:
    """The minute a time lies in, as the form writes it; seconds would differ between two clocks that agree."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else ""


def photo_digests(files: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each photo's original by the photo's id: what the phone named it by, and what the server found in its bytes."""
    wanted = set(files)
    if not wanted:
        return {}
    with scope.elevated("whoever sees a visit sees which photos it has"):
        return {str(pk): digest for pk, digest in File.objects.filter(pk__in=wanted).values_list("pk", "sha256")}


def files_of(rows: Iterable[Answer] | Iterable[Finding]) -> list[str]:
    return [file for row in rows for file in row.files]


def name_of(visit: Visit) -> str:
    with scope.elevated("whoever sees a visit sees whom it visits"):
        return str(Enterprise.objects.values_list("name", flat=True).get(pk=visit.enterprise_id))


def _id(value: Any) -> str | None:
    return str(value) if value else None


def _by(name: str, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row[name])


def _officers(visit: Visit) -> list[list[str]]:
    return sorted(
        ([one.name, one.certificate] for one in members_of(visit) if one.role in WORKING), key=_as_on_the_phone
    )


def _as_on_the_phone(row: list[str]) -> list[bytes]:
    """JavaScript compares texts by their UTF-16 units."""
    return [one.encode("utf-16-be") for one in row]


def _first_form(visit: Visit) -> Sheet:
    answers = Answer.objects.filter(visit_id=visit.pk).values_list("item_id", "value", "remark")
    findings = Finding.objects.filter(visit_id=visit.pk, withdrawn="")
    found = findings.values_list("id", "place", "description", "clause_id", "major")
    measures = OnSite.objects.filter(visit_id=visit.pk).values_list("id", "kind", "words", "people")
    return made(
        {
            "answers": sorted([str(item), value, remark] for item, value, remark in answers),
            "enterprise": name_of(visit),
            "findings": sorted(
                [str(id_), place, words, _id(clause), major] for id_, place, words, clause, major in found
            ),
            "met": [visit.met_name, visit.met_title, visit.met_phone],
            "number": visit.number,
            "officers": _officers(visit),
            "on_site": sorted([str(id_), kind, words, people] for id_, kind, words, people in measures),
            "summary": visit.summary,
            "visit": str(visit.pk),
        }
    )
