"""The kinds of report shipped as data."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from anlan.registry.models import Industry
from anlan.reports.models import Category


@cache
def shipped() -> dict[str, Any]:
    return tomllib.loads((files("anlan.reports") / "data" / "categories.toml").read_text(encoding="utf-8"))


def load_categories() -> int:
    """Add the kinds that are missing; a city's own words, days and order stay. The number of rows written."""
    known = set(Category.objects.values_list("code", flat=True))
    fields = set(Industry.objects.values_list("code", flat=True))
    made = [
        Category(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            hint_zh=row["hint_zh"],
            hint_en=row["hint_en"],
            icon=row["icon"],
            industry_id=row["industry"] if row["industry"] in fields else None,
            hazard_category=row["hazard_category"],
            verify_days=row["verify_days"],
            handle_days=row["handle_days"],
            place=place,
            evidence=row.get("evidence", shipped()["evidence"]),
        )
        for place, row in enumerate(shipped()["category"], start=1)
        if row["code"] not in known
    ]
    Category.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
