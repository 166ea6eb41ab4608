"""Forms of sources: what they are, how bad they are, what holds them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.kernel.errors import Invalid
from anlan.kernel.pages import attempt, form_page
from anlan.risks import actions, queries
from anlan.risks.forms import AssessForm, RetireForm, control_form, source_form, whole
from anlan.risks.grading import Judgement, judge, methods
from anlan.risks.models import METHODS, HazardSource
from anlan.risks.pages.common import keeper_of, url_of
from anlan.risks.rulings import bands_of, months_of, tiers_of
from anlan.risks.wording import factors_words, risk_view, score_words, tier_words

both = require_http_methods(["GET", "POST"])


@both
def add(request: HttpRequest, point_id: UUID) -> HttpResponse:
    record = queries.point(point_id)
    actor = keeper_of(request, record)
    form = source_form(request.POST if request.method == "POST" else None)
    if form.is_bound:
        made = attempt(form, lambda sent: actions.add_source(actor=actor, point=point_id, data=sent))
        if made is not None:
            messages.success(request, _("“%(name)s” is added. Now assess it.") % {"name": made.name})
            return redirect("risks:assess", made.pk)
    return form_page(request, form, title=_("Add a hazard source"), submit_label=_("Add"), back_url=url_of(record))


@both
def edit(request: HttpRequest, source_id: UUID) -> HttpResponse:
    source = queries.source(source_id)
    actor = keeper_of(request, source.point)
    known = {"name": source.name, "description": source.description, "accidents": source.accidents}
    form = source_form(request.POST if request.method == "POST" else None, known)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.edit_source(actor=actor, source=source_id, data=whole(form, sent)))
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect(url_of(source.point_id))
    title = _("Change %(name)s") % {"name": source.name}
    return form_page(request, form, title=title, back_url=url_of(source.point_id))


@both
def retire(request: HttpRequest, source_id: UUID) -> HttpResponse:
    source = queries.source(source_id)
    actor = keeper_of(request, source.point)
    form = RetireForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.retire_source(actor=actor, source=source_id, data=sent))
        if done is not None:
            messages.success(request, _("The source is retired."))
            return redirect(url_of(source.point_id))
    return form_page(
        request, form, title=_("Retire %(name)s") % {"name": source.name}, submit_label=_("Retire"), submit_tone="danger",
        consequences=[_("The colour of the point is that of the worst source that is left.")],
        back_url=url_of(source.point_id),
    )  # fmt: skip


@both
def assess(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Nothing is saved before its result was shown: `shown` says which result the reader saw."""
    source = queries.source(source_id)
    actor = keeper_of(request, source.point)
    method = _method(request.POST.get("method") or request.GET.get("method", ""), source)
    form = AssessForm(method, request.POST if request.method == "POST" else None)
    result: dict[str, Any] | None = None
    if form.is_bound:
        judged = attempt(form, lambda sent: _judged(sent, source))
        if judged is not None:
            result = _result(judged, source)
            if request.POST.get("shown") == result["key"]:
                done = attempt(form, lambda sent: actions.assess(actor=actor, source=source_id, data=sent))
                if done is not None:
                    messages.success(request, _("Assessed: %(risk)s.") % {"risk": result["risk"]["label"]})
                    return redirect(url_of(source.point_id))
    return form_page(
        request, form, "risks/assess.html",
        title=_("Assess %(name)s") % {"name": source.name},
        source=source,
        method=method,
        tabs=[
            {"label": methods()[code].words if code in methods() else label, "active": code == method,
             "url": f"{reverse('risks:assess', args=[source.pk])}?method={code}"}
            for code, label in METHODS
        ],
        bands=_bands(method, source),
        letters=[form[letter] for letter in (form.method.letters if form.method else ())],
        rest=[form[name] for name in ("direct_reason", "assessed_on", "next_by", "remark")],
        result=result,
        preview_url=reverse("risks:assess-preview", args=[source.pk]),
        back_url=url_of(source.point_id),
    )  # fmt: skip


