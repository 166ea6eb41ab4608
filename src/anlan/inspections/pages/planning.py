"""Planning: one visit by hand, or many alike by filter or by pasted credit codes."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from anlan.identity.asking import reader_of
from anlan.inspections.actions.visit import plan_visit, plan_visits
from anlan.inspections.forms import ANY, industry_choices, plan_form
from anlan.inspections.pages.common import url_of
from anlan.inspections.queries.caps import CapState, cap_state, cap_states
from anlan.inspections.rules import PLANNERS
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import tidy
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.pages import form_page
from anlan.kernel.reading import read_ids, read_region
from anlan.registry.models import Enterprise
from anlan.registry.queries import Filters, enterprises, region_choices

MOST = 100
"""Enterprises planned in one go: each is checked by itself, all are planned or none."""


def _planner(request: HttpRequest) -> Actor:
    actor = reader_of(request)
    if actor.role not in PLANNERS:
        raise Forbidden
    return actor


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    actor = _planner(request)
    known = {key: one for key, one in request.GET.items() if key in ("enterprise", "planned_on", "kind")}
    form = plan_form(actor, request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST":
        try:
            visit = plan_visit(actor=actor, data=form.payload())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("Planned: %(number)s. Name who goes.") % {"number": visit.number})
            return redirect(url_of(visit))
    context = {
        "title": _("Plan a visit"),
        "submit_label": _("Plan a visit"),
        "back_url": reverse("inspections:visits"),
        "columns": 2,
        "draft": "visit-plan",
        "cap": _cap(actor, request.POST if request.method == "POST" else known),
    }
    return form_page(request, form, "inspections/plan.html", **context)


@require_GET
def cap(request: HttpRequest) -> HttpResponse:
    """How much of its cap the chosen enterprise has used, shown while one plans."""
    context = {"cap": _cap(_planner(request), request.GET), "planning": True}
    return render(request, "inspections/_cap.html", context)


def _cap(actor: Actor, asked: Any) -> CapState | None:
    """Of an administrative inspection only: nothing else is capped."""
    if asked.get("kind") not in (None, "", "administrative"):
        return None
    firm = Enterprise.objects.filter(pk__in=read_ids([str(asked.get("enterprise") or "")])).first()
    if firm is None:
        return None
    day = str(asked.get("planned_on") or "")[:4]
    year = int(day) if day.isascii() and day.isdigit() and len(day) == len("2026") else clock.today().year
    return cap_state(actor, firm, year) if MINYEAR < year < MAXYEAR else None


class Choosing(forms.Form):
    """Which enterprises: by filter, or by credit codes one a line."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=100)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    industry = forms.ChoiceField(label=gettext_lazy("Supervision field"), required=False)
    codes = forms.CharField(
        label=gettext_lazy("Credit codes, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
        fields["industry"].choices = [ANY, *industry_choices(actor)]


@dataclass
class Row:
    """An enterprise that may be planned, and why not if it was refused."""

    enterprise: Enterprise
    cap: CapState
    chosen: bool
    reasons: list[str]


@require_http_methods(["GET", "POST"])
def plan_many(request: HttpRequest) -> HttpResponse:
    actor = _planner(request)
    asked = request.POST if request.method == "POST" else request.GET
    choosing = Choosing(actor, asked)
    found, unknown = _found(actor, asked)
    planning = request.method == "POST" and "plan" in request.POST
    form = plan_form(actor, request.POST if planning else None, many=True)
    chosen = read_ids(request.POST.getlist("enterprises")[:MOST]) if planning else [one.pk for one in found]
    caps = cap_states(actor, found, clock.today().year)
    rows = [Row(enterprise=one, cap=caps[one.pk], chosen=one.pk in chosen, reasons=[]) for one in found]
    if planning:
        try:
            made = plan_visits(actor=actor, enterprises=chosen, data=form.payload())
        except Invalid as wrong:
            _refuse(form, rows, chosen, wrong)
        else:
            messages.success(request, _("%(n)s visits are planned. Name who goes.") % {"n": len(made)})
            return redirect(f"{reverse('inspections:visits')}?state=planned&mine=1")
    context = {
        "title": _("Plan for many"),
        "choosing": choosing,
        "rows": rows,
        "unknown": unknown,
        "most": MOST,
        "back_url": reverse("inspections:visits"),
        "submit_label": _("Plan these visits"),
    }
    return form_page(request, form, "inspections/plan_many.html", **context)


def _found(actor: Actor, asked: Any) -> tuple[list[Enterprise], list[str]]:
    """The enterprises of the filter or of the pasted codes, and the codes that nobody here has."""
    codes = list(dict.fromkeys(filter(None, map(tidy, re.split(r"[\s,;，；]+", str(asked.get("codes") or ""))))))[:MOST]
    if codes:
        rows = {row.uscc: row for row in Enterprise.objects.filter(uscc__in=codes).exclude(status="closed")}
        return [rows[code] for code in codes if code in rows], [code for code in codes if code not in rows]
    filters = Filters(
        words=str(asked.get("q") or "").strip()[:100],
        region=read_region(asked.get("region")),
        industry=str(asked.get("industry") or ""),
        status="active",
    )
    if not (filters.words or filters.region or filters.industry):
        return [], []
    return enterprises(actor, filters, limit=MOST).rows, []


def _refuse(form: Any, rows: list[Row], chosen: list[UUID], wrong: Invalid) -> None:
    """What holds for one enterprise is said at its row; what is alike for all at the form's field."""
    by_id = {row.enterprise.pk: row for row in rows}
    at_form: dict[str, list[Any]] = {}
    for path, reasons in wrong.fields.items():
        head, *rest = path.split(".")
        if head != "enterprises" or not rest:
            at_form[path] = reasons
            continue
        row = by_id.get(chosen[int(rest[0])])
        if row is not None:
            row.reasons.extend(str(reason) for reason in reasons)
        field = rest[1] if len(rest) > 1 else ""
        if field in form.fields and field not in ("cap_exception", "apart"):
            at_form.setdefault(field, reasons)
    form.refuse(Invalid(_("Nothing is planned: some enterprises cannot be visited like this."), fields=at_form))
