"""Alerts: what the records say that somebody should act on, each with its rows and the instrument that comes next."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from anlan.enforcement import thresholds
from anlan.enforcement.kinds import kinds
from anlan.enforcement.pages.common import issuing, url_of
from anlan.enforcement.pages.listing import ANY, views
from anlan.enforcement.queries.alerts import SORTS, Alert, Line, alerts, counted
from anlan.enforcement.rules import DRAFTERS
from anlan.kernel.actor import Actor
from anlan.kernel.reading import read_id, read_region
from anlan.registry.queries import region_choices, region_names

SHOWN = 12
"""Rows behind one alert that are shown; all are counted."""
NAMES = {
    "closure": gettext_lazy("Closure may be asked for"),
    "key": gettext_lazy("Key inspection: punished again and again"),
    "repeat": gettext_lazy("The same major hazard again"),
    "recheck": gettext_lazy("Order past due without recheck"),
}
BASES = {
    "closure": thresholds.CLOSURE_COUNT,
    "key": thresholds.KEY_COUNT,
    "repeat": thresholds.REPEAT_COUNT,
    "recheck": thresholds.ORDER_GRACE,
}


class FilterForm(forms.Form):
    sort = forms.ChoiceField(
        label=gettext_lazy("Kind of alert"), required=False, choices=[ANY, *((code, NAMES[code]) for code in SORTS)]
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = issuing(request)
    found = alerts(
        actor, region=read_region(request.GET.get("region")), enterprise=read_id(request.GET.get("enterprise"))
    )
    counts = counted(found)
    wanted = request.GET.get("sort", "")
    if wanted in NAMES:
        found = [one for one in found if one.sort == wanted]
    context = {
        "title": _("Alerts"),
        "views": views(actor, "alerts"),
        "filter_form": FilterForm(actor, request.GET or None),
        "figures": [_figure(request, sort, counts[sort]) for sort in SORTS],
        "groups": [_group(actor, sort, [one for one in found if one.sort == sort]) for sort in SORTS],
        "none": not found,
    }
    return render(request, "enforcement/alerts.html", context)


def _figure(request: HttpRequest, sort: str, count: int) -> dict[str, Any]:
    kept = {"sort": sort} | {key: one for key, one in request.GET.items() if key == "region" and one}
    return {
        "label": NAMES[sort],
        "value": f"{count:,}",
        "url": f"{reverse('enforcement:alerts')}?{urlencode(kept)}",
        "tone": "late" if count and sort in ("closure", "recheck") else "",
    }


def _group(actor: Actor, sort: str, found: list[Alert]) -> dict[str, Any]:
    basis = BASES[sort]
    return {
        "name": NAMES[sort],
        "basis": basis.basis or _("Set by the city."),
        "mark": basis.evidence,
        "alerts": shown(actor, found),
    }


def shown(actor: Actor, found: list[Alert]) -> list[dict[str, Any]]:
    """As the page and the cards of other records show them."""
    places = region_names(one.region for one in found)
    return [
        {
            "sort": NAMES[one.sort],
            "addressee": one.addressee,
            "url": reverse("registry:enterprise", args=[one.enterprise]) if one.enterprise else "",
            "place": places.get(one.region, ""),
            "words": words(one),
            "lines": [_line(line) for line in one.lines[:SHOWN]],
            "more": max(len(one.lines) - SHOWN, 0),
            "offers": offers(one) if actor.role in DRAFTERS else [],
        }
        for one in found
    ]


def words(one: Alert) -> str:
    """The figure that met its threshold."""
    facts = {"count": one.count, "needed": one.needed, "days": one.days}
    if one.sort == "recheck":
        return (
            ngettext(
                "%(count)s working day past due; no recheck is on its way.",
                "%(count)s working days past due; no recheck is on its way.",
                one.count,
            )
            % facts
        )
    if one.sort == "repeat":
        return _("%(count)s times in %(days)s days (alert from %(needed)s).") % facts
    if one.sort == "closure":
        return _("%(count)s penalties in %(days)s days (alert from %(needed)s), and a major hazard is open.") % facts
    return _("%(count)s penalties in %(days)s days (alert from %(needed)s).") % facts


def offers(one: Alert) -> list[dict[str, Any]]:
    """The instruments that may come next: each opens its draft, filled from these rows."""
    asked = {"alert": one.sort, "enterprise": str(one.enterprise or "")}
    if one.after:
        asked["after"] = str(one.after)
    base = reverse("enforcement:new")
    return [{"label": kinds()[code].label, "url": f"{base}?{urlencode(asked | {'kind': code})}"} for code in one.offers]


def _line(line: Line) -> dict[str, Any]:
    url = url_of(line.id) if line.model == "instrument" else reverse("hazards:record", args=[line.id])
    return {"number": line.number, "url": url, "words": line.words, "day": line.day}
