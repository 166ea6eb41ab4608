"""On a report's page: the reward it earned, or where to propose one."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from anlan.kernel.actor import Actor
from anlan.reports.beside import panel_by
from anlan.reports.models import Report
from anlan.rewards.actions.proposing import earns
from anlan.rewards.models import Reward
from anlan.rewards.pages.common import url_of
from anlan.rewards.rules import PROPOSERS, READERS
from anlan.rewards.wording import state_view


@panel_by
def reward_panel(request: HttpRequest, report: Report) -> SafeString | None:
    """For those who have business with money alone; whoever looked on the spot learns nothing of what it earned."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.role not in READERS:
        return None
    context: dict[str, Any] = {}
    if row := Reward.objects.filter(report=report.pk).first():
        context = {"url": url_of(row), "number": row.number, "state": state_view(row), "fen": row.amount_fen}
    elif actor.role in PROPOSERS and actor.covers(report.region) and earns(report):
        context = {"propose_url": reverse("rewards:propose", args=[report.pk])}
    return SafeString(render_to_string("rewards/_panel.html", context, request=request)) if context else None
