"""On an enterprise's page: its last visits and how much of the yearly cap is used."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from anlan.identity import roles
from anlan.inspections.models.visit import OVER
from anlan.inspections.queries.caps import cap_state
from anlan.inspections.queries.visits import last_of
from anlan.inspections.rules import PLANNERS
from anlan.inspections.wording import day_words, kind_words, state_view, style_words
from anlan.kernel import clock
from anlan.registry.models import Enterprise


def visits_panel(request: HttpRequest, enterprise: Enterprise) -> SafeString | None:
    """An enterprise sees what it may know of, and so does the count beside the cap."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.role not in roles.READERS:
        return None
    rows = last_of(enterprise.pk)
    context = {
        "rows": [
            {
                "url": reverse("inspections:visit", args=[row.pk]),
                "number": row.number,
                "day": day_words(row),
                "kind": kind_words(row.kind),
                "style": style_words(row.style),
                "state": state_view(row),
                "findings": row.findings_count,
                "over": row.state in OVER,
            }
            for row in rows
        ],
        "cap": cap_state(actor, enterprise, clock.today().year),
        "all_url": f"{reverse('inspections:visits')}?enterprise={enterprise.pk}",
        "plan_url": f"{reverse('inspections:plan')}?enterprise={enterprise.pk}" if actor.role in PLANNERS else "",
    }
    return SafeString(render_to_string("inspections/_panel.html", context, request=request))
