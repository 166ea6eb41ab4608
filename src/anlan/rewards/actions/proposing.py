"""Proposing a reward, and every step officials take on it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, SYSTEM, Actor
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.numbering import next_number
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.reports.models import Report
from anlan.rewards import needs
from anlan.rewards.cases import seal_for
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reward

PREFIX, COUNTER = "JL", "reward"


def propose(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Reward:  # noqa: A002
    """
    Propose the reward of a report that was verified and answered; it goes to the first reporter alone, once.

    The result may be excluded: its computation then says why.
    """
    checked = parsed(needs.Propose, data)
    report = Report.objects.filter(pk=checked.report).first()
    if report is None:
        raise NotFound
    one_at_a_time(f"reward of {report.pk}")
    if report.outcome != "verified" or report.state != "answered":
        raise Invalid(fields={"report": [_("Only a report that was verified and answered earns a reward.")]})
    seal = seal_for(report)
    if seal is None:
        raise Invalid(fields={"report": [_("Nobody reported it: it has no seal.")]})
    with scope.elevated("a report is rewarded once, wherever that was done"):
        if Reward.objects.filter(report=report).exists():
            raise Conflict(_("A reward was proposed for this report already."), code="reward.exists")
    now = clock.now()
    reward = Reward(
        id=id or new_id(),
        number=next_number(PREFIX, COUNTER, region=report.region, year=clock.today().year),
        state="",
        state_since=now,
        report=report,
        seal_id=seal.pk,
        region=report.region,
        county=report.county,
        amount_fen=0,
        year=clock.today().year,
        created_at=now,
    )
    made: Reward = begin(REWARD, "propose", reward, actor=actor, data=checked)
    return made


def earns(report: Report) -> bool:
    """Whether a reward may be proposed for it: found true, answered, and somebody reported it."""
    return report.outcome == "verified" and report.state == "answered" and seal_for(report) is not None


def propose_for(report: Report) -> Reward | None:
    """The platform's own proposal when the answer to a verified report left; None when there is one already."""
    with scope.acting(SYSTEM):
        if Reward.objects.filter(report=report).exists() or seal_for(report) is None:
            return None
        return propose(actor=SYSTEM, data={"report": report.pk})


def take_step(
    *, actor: Actor, reward: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Reward:
    """Take any step officials take. What is approved is offered to the reporter at once."""
    if REWARD.has(step) and REWARD.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    found: Reward = take(REWARD, reward, step, actor=actor, data=data, version=version)
    if step == "approve":
        with scope.acting(CLOCK):
            found = take(REWARD, reward, "offer", actor=CLOCK)
    elif step == "stop":
        from anlan.rewards import jobs

        jobs.cancel_bill.defer(reward=str(reward))
    return found
