"""The signed sheet in words: one reading of its facts for the signing page and for the site record, whichever form it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from anlan.inspections import beside
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Visit
from anlan.inspections.sheet import Sheet, standing
from anlan.inspections.wording import (
    answer_words,
    check_words,
    kind_words,
    measure_words,
    style_words,
)
from anlan.kernel import scope
from anlan.kernel.phrases import listed, moment_words
from anlan.risks.models import RiskPoint
from anlan.standards.models import Clause, Item
from anlan.standards.rules import citation

FIRST_FORM = {
    "answers": ("item", "value", "remark"),
    "findings": ("id", "place", "description", "clause", "major"),
    "on_site": ("id", "kind", "words", "people"),
}
"""What each column of the first form's rows is called in the second."""
SHOWN_OF_A_DIGEST = 16


@dataclass(frozen=True, kw_only=True)
class Answered:
    code: str
    text: str
    value: str
    words: str
    remark: str
    photos: list[str]


@dataclass(frozen=True, kw_only=True)
class Found:
    id: str
    place: str
    words: str
    category: str
    major: bool
    clause: str
    item: str
    risk_point: str
    photos: list[str]


@dataclass(frozen=True, kw_only=True)
class Measure:
    kind: str
    words: str
    people: int | None
    until: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    number: str
    enterprise: str
    when: str
    kind: str
    style: str
    basis: str
    met: str
    officers: list[str]
    summary: str
    answers: list[Answered]
    findings: list[Found]
    measures: list[Measure]
    digest: str


def paper(visit: Visit) -> Paper:
    """Of the sheet as it stands; what its form did not hold is empty, and taken from nowhere else."""
    return read(visit, standing(visit))


def read(visit: Visit, sheet: Sheet) -> Paper:
    facts = sheet.facts
    answers, findings, measures = (_rows(facts, name) for name in FIRST_FORM)
    items = {str(one.pk): one for one in items_of_visit(visit)}
    categories = beside.categories()
    clauses = _clauses(row["clause"] for row in findings)
    points = _points(row.get("risk_point") for row in findings)
    places = {row["id"]: row["place"] for row in findings}

    return Paper(
        number=facts["number"],
        enterprise=facts["enterprise"],
        when=" – ".join(filter(None, (_moment(facts.get(name, "")) for name in ("arrived", "left")))),
        kind=" · ".join(filter(None, (kind_words(facts.get("kind", "")), check_words(facts.get("check", ""))))),
        style=style_words(facts.get("style", "")),
        basis=facts.get("basis", ""),
        met=" ".join(filter(None, facts["met"])),
        officers=[f"{name}（{certificate}）" if certificate else name for name, certificate in facts["officers"]],
        summary=facts["summary"],
        answers=_answers({row["item"]: row for row in answers}, items),
        findings=[
            Found(
                id=row["id"],
                place=row["place"],
                words=row["description"],
                category=categories.get(row.get("category", ""), row.get("category", "")),
                major=row["major"],
                clause=clauses.get(row["clause"] or "", ""),
                item=items[row["item"]].code if row.get("item") in items else "",
                risk_point=points.get(row.get("risk_point") or "", ""),
                photos=row.get("photos", []),
            )
            for row in findings
        ],
        measures=[
            Measure(
                kind=measure_words(row["kind"]),
                words=row["words"],
                people=row["people"],
                until=row.get("until") or "",
                because=places.get(row.get("finding") or "", ""),
            )
            for row in measures
        ],
        digest=sheet.digest,
    )


def _rows(facts: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows: list[Any] = facts[name]
    return [row if isinstance(row, dict) else dict(zip(FIRST_FORM[name], row, strict=True)) for row in rows]


def _answers(answers: dict[str, dict[str, Any]], items: dict[str, Item]) -> list[Answered]:
    """As the checklist has them, also what was left out; the sheet itself sorts by id."""
    found = []
    for pk in dict.fromkeys([*items, *answers]):
        row, item = answers.get(pk, {}), items.get(pk)
        found.append(
            Answered(
                code=item.code if item else "",
                text=item.zh if item else pk,
                value=row.get("value", ""),
                words=answer_words(row["value"]) if row else "–",
                remark=row.get("remark", ""),
                photos=row.get("photos", []),
            )
        )
    return found


def _moment(text: str) -> str:
    return moment_words(datetime.fromisoformat(text)) if text else ""


def _clauses(ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {one for one in ids if one}
    rows = Clause.objects.select_related("criteria").filter(pk__in=wanted) if wanted else ()
    return {str(one.pk): citation(one) for one in rows}


def _points(ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {UUID(one) for one in ids if one}
    if not wanted:
        return {}
    with scope.elevated("whoever sees a visit sees the risk points of whom it visits"):
        return {str(pk): name for pk, name in RiskPoint.objects.filter(pk__in=wanted).values_list("pk", "name")}


def photo_words(digests: list[str]) -> str:
    """So many photos, and by which bytes they are known."""
    if not digests:
        return ""
    marks = listed(one[:SHOWN_OF_A_DIGEST] for one in digests)
    return _("%(n)s photos (SHA-256 %(marks)s)") % {"n": len(digests), "marks": marks}


def found_words(one: Found) -> str:
    """A finding in one line, as the site record prints it."""
    parts = [f"{one.place}：{one.words}"]
    if one.category:
        parts.append(f"[{one.category}]")
    if one.major:
        parts.append(_("(proposed as major by %(clause)s)") % {"clause": one.clause})
    elif one.clause:
        parts.append(_("(by %(clause)s)") % {"clause": one.clause})
    if one.item:
        parts.append(_("Item %(code)s") % {"code": one.item})
    if one.risk_point:
        parts.append(_("Risk point: %(name)s") % {"name": one.risk_point})
    return " ".join([*parts, photo_words(one.photos)]).strip()


def measure_line(one: Measure) -> str:
    parts = [f"{one.kind}：{one.words}"]
    if one.people is not None:
        parts.append(_("(%(n)s people)") % {"n": one.people})
    if one.until:
        parts.append(_("until %(day)s") % {"day": one.until})
    if one.because:
        parts.append(_("because of the finding “%(place)s”") % {"place": one.because})
    return " ".join(parts)
