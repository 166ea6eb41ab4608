"""Who answers for a place, a field and an enterprise on a day: one question to the database."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from anlan.kernel.codes import ancestors

ORDER = (
    ("committee", "director_party"),
    ("committee", "director_government"),
    ("territorial", "leader"),
    ("territorial", "lead"),
    ("territorial", "officer"),
    ("sector", "leader"),
    ("sector", "lead"),
    ("sector", "cooperate"),
    ("sector", "officer"),
    ("principal", "principal"),
    ("principal", "safety_manager"),
)
EXPECTED = frozenset(
    {
        ("committee", "director_party"),
        ("committee", "director_government"),
        ("territorial", "lead"),
        ("sector", "leader"),
        ("sector", "lead"),
        ("principal", "principal"),
    }
)
"""Links that every record should have; one that nobody holds is told as missing."""
_COLUMNS = (
    "duty", "kind", "part", "region", "matter", "organisation", "title", "person", "phone", "basis", "evidence", "vacant",
)  # fmt: skip
_ASK = (
    "SELECT id, kind, part, region, matter, organisation, title, person, phone, basis, evidence, vacant"
    " FROM anlan_chain(%s::bigint[], %s::int, %s::uuid, %s::date)"
)


def chain_for(region: int, industry_bit: int, enterprise_id: UUID | None, day: date) -> list[dict[str, Any]]:
    """
    From the committee down to the enterprise: for each part the closest place that has a holder.

    `missing` marks a link nobody has, `vacant` one whose holder has left or whose organisation is closed. Plain values,
    so that a record can keep it as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [[region, *ancestors(region)], industry_bit, enterprise_id, day])
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        row["duty"] = str(row["duty"]) if row["duty"] else None
        found.setdefault((row["kind"], row["part"]), []).append(row | {"missing": False})
    chain = []
    for slot in ORDER:
        links = sorted(found.get(slot, []), key=lambda one: (one["matter"], one["organisation"], one["person"]))
        if not links and slot in EXPECTED and (slot[0] != "principal" or enterprise_id is not None):
            links = [_missing(*slot)]
        chain += links
    return chain


def _missing(kind: str, part: str) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(_COLUMNS, "")
    return empty | {"duty": None, "kind": kind, "part": part, "region": None, "vacant": False, "missing": True}
