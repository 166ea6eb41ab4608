"""What is heard from upstream: a verified report that was answered may earn something."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.kernel.citysettings import value
from anlan.kernel.events import hears
from anlan.kernel.timeline import state_words
from anlan.reports.beside import owes_by, rewards_by
from anlan.reports.events import ReportAnswered
from anlan.rewards import rulings
from anlan.rewards.actions.proposing import propose_for
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reward
from anlan.rewards.states import OPEN, TAKEN


@hears(ReportAnswered)
def propose_reward(event: ReportAnswered) -> None:
    if event.report.outcome == "verified" and value(rulings.AUTOMATIC.key, event.report.region):
        propose_for(event.report)


@owes_by
def owed_to(seals: Iterable[UUID]) -> Iterable[UUID]:
    """Who is still to be paid, or may be: what was proposed, and what contradicts itself whatever its state."""
    rows = Reward.objects.filter(Q(state__in=OPEN) | Q(disputed=True), seal_id__in=list(seals))
    return rows.values_list("seal_id", flat=True)


@rewards_by
def rewards_of(seals: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What a reporter reads beside a report: only what was approved, for a proposal promises nothing."""
    rows = Reward.objects.filter(seal_id__in=list(seals), state__in=(*TAKEN, "lapsed"))
    return {
        row.seal_id: {"amount_fen": row.amount_fen, "state": row.state, "state_label": state_words(REWARD, row.state)}
        for row in rows
    }
