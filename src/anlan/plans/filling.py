"""What a line says, as the fields of a row."""

from typing import Any

from anlan.identity.models import Organisation
from anlan.plans import needs
from anlan.plans.models import PlanItem
from anlan.plans.models.tree import Charged

WORDS = ("name", "partners", "method", "requirement", "target_text", "evidence", "key")
"""What may be put in better words while an item is under way; the rest is settled once it is given out."""
SETTLED = ("unit_name", "target", "target_unit", "starts_on", "due")


def facts_of(data: needs.PutLine, unit: Organisation | None) -> dict[str, Any]:
    """Field → value. A unit that is known stands by its own name."""
    return {
        **{name: getattr(data, name) for name in (*WORDS, "target", "starts_on", "due")},
        "target_unit": data.target_unit if data.target is not None else "",
        "measure": measure_of(data),
        "unit_id": unit.pk if unit else None,
        "unit_name": unit.name if unit else data.unit_name,
    }


def wanted(row: Charged, data: needs.PutLine, unit: Organisation | None) -> dict[str, Any]:
    """What a line may write into a row: of an item that was given out, its words alone."""
    if isinstance(row, PlanItem) and row.state not in ("", "planned"):
        return {name: getattr(data, name) for name in WORDS} | {"measure": measure_of(data)}
    return facts_of(data, unit)


def fill(row: Charged, data: needs.PutLine, unit: Organisation | None) -> bool:
    """Whether anything changed. An item lies where its unit does."""
    facts = wanted(row, data, unit)
    changed = any(getattr(row, name) != value for name, value in facts.items())
    for name, value in facts.items():
        setattr(row, name, value)
    if unit is not None and "unit_id" in facts and isinstance(row, PlanItem):
        row.region = unit.region
    return changed


def giver(item: PlanItem, unit: Organisation | None) -> int:
    """
    Whose office gives and verifies: the sub-plan's. What that office must do itself is verified by the one that keeps the plan, for
    nobody finds their own work in order.
    """
    region = item.sub_plan.region
    own = unit is not None and unit.kind == "committee" and unit.region == region
    return item.plan.region if own else region


def measure_of(data: needs.PutLine) -> str:
    if data.target is not None:
        return "number"
    if data.target_text:
        return "document"
    return "date" if data.due else "none"
