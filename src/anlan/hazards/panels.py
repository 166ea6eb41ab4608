"""What a risk point's page shows of hazards: those open there, and how often one came back."""

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from anlan.hazards.models import Hazard
from anlan.hazards.queries.filters import seen
from anlan.hazards.states import OPEN
from anlan.hazards.wording import state_view
from anlan.kernel.actor import Actor
from anlan.risks.models import RiskPoint

SHOWN = 5


def risk_point_panel(request: HttpRequest, point: RiskPoint) -> SafeString | None:
    """As far as the reader may see hazards: an enterprise sees those made known to it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return None
    rows = Hazard.objects.filter(seen(actor), risk_point=point)
    counts = rows.aggregate(
        total=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)), again=Sum("recurrence"),
        major=Count("pk", filter=Q(state__in=OPEN, grade="major")),
    )  # fmt: skip
    latest = [
        {"number": row.number, "url": reverse("hazards:record", args=[row.pk]), "words": row.description[:60],
         "state": state_view(row), "again": row.recurrence}
        for row in rows.order_by("-found_at", "-id")[:SHOWN]
    ]  # fmt: skip
    context = {"counts": counts | {"again": counts["again"] or 0}, "latest": latest}
    return SafeString(render_to_string("hazards/_risk_point_panel.html", context, request=request))
