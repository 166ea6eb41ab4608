"""Instruments on the workbench: what waits for a post, with its next step, and how many alerts its territory has."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.models import Instrument
from anlan.enforcement.queries.alerts import alerts, counted
from anlan.enforcement.queries.waiting import waiting_for
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.wording import due_view, name_of, state_view
from anlan.kernel.actor import Actor
from anlan.site.pages.access import address


def sections(actor: Actor) -> list[dict[str, Any]]:
    """None where nothing waits: many posts seldom have anything to do with instruments."""
    rows = waiting_for(actor)
    if not rows:
        return []
    return [
        {
            "title": _("Instruments that wait for you"),
            "rows": [_task(row, step) for row, step in rows],
            "more": address("enforcement:list", query="state=open"),
            "empty": "",
        }
    ]


def _task(row: Instrument, step: str) -> dict[str, Any]:
    url = address("enforcement:record", row.pk)
    return {
        "url": url,
        "number": name_of(row, kind_of(row)),
        "place": row.addressee,
        "description": kind_of(row).label,
        "enterprise": row.source_number,
        "state": state_view(row),
        "due": due_view(row),
        "act": {"label": INSTRUMENT.step(step).label, "url": f"{url}steps/{step}/", "panel": True},
    }


def alert_links(actor: Actor) -> list[dict[str, Any]]:
    """One link to the alerts, when there are any."""
    counts = counted(alerts(actor))
    if not any(counts.values()):
        return []
    words = (
        _("%(closure)s may be closed, %(key)s for key inspection, %(repeat)s repeated, %(recheck)s without recheck")
        % counts
    )
    return [{"url": address("enforcement:alerts"), "label": _("Alerts"), "words": words, "icon": "gavel"}]
