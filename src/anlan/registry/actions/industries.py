"""The supervision fields shipped as data."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from anlan.registry.models import Industry


class BitMovedError(RuntimeError):
    """A field's bit places rows in every scope mask; it can never change."""


@cache
def shipped() -> dict[str, Any]:
    return tomllib.loads((files("anlan.registry") / "data" / "industries.toml").read_text(encoding="utf-8"))


def load_industries() -> int:
    """Add the fields that are missing; a city's own names and departments stay. The number of rows written."""
    stored = {row.code: row for row in Industry.objects.all()}
    written = 0
    for data in shipped()["industry"]:
        row = stored.get(data["code"])
        if row is None:
            Industry.objects.create(
                code=data["code"],
                zh=data["zh"],
                en=data["en"],
                bit=data["bit"],
                department=data["department"],
                criteria=data["criteria"],
                evidence=data.get("evidence", shipped()["evidence"]),
            )
            written += 1
        elif row.bit != data["bit"]:
            raise BitMovedError(f"{row.code} has bit {row.bit} in the database and {data['bit']} in the data")
        elif row.criteria != data["criteria"]:
            Industry.objects.filter(pk=row.pk).update(criteria=data["criteria"])
            written += 1
    return written
