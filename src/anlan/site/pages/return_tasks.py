"""The workbench's section of monthly returns: to fill in, to review, to lock."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.campaigns.models import Return
from anlan.campaigns.pages.common import due_view, state_view, title_of
from anlan.campaigns.queries.listing import waiting_for
from anlan.kernel.actor import Actor
from anlan.kernel.phrases import in_tongue
from anlan.site.pages.access import address

SHOWN = 8
PAGES = {"fill": "campaigns:fill", "review": "campaigns:review", "lock": "campaigns:return"}


def returns(actor: Actor) -> list[dict[str, Any]]:
    """Nothing at all for those whom no return waits for."""
    found = waiting_for(actor)
    if not found:
        return []
    return [
        {
            "title": _("Monthly returns that wait for you"),
            "rows": [_task(row, step) for row, step in found[:SHOWN]],
            "more": address("campaigns:mine"),
            "empty": "",
        }
    ]


def _task(row: Return, step: str) -> dict[str, Any]:
    labels = {"fill": _("Fill in"), "review": _("Review"), "lock": _("Lock")}
    return {
        "url": address("campaigns:return", row.pk),
        "number": f"{row.month:%Y-%m}",
        "place": title_of(row),
        "description": row.reason if row.state == "returned" else in_tongue(row.campaign),
        "enterprise": "",
        "source": "",
        "finder": "",
        "found_at": row.created_at,
        "rectify_due": None,
        "state": state_view(row),
        "waits_for": "",
        "major": False,
        "due": due_view(row),
        "act": {"label": labels[step], "url": address(PAGES[step], row.pk), "panel": False},
    }
