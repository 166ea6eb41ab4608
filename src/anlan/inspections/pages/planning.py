"""Planning: one visit by hand, or many alike by filter or by pasted credit codes."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from anlan.inspections.actions.visit import plan_visit, plan_visits
from anlan.inspections.forms import ANY, industry_choices, plan_form
from anlan.inspections.pages.common import actor_of, form_page, url_of
from anlan.inspections.rules import PLANNERS
from anlan.kernel.actor import Actor
from anlan.kernel.codes import CodeError, parse_region, tidy
from anlan.kernel.errors import Forbidden, Invalid
from anlan.registry.models import Enterprise
from anlan.registry.queries import Filters, enterprises, region_choices

MOST = 100
"""Enterprises planned in one go: each is checked by itself, all are planned or none."""


def _planner(request: HttpRequest) -> Actor:
    actor = actor_of(request)
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
        "form": form,
        "submit_label": _("Plan a visit"),
        "back_url": reverse("inspections:visits"),
        "columns": 2,
        "draft": "visit-plan",
    }
    return form_page(request, "inspections/plan.html", context)


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
    chosen = _ids(request.POST.getlist("enterprises")) if planning else [one.pk for one in found]
    rows = [Row(enterprise=one, chosen=one.pk in chosen, reasons=[]) for one in found]
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
        "form": form,
        "choosing": choosing,
        "rows": rows,
        "unknown": unknown,
        "most": MOST,
        "back_url": reverse("inspections:visits"),
        "submit_label": _("Plan these visits"),
    }
    return form_page(request, "inspections/plan_many.html", context)


def _found(actor: Actor, asked: Any) -> tuple[list[Enterprise], list[str]]:
    """The enterprises of the filter or of the pasted codes, and the codes that nobody here has."""
    codes = list(dict.fromkeys(filter(None, map(tidy, re.split(r"[\s,;，；]+", str(asked.get("codes") or ""))))))[:MOST]
    if codes:
        rows = {row.uscc: row for row in Enterprise.objects.filter(uscc__in=codes).exclude(status="closed")}
        return [rows[code] for code in codes if code in rows], [code for code in codes if code not in rows]
    filters = Filters(
        words=str(asked.get("q") or "").strip()[:100],
        region=_region(str(asked.get("region") or "")),
        industry=str(asked.get("industry") or ""),
        status="active",
    )
    if not (filters.words or filters.region or filters.industry):
        return [], []
    return enterprises(actor, filters, limit=MOST).rows, []


def _region(text: str) -> int | None:
    try:
        return parse_region(text) if text else None
    except CodeError:
        return None


def _ids(values: list[str]) -> list[UUID]:
    found = []
    for one in values[:MOST]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


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
