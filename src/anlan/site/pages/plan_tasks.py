"""On the workbench: the items of campaigns' plans that wait for this post."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import PlanItem
from anlan.plans.queries.items import waiting_for
from anlan.plans.wording import LIMITS, state_view, target_words
from anlan.site.pages.access import address
from anlan.site.pages.words import due_view

SHOWN = 10


def section(actor: Actor) -> list[dict[str, Any]]:
    """Nothing where nothing waits: not every post has a part in a plan."""
    found = waiting_for(actor, limit=SHOWN)
    if not found:
        return []
    return [
        {
            "title": _("Items of the campaign plan that wait for you"),
            "rows": [_task(row, step) for row, step in found],
            "more": _more(actor, [row for row, _step in found]),
            "empty": "",
        }
    ]


def _more(actor: Actor, rows: list[PlanItem]) -> str:
    """The open items of one's own unit in the plan of the first; an office that verifies sees all that are open."""
    mine = f"&unit={actor.organisation}" if all(row.unit_id == actor.organisation for row in rows) else ""
    return address("plans:items", rows[0].plan_id, query=f"year={rows[0].year}&state=open{mine}")


def _task(row: PlanItem, step: str) -> dict[str, Any]:
    url = address("plans:item", row.pk)
    return {
        "url": url,
        "number": f"{row.code} · {row.number}",
        "place": row.unit_name,
        "description": row.name,
        "enterprise": row.plan.campaign.zh,
        "source": target_words(row),
        "finder": "",
        "found_at": row.created_at,
        "rectify_due": None,
        "state": state_view(row),
        "waits_for": "",
        "major": False,
        "due": due_view(row.due_at, since=row.state_since, label=str(LIMITS.get(row.state, ""))),
        "act": {"label": PLAN_ITEM.step(step).label, "url": f"{url}steps/{step}/", "panel": step != "report"},
    }
