"""What the enterprise does with what workers reported."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.identity.asking import reader_of
from anlan.kernel.errors import Forbidden
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page
from anlan.risks import actions, needs, queries, rules
from anlan.risks.pages.common import url_of


@require_POST
def hazard(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """To the page of a new finding, with what the report says and its photo."""
    actor = reader_of(request)
    report = queries.report(report_id)
    photo = actions.photo_for_hazard(actor=actor, report=report_id)
    asked = {"risk_point": report.point_id, "report": report.pk} | ({"photos": photo} if photo else {})
    return redirect(f"/hazards/new/?{urlencode(asked)}")


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, report_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    report = queries.report(report_id)
    if not rules.settles(actor, report.point):
        raise Forbidden
    form = InputForm(needs.Answer, request.POST if request.method == "POST" else None)
    if form.is_bound:
        done = attempt(form, lambda sent: actions.answer_report(actor=actor, report=report_id, data=sent))
        if done is not None:
            messages.success(request, _("The report is answered."))
            return redirect(url_of(report.point_id))
    return form_page(
        request, form, title=_("Answer the report"), intro=f"“{report.words}”", submit_label=_("Reply"),
        back_url=url_of(report.point_id),
    )  # fmt: skip
