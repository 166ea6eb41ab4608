"""The routing table: its lines in order with what each takes, kept by the desk and tried over past reports before it is saved."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page, read_version
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_id
from anlan.kernel.wording import parsed
from anlan.registry.queries import industry_names, region_choices, region_names
from anlan.reports.models import Category, Rule
from anlan.reports.pages.common import url_of
from anlan.reports.pages.desk import desk_actor
from anlan.reports.pages.desk_shapes import unit_names
from anlan.reports.sorting import table as verbs
from anlan.reports.sorting.routing import Routed
from anlan.reports.sorting.trying import PAST, Tally, Tried, past, standing, tallies, try_line

SHOWN = 12


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    actor = desk_actor(request)
    own, higher = verbs.rules_of(actor)
    counted, nobody = tallies(past(actor), standing(actor))
    total = sum(one.took for one in counted.values()) + nobody
    shown = [*own, *higher]
    places = region_names({one.region for one in shown})
    context = {
        "title": _("Routing rules"),
        "rows": [_row(one, places, counted.get(one.pk), last=at == len(own) - 1, first=at == 0) for at, one in enumerate(own)],
        "higher": [_row(one, places, counted.get(one.pk)) for one in higher],
        "faults": sum(one.active and not one.unit.active for one in shown),
        "figures": [
            {"label": _("Past reports tried"), "value": total, "words": _("the newest %(n)s at most") % {"n": PAST}},
            {"label": _("A line takes"), "value": total - nobody, "tone": "accent"},
            {"label": _("Left to the desk"), "value": nobody, "words": _("no line fits")},
            {"label": _("Ended with the line's unit"), "value": _percent(counted), "words": _("of those that were sent")},
        ],
    }  # fmt: skip
    return render(request, "reports/sorting/rules.html", context)


def _percent(counted: dict[UUID, Tally]) -> str:
    settled = sum(one.settled for one in counted.values())
    return f"{round(100 * sum(one.right for one in counted.values()) / settled)} %" if settled else "–"


def _row(
    rule: Rule, places: dict[int, str], tally: Tally | None, *, first: bool = True, last: bool = True
) -> dict[str, Any]:
    return {
        "rule": rule,
        "category": in_tongue(rule.category) if rule.category else "",
        "industry": in_tongue(rule.industry) if rule.industry else "",
        "place": places.get(rule.region, str(rule.region)),
        "unit": rule.unit.name,
        "fault": rule.active and not rule.unit.active,
        "took": tally.took if tally else 0,
        "right": round(100 * tally.right / tally.settled) if tally and tally.settled else None,
        "url": reverse("reports:rule", args=[rule.pk]),
        "first": first,
        "last": last,
    }


def rule_form(actor: Actor, data: Any = None, initial: dict[str, Any] | None = None) -> InputForm:
    anything = ("", _("any"))
    kinds = [anything, *((one.code, in_tongue(one)) for one in Category.objects.filter(active=True))]
    options: dict[str, Any] = {
        "category": kinds,
        "industry": [anything, *industry_names().items()],
        "region": [(str(code), name) for code, name in region_choices(actor)],
        "unit": [("", "—"), *((str(one.pk), one.name) for one in verbs.units_for(actor))],
    }
    form = InputForm(verbs.RuleInput, data, initial=initial or {"region": str(actor.region or "")}, options=options)
    for name, choices in options.items():
        form.fields[name].widget = forms.Select(choices=choices)
    return form


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = desk_actor(request)
    form = rule_form(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(form, lambda sent: verbs.add_rule(actor=actor, data=sent))
        if made is not None:
            messages.success(request, _("The line was added at the end of the table."))
            return redirect("reports:rules")
    return _page(request, form, title=_("Add a routing rule"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    actor = desk_actor(request)
    rule = _rule(actor, rule_id)
    initial = {
        "category": rule.category_id or "",
        "region": str(rule.region),
        "industry": rule.industry_id or "",
        "unit": str(rule.unit_id),
        "remark": rule.remark,
    }
    form = rule_form(actor, request.POST if request.method == "POST" else None, initial)
    if request.method == "POST":
        version = read_version(request)
        kept = attempt(form, lambda sent: verbs.change_rule(actor=actor, rule=rule_id, data=sent, version=version))
        if kept is not None:
            messages.success(request, _("The line was changed."))
            return redirect("reports:rules")
    version_shown = request.POST.get("version", rule.version)
    return _page(request, form, title=_("Change the routing rule"), rule=rule, version=version_shown)


def _page(request: HttpRequest, form: InputForm, **context: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        "reports/sorting/rule.html",
        back_url=reverse("reports:rules"),
        try_url=reverse("reports:rules-try"),
        **context,
    )


def _rule(actor: Actor, rule_id: UUID) -> Rule:
    found = Rule.objects.filter(pk=rule_id).first()
    if found is None or not actor.covers(found.region):
        raise NotFound
    return found


@require_POST
def move(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    actor = desk_actor(request)
    by = -1 if request.POST.get("by") == "-1" else 1
    verbs.move_rule(actor=actor, rule=rule_id, by=by, version=read_version(request))
    return redirect(f"{reverse('reports:rules')}#rule-{rule_id}")


@require_POST
def switch(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    actor = desk_actor(request)
    active = request.POST.get("active") == "1"
    verbs.set_active(actor=actor, rule=rule_id, active=active, version=read_version(request))
    messages.success(request, _("The line counts again.") if active else _("The line is switched off."))
    return redirect(f"{reverse('reports:rules')}#rule-{rule_id}")


@require_POST
def try_part(request: HttpRequest) -> HttpResponse:
    """What the line that is being written would do; nothing is saved."""
    actor = desk_actor(request)
    form = rule_form(actor, request.POST)
    try:
        data = parsed(verbs.RuleInput, form.payload())
    except Invalid as wrong:
        reasons = [str(one) for fields in wrong.fields.values() for one in fields]
        return render(request, "reports/sorting/_tried.html", {"wrong": reasons or [wrong.detail]})
    found = try_line(actor, data, instead_of=read_id(request.POST.get("rule")))
    return render(request, "reports/sorting/_tried.html", {"tried": _tried(found)})


def _tried(found: Tried) -> dict[str, Any]:
    rows = found.changed[:SHOWN]
    ends = {one.line.unit for row in rows for one in (row.now, row.then) if one.line}
    names = unit_names(ends | {row.report.unit_id for row in rows if row.report.unit_id})

    def to(routed: Routed) -> str:
        return names.get(routed.line.unit, "") if routed.line else _("the desk")

    return {
        "total": found.total,
        "takes": found.takes,
        "changes": len(found.changed),
        "settled": found.settled,
        "right_now": found.right_now,
        "right_then": found.right_then,
        "rows": [
            {
                "number": one.report.number,
                "url": url_of(one.report),
                "words": " ".join(one.report.words.split())[:60],
                "now": to(one.now),
                "then": to(one.then),
                "really": names.get(one.report.unit_id, "") if one.report.unit_id else "",
                "right": one.really,
            }
            for one in rows
        ],
        "more": max(0, len(found.changed) - SHOWN),
    }
