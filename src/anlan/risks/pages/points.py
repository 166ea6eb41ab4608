"""Forms of points, units and sources' own facts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.identity.asking import reader_of
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page
from anlan.risks import actions, needs, queries, rules
from anlan.risks.forms import RetireForm, point_form, whole
from anlan.risks.models import RiskUnit
from anlan.risks.pages.common import keeper_of, url_of

both = require_http_methods(["GET", "POST"])


@both
def register(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    if not rules.keeps_points(actor):
        raise Forbidden
    posted = request.POST if request.method == "POST" else None
    form = point_form(actor, posted, enterprise=request.GET.get("enterprise", ""))
    if posted is not None:
        made = attempt(form, lambda sent: actions.register_point(actor=actor, data=sent))
        if made is not None:
            messages.success(request, _("Registered as %(number)s. Now add its sources.") % {"number": made.number})
            return redirect(url_of(made))
    return form_page(
        request, form, columns=2, title=_("Register risk point"), submit_label=_("Register"), draft="risk-point-new",
        back_url=reverse("risks:points"),
    )  # fmt: skip


@both
def edit(request: HttpRequest, point_id: UUID) -> HttpResponse:
    record = queries.point(point_id)
    actor = keeper_of(request, record)
    posted = request.POST if request.method == "POST" else None
    form = point_form(actor, posted, record=record)
    if posted is not None:
        done = attempt(form, lambda sent: actions.edit_point(actor=actor, point=point_id, data=whole(form, sent)))
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect(url_of(point_id))
    title = _("Change %(name)s") % {"name": record.name}
    return form_page(request, form, columns=2, title=title, back_url=url_of(record))


@both
def retire(request: HttpRequest, point_id: UUID) -> HttpResponse:
    record = queries.point(point_id)
    actor = keeper_of(request, record)
    form = RetireForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.retire_point(actor=actor, point=point_id, data=sent))
        if done is not None:
            messages.success(request, _("The risk point is retired."))
            return redirect(url_of(point_id))
    return form_page(
        request, form, title=_("Retire %(name)s") % {"name": record.name}, submit_label=_("Retire"), submit_tone="danger",
        consequences=[
            _("It leaves the lists and the map; its notice no longer opens."),
            _("Its record, assessments and history stay; its hazards stay open."),
        ],
        back_url=url_of(record),
    )  # fmt: skip


@both
def rename_unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    unit = RiskUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    actor = reader_of(request)
    if not rules.keeps(actor, unit):
        raise Forbidden
    posted: Any = request.POST if request.method == "POST" else None
    form = InputForm(needs.Unit, posted, initial={"name": unit.name})
    back = f"{reverse('risks:points')}?enterprise={unit.enterprise_id}"
    if form.is_bound:
        done = attempt(form, lambda sent: actions.rename_unit(actor=actor, unit=unit_id, data=sent))
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect(back)
    return form_page(request, form, title=_("Rename the risk unit"), back_url=back)
