"""On an enterprise's page: what citizens reported of it and was found true."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from anlan.registry.models import Enterprise
from anlan.reports.pages.common import url_of
from anlan.reports.queries.office import of_enterprise
from anlan.reports.rules import READERS
from anlan.reports.wording import state_view


def reports_panel(request: HttpRequest, enterprise: Enterprise) -> SafeString | None:
    """For officials; an enterprise reads of its hazards, never of reports."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.role not in READERS:
        return None
    rows, total = of_enterprise(actor, enterprise.pk)
    if not rows:
        return None
    context = {
        "rows": [
            {
                "url": url_of(row),
                "number": row.number,
                "words": row.words,
                "state": state_view(row),
                "at": row.reported_at,
                "hazard": row.hazard_number,
            }
            for row in rows
        ],
        "total": total,
        "all_url": f"{reverse('reports:list')}?enterprise={enterprise.pk}",
    }
    return SafeString(render_to_string("reports/_panel.html", context, request=request))