@require_GET
def preview(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The result while one chooses; a part that is missing yet is no fault."""
    source = queries.source(source_id)
    keeper_of(request, source.point)
    form = AssessForm(_method(request.GET.get("method", ""), source), request.GET)
    try:
        result = _result(_judged(form.payload(), source), source)
    except Invalid:
        result = None
    return render(request, "risks/_result.html", {"result": result})


def _method(asked: str, source: HazardSource) -> str:
    """The one asked for, else that of the last assessment."""
    if asked in dict(METHODS):
        return asked
    last = source.assessments.order_by("-at", "-id").first()
    return last.method if last else METHODS[0][0]


def _judged(data: dict[str, Any], source: HazardSource) -> Judgement:
    return judge(
        method=data.get("method", ""),
        factors=data["factors"],
        direct_reason=data.get("direct_reason", ""),
        region=source.point.region,
    )


def _result(judged: Judgement, source: HazardSource) -> dict[str, Any]:
    region = source.point.region
    sum_ = f"{factors_words(judged.factors)} = {score_words(judged.score)}" if judged.factors else ""
    return {
        "key": f"{judged.method}:{score_words(judged.score)}:{judged.colour}",
        "risk": risk_view(judged.colour),
        "sum": sum_,
        "direct": judged.direct,
        "tiers": " → ".join(tier_words(one) for one in tiers_of(judged.colour, region)),
        "months": months_of(judged.colour, region),
        "before": risk_view(source.colour),
    }


def _bands(method: str, source: HazardSource) -> list[dict[str, Any]]:
    if method not in methods():
        return []
    found, below = [], None
    for colour, low in bands_of(method, source.point.region):
        words = f"≥ {low:f}" if below is None else f"{low:f} ≤ … < {below:f}"
        found.append({"risk": risk_view(colour), "words": words if low else f"< {below:f}"})
        below = low
    return found


@both
def add_control(request: HttpRequest, source_id: UUID) -> HttpResponse:
    source = queries.source(source_id)
    actor = keeper_of(request, source.point)
    tiers = tiers_of(source.colour, source.point.region)
    initial = {"tier": tiers[0]} if tiers else {}
    form = control_form(source.point.enterprise_id, request.POST if request.method == "POST" else None, initial)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.add_control(actor=actor, source=source_id, data=sent))
        if done is not None:
            messages.success(request, _("The control is added."))
            return redirect(url_of(source.point_id))
    title = _("Add a control of “%(name)s”") % {"name": source.name}
    return form_page(request, form, title=title, submit_label=_("Add"), back_url=url_of(source.point_id))


@both
def edit_control(request: HttpRequest, control_id: UUID) -> HttpResponse:
    control = queries.control_of(control_id)
    point = control.source.point
    actor = keeper_of(request, point)
    known = {
        "kind": control.kind, "words": control.words, "tier": control.tier, "holder": control.holder_id or "",
        "holder_name": "" if control.holder_id else control.holder_name, "cycle": control.cycle,
    }  # fmt: skip
    form = control_form(point.enterprise_id, request.POST if request.method == "POST" else None, known)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.edit_control(actor=actor, control=control_id, data=whole(form, sent)))
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect(url_of(point))
    return form_page(request, form, title=_("Change a control"), back_url=url_of(point))


@both
def retire_control(request: HttpRequest, control_id: UUID) -> HttpResponse:
    control = queries.control_of(control_id)
    point = control.source.point
    actor = keeper_of(request, point)
    form = RetireForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.retire_control(actor=actor, control=control_id, data=sent))
        if done is not None:
            messages.success(request, _("The control is retired."))
            return redirect(url_of(point))
    return form_page(
        request, form, title=_("Retire a control"), intro=control.words, submit_label=_("Retire"), submit_tone="danger",
        back_url=url_of(point),
    )  # fmt: skip
