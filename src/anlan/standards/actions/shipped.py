"""Checklists shipped as data, put to use as editions of the city's office. What the city wrote itself is never overwritten."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import format_region
from anlan.standards.actions.checklists import create_checklist, draft_edition, fill_edition, take_step
from anlan.standards.models import Checklist, Clause, CriteriaList, Edition, LawClause
from anlan.standards.steps import PREDICATE


class UnknownClauseError(RuntimeError):
    """An item names a clause of a list that is loaded and does not have it."""


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """Every checklist of the data: its facts with its items."""
    folder = files("anlan.standards") / "data" / "checklists"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    found = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in names]
    return tuple(one["checklist"] | {"items": one["item"]} for one in found)


def load_checklists(*, region: int, since: date | None = None) -> int:
    """
    Publish what is shipped for a territory, from today or, for a demo with a past, from `since`; how many were published.

    A list whose newest edition the city wrote or withdrew, or on which it is at work, stays as it is.
    """
    with scope.acting(SYSTEM):
        clauses = _Clauses()
        known = {row.code: row for row in Checklist.objects.select_related("industry").filter(region=region)}
        return sum(_load(data, region, known, clauses, since) for data in shipped())


def _load(
    data: dict[str, Any], region: int, known: Mapping[str, Checklist], clauses: "_Clauses", since: date | None
) -> bool:
    code, version = f"{format_region(region)}-{data['code']}", data["version"]
    checklist = known.get(code)
    if checklist is not None and not _outdated(checklist, version):
        return False
    with transaction.atomic():
        if checklist is None:
            checklist = create_checklist(
                actor=SYSTEM,
                data={
                    "code": code,
                    "region": region,
                    **{name: data[name] for name in ("zh", "en", "industry", "campaign", "kinds") if name in data},
                },
            )
            _keep_by_office(checklist)
        edition = draft_edition(actor=SYSTEM, checklist=checklist.pk, shipped=version)
        fill_edition(actor=SYSTEM, edition=edition.pk, items=[clauses.item(one) for one in data["items"]])
        take_step(actor=SYSTEM, edition=edition.pk, step="review")
        take_step(actor=SYSTEM, edition=edition.pk, step="publish", data={"in_force_from": since})
    return True


def _outdated(checklist: Checklist, version: int) -> bool:
    newest = Edition.objects.filter(checklist=checklist).order_by("-number").first()
    if newest is None:
        return True
    return newest.state == "published" and newest.shipped is not None and newest.shipped < version


def _keep_by_office(checklist: Checklist) -> None:
    office = Organisation.objects.filter(region=checklist.region, kind="committee", active=True).first()
    if office is not None:
        checklist.organisation_id, checklist.organisation_name = office.pk, office.name
        checklist.save(update_fields=["organisation_id", "organisation_name"])


class _Clauses:
    """Clauses by the names the data gives them: list/article/item, law/article."""

    def __init__(self) -> None:
        rows = Clause.objects.filter(superseded_in=None)
        self.criteria = {f"{row.criteria_id}/{row.article}/{row.item}": row.pk for row in rows}
        self.laws = {f"{row.law_id}/{row.article}": row.pk for row in LawClause.objects.filter(superseded_in=None)}
        self.loaded = set(CriteriaList.objects.filter(clauses_loaded=True).values_list("code", flat=True))

    def item(self, data: dict[str, Any]) -> dict[str, Any]:
        major, law = data.get("major"), data.get("law")
        if major and major not in self.criteria and major.split("/")[0] in self.loaded:
            raise UnknownClauseError(f"{data['code']}: {major}")
        if law and law not in self.laws:
            raise UnknownClauseError(f"{data['code']}: {law}")
        return {
            "code": data["code"],
            "group": data.get("group", ""),
            "zh": data["zh"],
            "en": data.get("en", ""),
            "method": data.get("method", ""),
            "evidence_asked": data.get("evidence", "none"),
            "weight": data.get("weight", 1),
            "law_clause": self.laws[law] if law else None,
            "basis": data.get("basis", ""),
            "major_clause": self.criteria.get(major) if major else None,
            "category": data.get("category", ""),
            **{name: data[key] for key, name in PREDICATE.items() if key in data},
        }
