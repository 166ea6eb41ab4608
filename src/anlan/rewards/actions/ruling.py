"""Versions of the rules: those this release ships, brought in at every start."""

from typing import Any

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.rewards.computing import EVERYWHERE, data
from anlan.rewards.models import RewardRule

FACTS = (
    "zh", "en", "grade", "formula", "amount_fen", "share_permille", "least_fen", "most_fen", "employee_uplift_permille",
    "to_day", "basis", "evidence",
)  # fmt: skip


def load_rules() -> int:
    """Bring the shipped rules to this release; what a city added stays. Returns how many changed."""
    with scope.acting(SYSTEM):
        return sum(_load(one) for one in data()["rules"])


def _load(stated: dict[str, Any]) -> bool:
    region, code, day = stated.get("region", EVERYWHERE), stated["code"], stated["from_day"]
    row = RewardRule.objects.filter(region=region, code=code, from_day=day).first()
    facts = {name: stated[name] for name in FACTS if name in stated} | {"categories": stated.get("categories", [])}
    changes = {
        name: [getattr(row, name, None), value] for name, value in facts.items() if getattr(row, name, None) != value
    }
    if row is not None and not changes:
        return False
    row = row or RewardRule(id=new_id(), region=region, code=code, from_day=day)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    write_note(actor=SYSTEM, subject_type="reward_rule", subject_id=row.pk, step="load_reward_rule", changes=changes)
    return True
