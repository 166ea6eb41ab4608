"""The canonical sheet of a visit: what both sides sign, the same bytes on the phone and on the server."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from anlan.inspections.models import Answer, Finding, OnSite, Visit
from anlan.inspections.rules import WORKING, members_of
from anlan.kernel import scope
from anlan.registry.models import Enterprise
from anlan_verify import canonical


@dataclass(frozen=True)
class Sheet:
    facts: dict[str, Any]
    shown: bytes
    digest: str


def sheet(visit: Visit, *, summary: str | None = None, met: tuple[str, str, str] | None = None) -> Sheet:
    """As the record stands, or as it would stand with this summary and these people met."""
    answers = Answer.objects.filter(visit_id=visit.pk).values_list("item_id", "value", "remark")
    findings = Finding.objects.filter(visit_id=visit.pk, withdrawn="")
    found = findings.values_list("id", "place", "description", "clause_id", "major")
    measures = OnSite.objects.filter(visit_id=visit.pk).values_list("id", "kind", "words", "people")
    return made(
        {
            "answers": sorted([str(item), value, remark] for item, value, remark in answers),
            "enterprise": name_of(visit),
            "findings": sorted(
                [str(id_), place, words, str(clause) if clause else None, major]
                for id_, place, words, clause, major in found
            ),
            "met": list(met if met is not None else (visit.met_name, visit.met_title, visit.met_phone)),
            "number": visit.number,
            "officers": sorted(
                ([one.name, one.certificate] for one in members_of(visit) if one.role in WORKING), key=_as_on_the_phone
            ),
            "on_site": sorted([str(id_), kind, words, people] for id_, kind, words, people in measures),
            "summary": visit.summary if summary is None else summary,
            "visit": str(visit.pk),
        }
    )


def _as_on_the_phone(row: list[str]) -> list[bytes]:
    """JavaScript compares texts by their UTF-16 units."""
    return [one.encode("utf-16-be") for one in row]


def made(facts: dict[str, Any]) -> Sheet:
    shown = canonical.dumps(facts)
    return Sheet(facts=facts, shown=shown, digest=sha256(shown).hexdigest())


def name_of(visit: Visit) -> str:
    with scope.elevated("whoever sees a visit sees whom it visits"):
        return str(Enterprise.objects.values_list("name", flat=True).get(pk=visit.enterprise_id))
