"""Loading the laws shipped as data, as the criteria are: safe at every start, words that were cited never change."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.db import transaction

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.write import write_note
from anlan.standards.actions.criteria import NAMESPACE, ClauseChangedError
from anlan.standards.models import Law, LawClause

_FACTS = ("kind", "zh", "en", "number", "issuer", "evidence", "source")
_WORDS = ("zh", "en", "keywords", "evidence")


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    text = (files("anlan.standards") / "data" / "laws.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["law"])


def load_laws() -> int:
    """Bring laws and their clauses to the data of this release; the number of laws that changed."""
    stored = {row.code: row for row in Law.objects.all()}
    clauses: dict[str, dict[str, LawClause]] = {}
    for clause in LawClause.objects.filter(superseded_in=None):
        clauses.setdefault(clause.law_id, {})[clause.article] = clause
    return sum(_load(data, stored.get(data["code"]), clauses.get(data["code"], {})) for data in shipped())


def _load(data: dict[str, Any], row: Law | None, clauses: dict[str, LawClause]) -> bool:
    facts = _facts(data)
    before = row.data_version if row else 0
    if row and facts["data_version"] < before:
        return False  # an older release runs beside a newer one
    wanted = {
        str(one["article"]): {"place": place, **{name: one[name] for name in _WORDS}}
        for place, one in enumerate(data.get("clause", []))
    }
    differing = [key for key, clause in clauses.items() if key not in wanted or wanted[key] != _stored(clause)]
    if differing and facts["data_version"] <= before:
        raise ClauseChangedError(
            f"{data['code']}: the words of {', '.join(differing)} differ from what is loaded and may be cited already."
            f" Raise version above {before}."
        )
    fresh = [key for key in wanted if key not in clauses or key in differing]
    if row and not fresh and not differing and all(getattr(row, name) == value for name, value in facts.items()):
        return False
    with transaction.atomic():
        row, _made = Law.objects.update_or_create(code=data["code"], defaults=facts)
        LawClause.objects.filter(pk__in=[clauses[key].pk for key in differing]).update(superseded_in=row.data_version)
        LawClause.objects.bulk_create(
            LawClause(law=row, article=key, edition=row.data_version, **wanted[key]) for key in fresh
        )
        _note(row, added=len(fresh), superseded=len(differing))
    return True


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data.get(name, "") for name in _FACTS} | {
        "in_force_from": data.get("in_force_from"),
        "in_force_to": data.get("in_force_to"),
        "industries": data.get("industries", []),
        "data_version": data.get("version", 1),
    }


def _stored(clause: LawClause) -> dict[str, Any]:
    return {name: getattr(clause, name) for name in ("place", *_WORDS)}


def _note(row: Law, **counts: int) -> None:
    # A law has no UUID, so a stable one stands for it.
    with scope.acting(SYSTEM):
        write_note(
            actor=SYSTEM,
            subject_type="law",
            subject_id=uuid5(NAMESPACE, f"law/{row.code}"),
            step="load_law",
            data={"law": row.code, "version": row.data_version} | counts,
            region=settings.ANLAN_CITY,
        )
