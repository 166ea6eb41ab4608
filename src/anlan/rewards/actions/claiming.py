"""What the reporter does: claims, by account or by claim code. Asking again gives the same answer and no second bill."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.identity import citizens, roles
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.take import take
from anlan.kernel.wording import parsed
from anlan.reports import claims
from anlan.reports.models import Seal
from anlan.rewards import needs
from anlan.rewards.checks import present_bill
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reward
from anlan.rewards.rules import is_reporter

BY_CODE = Actor(role=roles.CITIZEN, name="citizen")
"""Whoever showed a claim code: nothing more is known of them."""


def claim(*, actor: Actor, reward: UUID, data: BaseModel | dict[str, Any]) -> Reward:
    """Claim an own reward. The openid is that of the account where one is known, whatever the phone says."""
    checked = parsed(needs.Claim, data)
    found = Reward.objects.filter(pk=reward).first()
    if found is None or not is_reporter(actor, found):
        raise NotFound
    if actor.person is not None and (known := citizens.known(actor.person)):
        with scope.elevated("the name under which the reward's own seal stands"):
            name = Seal.objects.values_list("name", flat=True).get(pk=found.seal_id)
        checked = checked.model_copy(update={"openid": known.openid or checked.openid, "name": checked.name or name})
    return _claim(actor, found, checked)


def claim_by_code(*, code: str, reward: UUID, data: BaseModel | dict[str, Any]) -> Reward:
    """Claim as somebody of whom only the claim code is known."""
    checked = parsed(needs.Claim, data)
    seal = claims.seal_of(code)
    with scope.acting(BY_CODE), scope.elevated("a claim code proves whoever shows it"):
        found = Reward.objects.filter(pk=reward, seal_id=seal.pk).first()
        if found is None:
            raise NotFound(_("There is no reward for this code."))
        return _claim(BY_CODE, found, checked)


def _claim(actor: Actor, reward: Reward, data: needs.Claim) -> Reward:
    from anlan.rewards import jobs

    if reward.state in ("paying", "paid"):
        return reward
    found: Reward = take(REWARD, reward.pk, "claim", actor=actor, data=data)
    bill = present_bill(found)
    if bill is not None and bill.way == "wechat":
        jobs.tend_bill.defer(number=bill.out_bill_no)
    return found
