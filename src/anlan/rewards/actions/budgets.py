"""What a territory may pay in a year."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.rewards import needs
from anlan.rewards.models import Budget
from anlan.rewards.rules import sets_budget
from anlan.rewards.steps import spoken_for


def set_budget(*, actor: Actor, region: int, data: BaseModel | dict[str, Any]) -> Budget:
    """Set or change a year's budget; never below what is promised already."""
    checked = parsed(needs.SetBudget, data)
    if not sets_budget(actor, region):
        raise Forbidden(_("Only the committee office of the territory sets its budget."))
    one_at_a_time(f"budget {region} {checked.year}")
    row = Budget.objects.select_for_update().filter(region=region, year=checked.year).first()
    old = row.fen if row else None
    row = row or Budget(id=new_id(), region=region, year=checked.year)
    with scope.elevated("what is promised from a budget"):
        promised = spoken_for(row) if old is not None else 0
    if checked.fen < promised:
        raise Invalid(
            fields={"fen": [_("%(yuan)s yuan of it are promised already.") % {"yuan": f"{promised / 100:.2f}"}]}
        )
    row.fen = checked.fen
    row.save()
    write_note(
        actor=actor,
        subject_type="reward_budget",
        subject_id=row.pk,
        step="set_budget",
        changes={"fen": [old, row.fen]},
        data={"region": region, "year": row.year, "basis": checked.basis},
        region=region,
    )
    return row
