"""Loading the criteria shipped as data. Safe to run at every start; writes only what is new."""

from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.write import write_note
from anlan.standards.models import Clause, CriteriaList
from anlan.standards.shipped import shipped

NAMESPACE = UUID("6f1c2f0e-7a53-4c1e-9d0c-5a7f0c1e2b3d")
_REMARKS = ("date_note", "items_note", "note", "in_force_to_note", "replaces", "replaced_by", "companion", "number_en")
_PLACING = ("industry", "trade", "special", "process", "condition", "exceptions", "topic")


class ClauseChangedError(RuntimeError):
    """The words of a loaded clause differ from the data, and the data does not say that it is a later version."""


def load_criteria() -> int:
    """Bring lists and clauses to the data of this release; the number of lists that changed."""
    stored = {row.code: row for row in CriteriaList.objects.all()}
    clauses: dict[str, dict[tuple[str, int], Clause]] = {}
    for clause in Clause.objects.filter(superseded_in=None):
        clauses.setdefault(clause.criteria_id, {})[clause.article, clause.item] = clause
    return sum(_load_list(data, stored.get(data["id"]), clauses.get(data["id"], {})) for data in shipped())


def _load_list(data: dict[str, Any], row: CriteriaList | None, clauses: dict[tuple[str, int], Clause]) -> bool:
    before = row.data_version if row else 0
    facts = _facts(data)
    items = {
        (str(item["article"]), int(item["item"])): _clause(data, place, item)
        for place, item in enumerate(data["items"])
    }
    if row and facts["data_version"] < before:
        return False  # an older release runs beside a newer one
    differing = [key for key in clauses if key not in items or items[key] != _stored(clauses[key])]
    if differing and facts["data_version"] <= before:
        named = ", ".join(f"{article}.{item}" for article, item in differing)
        raise ClauseChangedError(
            f"{data['id']}: the words of {named} differ from what is loaded and may be cited already."
            f" Raise [document] version above {before}."
        )
    fresh = [key for key in items if key not in clauses or key in differing]
    if row and not fresh and not differing and all(getattr(row, name) == value for name, value in facts.items()):
        return False
    with transaction.atomic():
        row, _made = CriteriaList.objects.update_or_create(code=data["id"], defaults=facts)
        gone = [clauses[key].pk for key in differing]
        Clause.objects.filter(pk__in=gone).update(superseded_in=row.data_version)
        made = Clause.objects.bulk_create(
            Clause(criteria=row, article=key[0], item=key[1], edition=row.data_version, **items[key]) for key in fresh
        )
        _note(row, added=len(made), superseded=len(gone))
    return True


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "zh": data["zh"],
        "en": data["en"],
        "number": data["number"],
        "issuer": data.get("issuer", ""),
        "in_force_from": data.get("in_force_from"),
        "in_force_to": data.get("in_force_to"),
        "item_count": data.get("item_count"),
        "evidence": data["evidence"],
        "industries": data["industry"],
        "source": data.get("source", ""),
        "clauses_loaded": data["clauses_loaded"],
        "data_version": data.get("version", 1),
        "remarks": {key: data[key] for key in _REMARKS if key in data},
    }


def _clause(data: dict[str, Any], place: int, item: dict[str, Any]) -> dict[str, Any]:
    placing = {key: item[key] for key in _PLACING if key in item}
    return {
        "place": place,
        "zh": item["zh"],
        "en": item["en"],
        "keywords": item["keywords"],
        "scope": placing | {"article": data["articles"].get(str(item["article"]), {})},
        "evidence": item["evidence"],
    }


def _stored(clause: Clause) -> dict[str, Any]:
    return {name: getattr(clause, name) for name in ("place", "zh", "en", "keywords", "scope", "evidence")}


def _note(row: CriteriaList, *, added: int, superseded: int) -> None:
    data = {"code": row.code, "version": row.data_version, "added": added, "superseded": superseded}
    with scope.acting(SYSTEM):
        write_note(
            actor=SYSTEM,
            subject_type="criteria",
            subject_id=uuid5(NAMESPACE, row.code),
            step="load_criteria",
            region=settings.ANLAN_CITY,
            data=data | {"number": row.number, "from": row.in_force_from, "to": row.in_force_to},
        )
