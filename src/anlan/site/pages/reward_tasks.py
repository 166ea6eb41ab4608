"""The workbench of a finance officer: what waits for a decision, and sums that reconcile with the budget."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.forms import yuan
from anlan.kernel.timeline import state_words
from anlan.rewards import queries
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reward
from anlan.rewards.wording import LIMITS, state_view, way_words
from anlan.site.pages.access import address
from anlan.site.pages.words import due_view


def finance(actor: Actor) -> dict[str, Any]:
    year = clock.today().year
    alarms = queries.alarms(actor, limit=1)
    buttons = (
        ("rewards:list", _("Rewards"), "list-check"),
        ("rewards:reconciliation", _("Reconciliation"), "scale"),
        ("rewards:budget", _("Budget"), "chart-bar"),
    )
    return {
        "notices": [_("A payment contradicts itself. Look at the reconciliation before anything else.")]
        if alarms
        else [],
        "figures": [
            {
                "label": state_words(REWARD, one.state),
                "value": f"{one.count:,}",
                "words": _("%(yuan)s yuan") % {"yuan": f"{one.fen / 100:,.2f}"},
                "url": address("rewards:list", query=f"state={one.state}&year={year}"),
            }
            for one in queries.sums(actor, year)
        ],
        "sections": [
            {
                "title": _("Waits for you"),
                "rows": [_task(row, step) for row, step in queries.waiting_for(actor)],
                "more": address("rewards:list", query="state=proposed"),
                "empty": _("Nothing waits for you."),
            }
        ],
        "buttons": [{"url": address(name), "label": label, "icon": icon} for name, label, icon in buttons],
    }


def _task(row: Reward, step: str) -> dict[str, Any]:
    url = address("rewards:record", row.pk)
    return {
        "url": url,
        "number": row.number,
        "place": _("%(yuan)s yuan") % {"yuan": yuan(row.amount_fen)},
        "description": row.report.words,
        "enterprise": row.report.number,
        "source": way_words(row.way),
        "finder": "",
        "found_at": row.created_at,
        "rectify_due": None,
        "state": state_view(row),
        "waits_for": "",
        "major": False,
        "due": due_view(row.due_at, since=row.state_since, label=str(LIMITS.get(row.state, ""))),
        "act": {"label": REWARD.step(step).label, "url": f"{url}steps/{step}/", "panel": True},
    }
